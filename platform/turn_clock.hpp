// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "platform/clock.hpp"
#include "platform/loop.hpp"

namespace akgate {

/// The machine's clocks as they stand in this turn of a loop: all that is answered in one turn is
/// answered at one instant, and reading the clocks costs next to nothing. The system clock is read
/// ten times a second at most; in between it moves on with the boot clock, from which it can be
/// slewed away by 50 µs in that time. That somebody sets it is noticed so much later. On the loop's
/// thread.
class TurnClock final : public Clock {
 public:
  /// Both outlive it.
  TurnClock(const Clock& clock, const Loop& loop) : clock_(clock), loop_(loop) {}

  [[nodiscard]] ClockReading read() const override {
    using std::chrono::milliseconds;
    constexpr milliseconds kReadAgainAfter{100};
    const BootTime now = std::max(loop_.now(), last_.boot);
    const auto since = now - last_.boot;
    if (!has_read_ || since >= kReadAgainAfter) {
      has_read_ = true;
      return last_ = clock_.read();
    }
    return {.wall = last_.wall + std::chrono::floor<milliseconds>(since),
            .boot = now,
            .synchronised = last_.synchronised};
  }

 private:
  const Clock& clock_;
  const Loop& loop_;
  mutable bool has_read_ = false;
  mutable ClockReading last_{};
};

}  // namespace akgate
