// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace akgate {

/// How many requests keeping fresh what is in use takes, all in all. Each subject holds a share,
/// which whoever forgets the subject ends.
class Load {
 public:
  class Share {
   public:
    /// From now on one request each `interval`, which is above zero.
    void set(Load& load, std::chrono::milliseconds interval) {
      constexpr std::uint64_t kMillisecondsInAMillionSeconds = 1'000'000'000;
      end(load);
      const auto size =
          kMillisecondsInAMillionSeconds / static_cast<std::uint64_t>(interval.count());
      load.in_a_million_seconds_ += size;
      ++load.shares_;
      size_and_one_ = static_cast<std::uint32_t>(size + 1);
    }
    void end(Load& load) {
      if (size_and_one_ == 0) return;
      load.in_a_million_seconds_ -= size_and_one_ - 1;
      --load.shares_;
      size_and_one_ = 0;
    }

   private:
    std::uint32_t size_and_one_ = 0;  ///< 0: it holds none.
  };

  [[nodiscard]] double requests_per_second() const {
    return static_cast<double>(in_a_million_seconds_) / 1e6;
  }
  [[nodiscard]] std::uint64_t shares() const { return shares_; }

 private:
  std::uint64_t in_a_million_seconds_ = 0;  ///< Whole, so that nothing is left when all have gone.
  std::uint64_t shares_ = 0;
};

}  // namespace akgate
