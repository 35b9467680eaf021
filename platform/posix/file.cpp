// SPDX-License-Identifier: Apache-2.0
#include "platform/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "base/text.hpp"
#include "platform/crypto.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

namespace {

static_assert(sizeof(off_t) == 8, "build with -D_FILE_OFFSET_BITS=64");

enum class Privacy : std::uint8_t { others_may_read, secret };

std::string octal(mode_t mode) {
  std::array<char, 8> digits{};
  static_cast<void>(std::snprintf(digits.data(), digits.size(), "%04o", mode & 07777U));
  return digits.data();
}

/// Why a file must not be relied on, as the end of a sentence that ends with a remedy; empty where
/// it may.
std::string objection(const struct stat& file, const std::string& path, Privacy privacy,
                      MaxBytes at_most) {
  if (!S_ISREG(file.st_mode)) return "it is no regular file; name one";
  const uid_t self = geteuid();
  if (file.st_uid != self && file.st_uid != 0) {
    return "it belongs to uid " + std::to_string(file.st_uid) + ", who may change it; run: chown " +
           std::to_string(self) + " " + path;
  }
  const std::string mode = " (mode " + octal(file.st_mode) + "); run: chmod ";
  if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return "others may write it" + mode + (privacy == Privacy::secret ? "600 " : "go-w ") + path;
  }
  // The service manager's credentials are root's and readable for us through an access list, which
  // shows as the group's right to read.
  const mode_t prying = file.st_uid == 0 ? S_IROTH : S_IROTH | S_IRGRP;
  if (privacy == Privacy::secret && (file.st_mode & prying) != 0) {
    return "others may read it" + mode + "600 " + path;
  }
  if (static_cast<std::uintmax_t>(file.st_size) > at_most.value) {
    return "it is longer than " + std::to_string(at_most.value) + " bytes; is it the right file?";
  }
  return {};
}

/// Fills `content`, whose buffer is never given up for a larger one: a secret leaves no copies
/// behind.
Status read_checked(const std::string& path, Privacy privacy, MaxBytes at_most,
                    std::string& content) {
  // O_NONBLOCK: opening a pipe that somebody put there must not hang.
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return os_error("cannot read", path);
  struct stat facts {};
  if (fstat(file.get(), &facts) != 0) return os_error("cannot read", path);
  const std::string reason = objection(facts, path, privacy, at_most);
  if (!reason.empty()) return Error("cannot read " + path + ": " + reason);

  content.resize(static_cast<std::size_t>(facts.st_size) + 1);
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = read(file.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return os_error("cannot read", path);
    if (got == 0) {
      content.resize(filled);
      return Done{};
    }
    filled += static_cast<std::size_t>(got);
  }
  return Error("cannot read " + path + ": it grew meanwhile; try again");
}

Status write_durably(const Fd& file, std::string_view content, mode_t mode,
                     const std::string& path) {
  // The mode is the one asked for, whatever the umask.
  if (fchmod(file.get(), mode) != 0) return os_error("cannot write", path);
  while (!content.empty()) {
    const ssize_t written = write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return os_error("cannot write", path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file.get()) != 0) return os_error("cannot write", path);
  return Done{};
}

std::string temporary_name(const std::string& path) {
  std::array<std::uint8_t, 8> random{};
  fill_random(random);
  return path + ".tmp-" + to_hex(random);
}

}  // namespace

Result<std::string> read_trusted_file(const std::string& path, MaxBytes at_most) {
  std::string content;
  Status read = read_checked(path, Privacy::others_may_read, at_most, content);
  if (!read) return std::move(read).error();
  return content;
}

Result<Secret> read_secret_file(const std::string& path, MaxBytes at_most) {
  std::string content;
  Status read = read_checked(path, Privacy::secret, at_most, content);
  while (content.ends_with('\n') || content.ends_with('\r')) content.pop_back();
  Secret secret(std::move(content));  // wipes what was read, on failure too
  if (!read) return std::move(read).error();
  if (secret.empty())
    return Error("cannot use " + path + ": it is empty; write the secret into it");
  return secret;
}

bool file_exists(const std::string& path) {
  struct stat facts {};
  return lstat(path.c_str(), &facts) == 0;
}

Status write_file_atomically(const std::string& path, std::string_view content,
                             std::uint32_t mode) {
  const std::string temporary = temporary_name(path);
  const Fd file(
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.valid()) return os_error("cannot write", path);
  Status status = write_durably(file, content, mode, path);
  if (status && rename(temporary.c_str(), path.c_str()) != 0) {
    status = os_error("cannot write", path);
  }
  if (!status) {
    static_cast<void>(unlink(temporary.c_str()));
    return status;
  }
  return sync_directory(parent_directory(path));
}

}  // namespace akgate
