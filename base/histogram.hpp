// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace akgate {

/// How long things took: how often no longer than each of kBounds, and all in all. One thread.
class Histogram {
 public:
  using Microseconds = std::chrono::microseconds;
  static constexpr std::array<Microseconds, 12> kBounds = {{
      Microseconds(10),
      Microseconds(100),
      Microseconds(1'000),
      Microseconds(5'000),
      Microseconds(10'000),
      Microseconds(50'000),
      Microseconds(100'000),
      Microseconds(500'000),
      Microseconds(1'000'000),
      Microseconds(5'000'000),
      Microseconds(10'000'000),
      Microseconds(30'000'000),
  }};

  void note(std::chrono::nanoseconds took) {
    const auto* const bound = std::lower_bound(kBounds.begin(), kBounds.end(), took);
    ++counts_[static_cast<std::size_t>(bound - kBounds.begin())];
    sum_ += took;
  }

  /// How many took longer than the bound before this one, and not longer than this; those beyond
  /// the last bound come last.
  [[nodiscard]] const std::array<std::uint64_t, kBounds.size() + 1>& counts() const {
    return counts_;
  }
  [[nodiscard]] std::chrono::nanoseconds sum() const { return sum_; }

 private:
  std::array<std::uint64_t, kBounds.size() + 1> counts_{};
  std::chrono::nanoseconds sum_{0};
};

}  // namespace akgate
