// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "platform/loop.hpp"

namespace akgate {

/// What a descriptor is ready for, or what is waited for. An error or a hang-up shows as both.
struct Readiness {
  bool readable = false;
  bool writable = false;
  bool patient = false;  ///< Only waited for: others' turn comes first.
  [[nodiscard]] bool operator==(const Readiness&) const = default;
};

/// The real loop: descriptors, timers on the boot clock, tasks posted from other threads. Wakes
/// only for one of these: an idle agent costs no wake-ups. Linux: epoll, timerfd, eventfd.
///
/// Fair: each turn serves descriptors that are ready (64 at most, of which timers are one, the
/// others next), then the timers that were due, then the tasks that had been posted. What these ask
/// for again waits for the next turn. Of the descriptors that are waited for patiently one is
/// served each turn, after all others and in rotation: however many have work without end, whoever
/// comes now and then waits for one. Only post() and stop() may be called from other threads.
class EventLoop final : public Loop {
 public:
  using OnReady = std::function<void(Readiness)>;

  [[nodiscard, gnu::cold]] static Result<std::unique_ptr<EventLoop>> create();
  ~EventLoop() override;

  void post(Task task) override;
  TimerId at(BootTime when, Task task) override;
  void cancel(TimerId timer) override;
  /// Of the beginning of this turn.
  [[nodiscard]] BootTime now() const override;

  /// Calls `on_ready` (level-triggered) while the descriptor is ready for what is wanted; nothing
  /// wanted is nothing reported, not even a hang-up. Watching a watched descriptor again changes
  /// both. The descriptor stays its owner's, who unwatches before closing it; either may be done
  /// within a callback, and no callback for it comes after that.
  [[nodiscard]] Status watch(int fd, Readiness wanted, OnReady on_ready);
  void unwatch(int fd);

  /// Runs until stop() (which any thread may call); tasks posted before that are still run. May be
  /// run again.
  void run();
  void stop();

 private:
  struct State;
  explicit EventLoop(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace akgate
