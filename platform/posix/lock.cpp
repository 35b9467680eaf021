// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "platform/file.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

Result<std::optional<Fd>> try_lock_file(const std::string& path) {
  // For reading: it may be on a file system that has become read-only.
  Fd file(open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
               S_IRUSR | S_IWUSR));
  if (!file.valid()) return os_error("cannot open lock file", path);
  // flock() goes with the descriptor: however the process ends, nothing stays locked.
  if (flock(file.get(), LOCK_EX | LOCK_NB) == 0) return std::optional<Fd>(std::move(file));
  if (errno == EWOULDBLOCK) return std::optional<Fd>();
  return os_error("cannot lock", path);
}

Result<Fd> lock_file(const std::string& path) {
  Result<std::optional<Fd>> lock = try_lock_file(path);
  if (!lock) return std::move(lock).error();
  if (!lock->has_value()) {
    return Error("cannot lock " + path + ": another process holds it; stop that one first");
  }
  return std::move(**lock);
}

}  // namespace akgate
