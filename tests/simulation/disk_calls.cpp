// SPDX-License-Identifier: Apache-2.0
//
// The C library's calls, in this program, by way of the simulated disk where they concern it.
// Compiled without _FORTIFY_SOURCE, which has inline versions of its own. And random bytes that are
// the same in each run.
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>

#include "tests/simulation/disk.hpp"
#include "tests/simulation/random_bytes.hpp"
#include "tests/support/real_call.hpp"

#define AKGATE_EXPORT extern "C" __attribute__((visibility("default")))

namespace akgate {

Dice& random_bytes() {
  static Dice dice(1);
  return dice;
}

namespace {

// The C library's own, looked up once.
#define AKGATE_REAL(name) \
  static auto* const real = akgate::real_call(#name, static_cast<decltype(&::name)>(nullptr))

Disk* disk_of(int fd) {
  Disk* const disk = Disk::mounted();
  return disk != nullptr && disk->knows(fd) ? disk : nullptr;
}
Disk* disk_of(const char* path) {
  Disk* const disk = Disk::mounted();
  return disk != nullptr && disk->covers(path) ? disk : nullptr;
}

int fail(int error) {
  errno = error;
  return -1;
}

/// A write of `size` bytes at `offset`, done by `write`.
template <typename Write>
ssize_t write_at(int fd, std::uint64_t offset, std::uint64_t size, const Write& write) {
  Disk* const disk = disk_of(fd);
  if (disk == nullptr) return write();
  if (const int error = disk->begin_operation(true)) return fail(error);
  disk->before_write(fd, offset, size);
  const ssize_t written = write();
  if (written > 0) disk->after_write(fd, offset, static_cast<std::uint64_t>(written));
  return disk->dead() ? fail(EIO) : written;
}

std::uint64_t position(int fd) { return static_cast<std::uint64_t>(lseek(fd, 0, SEEK_CUR)); }

int sync_by(int fd, int (*real)(int)) {
  Disk* const disk = disk_of(fd);
  if (disk == nullptr) return real(fd);
  if (const int error = disk->begin_operation(false)) return fail(error);
  disk->synced(fd);
  return 0;
}

}  // namespace
}  // namespace akgate

AKGATE_EXPORT int open(const char* path, int flags, ...) {
  AKGATE_REAL(open);
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list more;
    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
  }
  akgate::Disk* const disk = akgate::disk_of(path);
  if (disk == nullptr) return real(path, flags, mode);
  const bool makes = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  if (makes) {
    if (const int error = disk->begin_operation(true)) return akgate::fail(error);
  }
  const int fd = real(path, flags, mode);
  if (fd >= 0) disk->opened(fd, path, (flags & O_DSYNC) != 0, makes);
  return fd;
}

AKGATE_EXPORT int close(int fd) {
  AKGATE_REAL(close);
  if (akgate::Disk* const disk = akgate::disk_of(fd)) disk->closed(fd);
  return real(fd);
}

AKGATE_EXPORT ssize_t pwrite(int fd, const void* from, std::size_t size, off_t offset) {
  AKGATE_REAL(pwrite);
  return akgate::write_at(fd, static_cast<std::uint64_t>(offset), size,
                          [&] { return real(fd, from, size, offset); });
}

AKGATE_EXPORT ssize_t write(int fd, const void* from, std::size_t size) {
  AKGATE_REAL(write);
  if (akgate::disk_of(fd) == nullptr) return real(fd, from, size);
  return akgate::write_at(fd, akgate::position(fd), size, [&] { return real(fd, from, size); });
}

AKGATE_EXPORT ssize_t writev(int fd, const iovec* parts, int count) {
  AKGATE_REAL(writev);
  if (akgate::disk_of(fd) == nullptr) return real(fd, parts, count);
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  return akgate::write_at(fd, akgate::position(fd), size, [&] { return real(fd, parts, count); });
}

AKGATE_EXPORT int fsync(int fd) {
  AKGATE_REAL(fsync);
  return akgate::sync_by(fd, real);
}

AKGATE_EXPORT int fdatasync(int fd) {
  AKGATE_REAL(fdatasync);
  return akgate::sync_by(fd, real);
}

AKGATE_EXPORT int ftruncate(int fd, off_t size) noexcept {
  AKGATE_REAL(ftruncate);
  akgate::Disk* const disk = akgate::disk_of(fd);
  if (disk == nullptr) return real(fd, size);
  const int error = disk->begin_operation(true);
  return error != 0 ? akgate::fail(error) : real(fd, size);
}

AKGATE_EXPORT int rename(const char* from, const char* to) noexcept {
  AKGATE_REAL(rename);
  if (akgate::Disk* const disk = akgate::disk_of(from)) {
    if (const int error = disk->begin_operation(true)) return akgate::fail(error);
    disk->renaming(from, to);
  }
  return real(from, to);
}

AKGATE_EXPORT int renameat2(int from_directory, const char* from, int to_directory, const char* to,
                            unsigned flags) noexcept {
  AKGATE_REAL(renameat2);
  if (akgate::Disk* const disk = akgate::disk_of(from)) {
    if (const int error = disk->begin_operation(true)) return akgate::fail(error);
    disk->renaming(from, to);
  }
  return real(from_directory, from, to_directory, to, flags);
}

AKGATE_EXPORT int unlink(const char* path) noexcept {
  AKGATE_REAL(unlink);
  if (akgate::Disk* const disk = akgate::disk_of(path)) {
    if (const int error = disk->begin_operation(false)) return akgate::fail(error);
    disk->removing(path);
  }
  return real(path);
}

AKGATE_EXPORT int remove(const char* path) noexcept {
  AKGATE_REAL(remove);
  if (akgate::Disk* const disk = akgate::disk_of(path)) {
    if (const int error = disk->begin_operation(false)) return akgate::fail(error);
    disk->removing(path);
  }
  return real(path);
}

AKGATE_EXPORT int mkdir(const char* path, mode_t mode) noexcept {
  AKGATE_REAL(mkdir);
  akgate::Disk* const disk = akgate::disk_of(path);
  if (disk == nullptr) return real(path, mode);
  if (access(path, F_OK) == 0) return akgate::fail(EEXIST);
  if (const int error = disk->begin_operation(true)) return akgate::fail(error);
  const int made = real(path, mode);
  if (made == 0) disk->made_directory(path);
  return made;
}

AKGATE_EXPORT ssize_t getrandom(void* to, std::size_t size, unsigned) {
  for (std::size_t i = 0; i < size; ++i) {
    static_cast<unsigned char*>(to)[i] =
        static_cast<unsigned char>(akgate::random_bytes().next() >> 32U);
  }
  return static_cast<ssize_t>(size);
}
