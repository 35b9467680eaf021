// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "platform/clock.hpp"
#include "platform/loop.hpp"

namespace akgate {

/// The machine's clocks as they stood when they were first read in this turn of a loop: all that is
/// answered in one turn is answered at one instant, and reading the clocks costs once. On the
/// loop's thread, and in its turns, which are short; outside of them it reads each time.
class TurnClock final : public Clock {
 public:
  /// Both outlive it.
  TurnClock(const Clock& clock, const Loop& loop) : clock_(clock), loop_(loop) {}

  [[nodiscard]] ClockReading read() const override {
    const std::uint64_t turn = loop_.turn();
    if (turn == 0 || turn != read_in_turn_) {
      reading_ = clock_.read();
      read_in_turn_ = turn;
    }
    return reading_;
  }

 private:
  const Clock& clock_;
  const Loop& loop_;
  mutable std::uint64_t read_in_turn_ = 0;
  mutable ClockReading reading_{};
};

}  // namespace akgate
