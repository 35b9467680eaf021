// SPDX-License-Identifier: Apache-2.0
#include "tests/support/failing_disk.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "tests/support/real_call.hpp"

namespace akgate {

int FailingDisk::failure = 0;
int FailingDisk::meta_writes = 0;

namespace {

bool fails() {
  if (FailingDisk::failure == 0) return false;
  errno = FailingDisk::failure;
  return true;
}

}  // namespace
}  // namespace akgate

#pragma GCC visibility push(default)
extern "C" {

ssize_t pwrite(int fd, const void* from, std::size_t size, off_t offset) {
  if (akgate::FailingDisk::meta_writes > 0 && size < 512 && offset < 65536) {
    --akgate::FailingDisk::meta_writes;
    errno = ENOSPC;
    return -1;
  }
  static auto* const libc = akgate::real_call<decltype(pwrite)>("pwrite");
  return akgate::fails() ? -1 : libc(fd, from, size, offset);
}

ssize_t writev(int fd, const iovec* parts, int count) {
  static auto* const libc = akgate::real_call<decltype(writev)>("writev");
  return akgate::fails() ? -1 : libc(fd, parts, count);
}

int fsync(int fd) {
  static auto* const libc = akgate::real_call<decltype(fsync)>("fsync");
  return akgate::fails() ? -1 : libc(fd);
}

int fdatasync(int fd) {
  static auto* const libc = akgate::real_call<decltype(fdatasync)>("fdatasync");
  return akgate::fails() ? -1 : libc(fd);
}

}  // extern "C"
#pragma GCC visibility pop
