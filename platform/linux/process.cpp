// SPDX-License-Identifier: Apache-2.0
#include "platform/process.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/fd.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

namespace {

/// Opens what of stdin, stdout and stderr was closed: else a socket could get that number, and the
/// log be written into it.
Status fill_standard_descriptors() {
  int fd = -1;
  do {
    fd = open("/dev/null", O_RDWR);
    if (fd < 0) return os_error("cannot open", "/dev/null");
  } while (fd <= STDERR_FILENO);
  Fd(fd).close();
  return Done{};
}

}  // namespace

Status harden_process() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return os_error("cannot forbid", "core dumps");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return os_error("cannot close to other processes", "the memory of this one");
  }
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  if (sigaction(SIGPIPE, &ignore, nullptr) != 0) return os_error("cannot ignore", "SIGPIPE");
  umask(S_IRWXG | S_IRWXO);
#ifdef M_ARENA_MAX  // glibc reserves 64 MB of address space for each arena more. It costs nothing
                    // but size if this fails.
  static_cast<void>(mallopt(M_ARENA_MAX, 1));
#endif
  return fill_standard_descriptors();
}

std::optional<std::uint64_t> device_bytes_written() {
  constexpr std::uint64_t kBlock = 512;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(usage.ru_oublock) * kBlock;
}

}  // namespace akgate
