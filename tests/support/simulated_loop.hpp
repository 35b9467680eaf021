// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

#include "platform/clock.hpp"
#include "platform/loop.hpp"

namespace akgate {

/// A loop in simulated time: nothing sleeps, and the same test runs the same way each time.
class SimulatedLoop final : public Loop {
 public:
  void post(Task task) override { tasks_.emplace(Due{now_, ++serial_}, std::move(task)); }

  TimerId at(BootTime when, Task task) override {
    const Due due{std::max(when, now_), ++serial_};
    tasks_.emplace(due, std::move(task));
    timers_.emplace(serial_, due);
    return serial_;
  }

  void cancel(TimerId timer) override {
    const auto found = timers_.find(timer);
    if (found == timers_.end()) return;
    tasks_.erase(found->second);
    timers_.erase(found);
  }

  [[nodiscard]] BootTime now() const override { return now_; }

  /// Lets that much time pass, and everything happen that is due in it.
  void pass(std::chrono::nanoseconds time) {
    pass_until([] { return false; }, time);
  }

  /// The same, but stops as soon as the condition holds.
  template <typename Condition>
  void pass_until(const Condition& holds, std::chrono::nanoseconds at_most) {
    const BootTime end = now_ + at_most;
    while (!holds()) {
      if (tasks_.empty() || tasks_.begin()->first.first > end) {
        now_ = end;
        return;
      }
      run_next();
    }
  }

  /// The machine sleeps: time passes, and what was due in it happens late, at the end.
  void sleep(std::chrono::nanoseconds time) {
    now_ += time;
    settle();
  }

  /// Runs what is due at this instant.
  void settle() { pass(std::chrono::nanoseconds(0)); }

  /// As when the process ends: nothing that was to happen happens.
  void forget_everything() {
    tasks_.clear();
    timers_.clear();
  }

  [[nodiscard]] std::size_t pending() const { return tasks_.size(); }

 private:
  using Due = std::pair<BootTime, std::uint64_t>;

  void run_next() {
    const auto next = tasks_.begin();
    now_ = std::max(now_, next->first.first);
    const Task task = std::move(next->second);
    timers_.erase(next->first.second);
    tasks_.erase(next);
    task();
  }

  BootTime now_{std::chrono::hours(1)};
  std::uint64_t serial_ = 0;
  std::map<Due, Task> tasks_;
  std::map<TimerId, Due> timers_;
};

/// The machine's clocks in simulated time: a wall clock that can be set, like any.
class SimulatedClock final : public Clock {
 public:
  using Wall = std::chrono::sys_time<std::chrono::milliseconds>;

  SimulatedClock(const SimulatedLoop& loop, Wall now) : loop_(loop) { set(now); }

  [[nodiscard]] ClockReading read() const override {
    return {.wall = base_ +
                    std::chrono::floor<std::chrono::milliseconds>(loop_.now().time_since_epoch()),
            .boot = BootTime(loop_.now() - booted_),
            .synchronised = synchronised};
  }

  void set(Wall now) {
    base_ = now - std::chrono::floor<std::chrono::milliseconds>(loop_.now().time_since_epoch());
  }
  void step(std::chrono::milliseconds by) { base_ += by; }
  /// The boot clock begins anew.
  void boot() { booted_ = loop_.now(); }

  bool synchronised = true;

 private:
  const SimulatedLoop& loop_;
  Wall base_;
  BootTime booted_{};
};

}  // namespace akgate
