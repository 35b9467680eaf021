// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/file.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

namespace {

/// Makes one directory, durably; nothing where it exists.
Status make_directory(const std::string& path, mode_t mode) {
  if (mkdir(path.c_str(), S_IRWXU) != 0) {
    if (errno == EEXIST) return Done{};
    return os_error("cannot make directory", path);
  }
  // The mode is the one asked for, whatever the umask.
  const Fd made(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!made.valid() || fchmod(made.get(), mode) != 0) {
    return os_error("cannot make directory", path);
  }
  return sync_directory(parent_directory(path));
}

}  // namespace

Status make_directories(const std::string& path, std::uint32_t mode) {
  std::size_t end = 0;
  while (end != std::string::npos) {
    end = path.find('/', end + 1);
    Status made = make_directory(path.substr(0, end), mode);
    if (!made) return made;
  }
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return os_error("cannot use directory", path);
  if (!S_ISDIR(facts.st_mode)) {
    return Error("cannot use " + path +
                 ": it is no directory; move it away, or choose another path");
  }
  // What is on a file system that has become read-only can still be read.
  if (faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) != 0 && errno != EROFS) {
    return os_error("cannot write into directory", path);
  }
  return Done{};
}

Status sync_directory(const std::string& path) {
  const Fd directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid() || fsync(directory.get()) != 0) {
    return os_error("cannot make durable what is in directory", path);
  }
  return Done{};
}

}  // namespace akgate
