// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace akgate {

/// Time since boot that counts through suspend and never steps (Linux: CLOCK_BOOTTIME). All
/// deadlines, back-off and timers use it, and nothing else.
struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock, duration>;
  static constexpr bool is_steady = true;
};
using BootTime = BootClock::time_point;

/// One look at the machine's clocks, taken together.
struct ClockReading {
  std::chrono::sys_time<std::chrono::milliseconds>
      wall;  ///< What the system claims; may be wrong and may step.
  BootTime boot;
  bool synchronised = false;  ///< The kernel says that a time service disciplines the wall clock.
};

/// The machine's clocks. The simulator has another one.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual ClockReading read() const = 0;
};

/// The real one; any thread.
///
/// Whether a time service disciplines the wall clock is a question to the kernel that costs more
/// than all the rest, so its answer holds for a second, or until the wall clock moves otherwise
/// than the boot clock: somebody has set it (I8).
class SystemClock final : public Clock {
 public:
  [[nodiscard]] ClockReading read() const override;

 private:
  using Offset = std::chrono::nanoseconds;  ///< The wall clock's time less the boot clock's.

  mutable std::mutex mutex_;
  mutable BootTime asked_ = BootTime::min();
  mutable Offset offset_then_{};
  mutable bool synchronised_ = false;
};

/// Names this boot of the machine; differs after each reboot. Empty where the system cannot say.
[[nodiscard]] std::string read_boot_id();

}  // namespace akgate
