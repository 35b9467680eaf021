// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "platform/clock.hpp"

namespace akgate {

/// Keeps requests under `max-requests-per-second` (I11): within any one second no more than that
/// many. The first ones after a quiet while go out at once.
class Pacer {
 public:
  /// `requests_per_second` is at least 1. Nothing is sent before `not_before`.
  explicit Pacer(std::size_t requests_per_second, BootTime not_before = {})
      : due_(requests_per_second, not_before) {}

  [[nodiscard]] bool may_send(BootTime now) const { return now >= next(); }
  [[nodiscard]] BootTime next() const { return due_[oldest_]; }
  void sent(BootTime now) {
    due_[oldest_] = std::max(now, due_[oldest_]) + std::chrono::seconds(1);
    oldest_ = (oldest_ + 1) % due_.size();
  }
  /// The latest one was not sent after all.
  void not_sent(BootTime now) {
    oldest_ = (oldest_ + due_.size() - 1) % due_.size();
    due_[oldest_] = now;
  }

 private:
  std::vector<BootTime>
      due_;  ///< One place per request of the last second: when it may be used again.
  std::size_t oldest_ = 0;
};

}  // namespace akgate
