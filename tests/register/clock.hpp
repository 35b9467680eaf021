// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <string>

namespace akgate::sandbox {

/// The sandbox's wall clock: the system's, moved by an offset that can be changed at run time. Any
/// thread.
class Clock {
 public:
  using Time = std::chrono::sys_time<std::chrono::milliseconds>;

  explicit Clock(std::chrono::milliseconds offset) : offset_ms_(offset.count()) {}

  [[nodiscard]] Time now() const;
  void set_offset(std::chrono::milliseconds offset) { offset_ms_ = offset.count(); }

 private:
  std::atomic<std::chrono::milliseconds::rep> offset_ms_;
};

/// "2026-11-22T10:05:00Z", the register's own form.
[[nodiscard]] std::string format_timestamp(Clock::Time time);
/// "Sun, 22 Nov 2026 10:05:00 GMT", for the Date header (RFC 9110, 5.6.7).
[[nodiscard]] std::string format_http_date(Clock::Time time);

}  // namespace akgate::sandbox
