// SPDX-License-Identifier: Apache-2.0
#include "cli/input_file.hpp"

#include <cstdio>
#include <memory>

namespace akgate {

namespace {

Result<std::string> read_whole(std::FILE* file, std::size_t at_most) {
  std::string text(at_most + 1, '\0');
  const std::size_t length = std::fread(text.data(), 1, text.size(), file);
  if (std::ferror(file) != 0) return Error("it cannot be read");
  if (length > at_most) return Error("it is larger than " + std::to_string(at_most) + " bytes");
  text.resize(length);
  return text;
}

}  // namespace

std::string input_name(std::string_view name) {
  return name == "-" ? "the standard input" : std::string(name);
}

Result<std::string> read_input(std::string_view name, std::size_t at_most) {
  struct Close {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };
  std::unique_ptr<std::FILE, Close> opened;
  if (name != "-") opened.reset(std::fopen(std::string(name).c_str(), "rb"));
  if (name != "-" && !opened) {
    return Error("cannot open " + input_name(name) + ": check its name and that you may read it");
  }
  Result<std::string> text = read_whole(opened ? opened.get() : stdin, at_most);
  if (!text) return std::move(text).error().within(input_name(name));
  return text;
}

}  // namespace akgate
