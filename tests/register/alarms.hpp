// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace akgate::sandbox {

/// Calls things later, from a thread of its own. Any thread may set an alarm.
class Alarms {
 public:
  using Clock = std::chrono::steady_clock;

  Alarms() : thread_([this] { run(); }) {}
  ~Alarms() { stop(); }
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;

  /// Calls `what` at that time; at once, in the caller's thread, where the alarms are stopped.
  void set(Clock::time_point when, std::function<void()> what);
  /// Calls all that is still to be called, and ends the thread.
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::multimap<Clock::time_point, std::function<void()>> pending_;
  std::thread thread_;
};

}  // namespace akgate::sandbox
