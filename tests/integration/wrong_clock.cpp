// SPDX-License-Identifier: Apache-2.0
//
// Preloaded into a program, gives it a system clock that is AKGATE_TEST_CLOCK_ERROR seconds wrong
// and that no time service disciplines. The clocks that count from boot stay right.
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>

namespace {

#ifdef SYS_clock_gettime64  // 32 bits, but a time_t of 64
constexpr long kReadClock = SYS_clock_gettime64;
#else
constexpr long kReadClock = SYS_clock_gettime;
#endif

time_t error() {
  const char* const seconds = std::getenv("AKGATE_TEST_CLOCK_ERROR");
  return seconds == nullptr ? 0 : static_cast<time_t>(std::atoll(seconds));
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int clock_gettime(clockid_t which, timespec* now) noexcept {
  if (::syscall(kReadClock, which, now) != 0) return -1;
  if (which == CLOCK_REALTIME) now->tv_sec += error();
  return 0;
}

time_t time(time_t* also) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (also != nullptr) *also = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(timeval* into, void* /*zone*/) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *into = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

int adjtimex(timex* /*query*/) noexcept { return TIME_ERROR; }

}  // extern "C"
#pragma GCC visibility pop
