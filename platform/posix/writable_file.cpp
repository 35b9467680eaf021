// SPDX-License-Identifier: Apache-2.0
#include "platform/writable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/posix/os_error.hpp"

namespace akgate {

Result<WritableFile> WritableFile::open(const std::string& path) {
  Fd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return os_error("cannot write", path);
  return WritableFile(std::move(file), path);
}

Status WritableFile::write(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return os_error("cannot write", path_);
    offset += static_cast<std::uint64_t>(put);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return Done{};
}

Status WritableFile::sync() {
  if (fdatasync(file_.get()) != 0) return os_error("cannot write", path_);
  return Done{};
}

Status WritableFile::cut(std::uint64_t size) {
  if (ftruncate(file_.get(), static_cast<off_t>(size)) != 0) return os_error("cannot cut", path_);
  return Done{};
}

Status remove_file(const std::string& path) {
  if (unlink(path.c_str()) != 0) return os_error("cannot remove", path);
  return Done{};
}

}  // namespace akgate
