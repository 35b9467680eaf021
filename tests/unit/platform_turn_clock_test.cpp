// SPDX-License-Identifier: Apache-2.0
#include "platform/turn_clock.hpp"

#include <gtest/gtest.h>

#include "tests/support/simulated_loop.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class TurnClockTest : public ::testing::Test {
 protected:
  class CountingClock final : public Clock {
   public:
    explicit CountingClock(const Clock& clock) : clock_(clock) {}
    [[nodiscard]] ClockReading read() const override {
      ++reads;
      return clock_.read();
    }
    mutable int reads = 0;

   private:
    const Clock& clock_;
  };

  static constexpr SimulatedClock::Wall kNoon{hours(24 * 365 * 60)};

  SimulatedLoop loop;
  SimulatedClock machine{loop, kNoon};
  CountingClock counting{machine};
  TurnClock clock{counting, loop};
};

TEST_F(TurnClockTest, moves_on_with_the_boot_clock) {
  const ClockReading first = clock.read();
  loop.pass(milliseconds(99));
  const ClockReading later = clock.read();
  EXPECT_EQ(counting.reads, 1);
  EXPECT_EQ(later.wall, first.wall + milliseconds(99));
  EXPECT_EQ(later.boot, first.boot + milliseconds(99));
  EXPECT_EQ(later.boot, loop.now());
}

TEST_F(TurnClockTest, notices_within_100_ms_that_the_clock_was_set) {
  static_cast<void>(clock.read());
  machine.set(kNoon + hours(5));
  machine.synchronised = !machine.synchronised;
  loop.pass(milliseconds(100));
  EXPECT_EQ(clock.read().wall, kNoon + hours(5) + milliseconds(100));
  EXPECT_EQ(clock.read().synchronised, machine.synchronised);
  EXPECT_EQ(counting.reads, 2);
}

}  // namespace
}  // namespace akgate
