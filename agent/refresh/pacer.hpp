// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "platform/clock.hpp"

namespace akgate {

/// Keeps requests under `max-requests-per-second` (I11): within any one second no more than that
/// many. The first ones after a quiet while go out at once.
class Pacer {
 public:
  /// `requests_per_second` is at least 1.
  explicit Pacer(std::size_t requests_per_second) : due_(requests_per_second) {}

  [[nodiscard]] bool may_send(BootTime now) const { return now >= next(); }
  [[nodiscard]] BootTime next() const { return due_[oldest_]; }
  void sent(BootTime now) {
    due_[oldest_] = now + std::chrono::seconds(1);
    oldest_ = (oldest_ + 1) % due_.size();
  }

 private:
  std::vector<BootTime>
      due_;  ///< One place per request of the last second: when it may be used again.
  std::size_t oldest_ = 0;
};

}  // namespace akgate
