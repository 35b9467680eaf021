// SPDX-License-Identifier: Apache-2.0
#include "platform/random_access_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/posix/os_error.hpp"

namespace akgate {

Result<RandomAccessFile> RandomAccessFile::open(const std::string& path) {
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return os_error("cannot read", path);
  return RandomAccessFile(std::move(file), path);
}

Result<std::uint64_t> RandomAccessFile::size() const {
  struct stat facts {};
  if (fstat(file_.get(), &facts) != 0) return os_error("cannot read", path_);
  return static_cast<std::uint64_t>(facts.st_size);
}

bool RandomAccessFile::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  while (!out.empty()) {
    const ssize_t got = pread(file_.get(), out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

void RandomAccessFile::expect_full_read() const {
  static_cast<void>(posix_fadvise(file_.get(), 0, 0, POSIX_FADV_WILLNEED));
}

}  // namespace akgate
