// SPDX-License-Identifier: Apache-2.0
#include "tests/register/files.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

namespace akgate::sandbox {
namespace {

constexpr std::string_view kEnding = ".json";

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Error cannot(const char* verb, const std::filesystem::path& path, const char* why) {
  return Error(std::string("cannot ") + verb + " " + path.string() + ": " + why);
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
  const File file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) {
    return cannot("read", path, std::strerror(errno));
  }
  std::string text;
  std::array<char, 4096> part{};
  while (const auto got = std::fread(part.data(), 1, part.size(), file.get())) {
    text.append(part.data(), got);
  }
  if (std::ferror(file.get()) != 0) {
    return cannot("read", path, std::strerror(errno));
  }
  return text;
}

Status write_file(const std::filesystem::path& path, std::string_view text) {
  auto fresh = path;
  fresh += ".new";
  File file(std::fopen(fresh.c_str(), "wb"), std::fclose);
  if (!file) {
    return cannot("write", fresh, std::strerror(errno));
  }
  std::error_code failed;
  std::filesystem::permissions(
      fresh, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failed);
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  const bool closed = std::fclose(file.release()) == 0;
  if (!written || !closed) {
    return cannot("write", fresh, std::strerror(errno));
  }
  std::filesystem::rename(fresh, path, failed);
  if (failed) {
    return cannot("write", path, failed.message().c_str());
  }
  return Done{};
}

Result<Folder> Folder::open(std::filesystem::path path) {
  if (!path.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed) {
      return cannot("make the directory", path, failed.message().c_str());
    }
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
  }
  return Folder(std::move(path));
}

Status Folder::save(std::string_view name, std::string_view text) const {
  if (path_.empty()) {
    return Done{};
  }
  return write_file(path_ / (std::string(name) + std::string(kEnding)), text);
}

Status Folder::load(const std::function<Status(const std::string& text)>& take) const {
  if (path_.empty()) {
    return Done{};
  }
  std::error_code failed;
  std::filesystem::directory_iterator entry(path_, failed);
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    if (entry->path().extension() != kEnding) {
      continue;  // left behind by a write that was cut off
    }
    auto text = read_file(entry->path());
    if (!text) {
      return std::move(text).error();
    }
    if (auto taken = take(*text); !taken) {
      return std::move(taken).error().within(entry->path().string());
    }
  }
  return failed ? Status(cannot("read the directory", path_, failed.message().c_str())) : Done{};
}

}  // namespace akgate::sandbox
