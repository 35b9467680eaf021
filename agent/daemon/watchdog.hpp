// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "platform/loop.hpp"

namespace akgate {

/// Feeds the service manager's watchdog, and only while desk and clerk both move: every round goes
/// from the desk to the clerk and back before it feeds, and the next begins after that. So one of
/// them that is stuck for the whole of the watchdog's time has the agent killed and started anew.
class Watchdog {
 public:
  /// `time` is what the service manager waits for. Both loops outlive this, and what they have not
  /// run by then is never run.
  Watchdog(Loop& desk, Loop& clerk, std::chrono::nanoseconds time, std::function<void()> feed)
      : desk_(desk), clerk_(clerk), pause_(time / 2), feed_(std::move(feed)) {}
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// On the desk's thread, or before its loop runs; once.
  void start() { begin_round(); }

 private:
  void begin_round() {
    clerk_.post([this] { desk_.post([this] { end_round(); }); });
  }
  void end_round() {
    feed_();
    desk_.at(desk_.now() + pause_, [this] { begin_round(); });
  }

  Loop& desk_;
  Loop& clerk_;
  const std::chrono::nanoseconds pause_;
  const std::function<void()> feed_;
};

}  // namespace akgate
