// SPDX-License-Identifier: Apache-2.0
#include "platform/clock.hpp"

#include <fcntl.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <array>

#include "base/assert.hpp"
#include "platform/fd.hpp"
#include "platform/linux/boot_clock.hpp"

namespace akgate {

namespace {

static_assert(sizeof(time_t) == 8,
              "seconds since 1970 outgrow 32 bits in 2038; build with -D_TIME_BITS=64");

std::chrono::nanoseconds read_clock(clockid_t which) {
  timespec now{};
  AKGATE_ASSERT(clock_gettime(which, &now) == 0);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// Where we are not allowed to ask, nobody vouches for the clock (I8).
bool kernel_says_synchronised() {
  timex query{};
  const int state = adjtimex(&query);
  return state >= 0 && state != TIME_ERROR && (query.status & STA_UNSYNC) == 0;
}

}  // namespace

BootTime read_boot_clock() { return BootTime(read_clock(CLOCK_BOOTTIME)); }

ClockReading SystemClock::read() const {
  using std::chrono::milliseconds;
  constexpr std::chrono::seconds kAskAgainAfter{1};
  constexpr milliseconds kSlewAtMost{2};  // In that time; beside it, what lies between two reads.
  const std::chrono::nanoseconds wall = read_clock(CLOCK_REALTIME);
  const BootTime boot = read_boot_clock();
  const Offset offset = wall - boot.time_since_epoch();

  const std::lock_guard lock(mutex_);
  const bool was_set = std::chrono::abs(offset - offset_then_) > kSlewAtMost;
  if (asked_ == BootTime::min() || boot - asked_ >= kAskAgainAfter || was_set) {
    synchronised_ = kernel_says_synchronised();
    asked_ = boot;
    offset_then_ = offset;
  }
  return {.wall = std::chrono::sys_time<milliseconds>(std::chrono::floor<milliseconds>(wall)),
          .boot = boot,
          .synchronised = synchronised_};
}

std::string read_boot_id() {
  const Fd file(open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  std::array<char, 36> id{};  // a UUID
  if (!file.valid()) return {};
  if (::read(file.get(), id.data(), id.size()) != static_cast<ssize_t>(id.size())) return {};
  return {id.data(), id.size()};
}

}  // namespace akgate
