// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace akgate {

/// How many requests keeping fresh what is in use takes, all in all. Each subject holds a share,
/// which ends with it.
class Load {
 public:
  class Share {
   public:
    Share() = default;
    ~Share() { end(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// From now on one request each `interval`, which is above zero.
    void set(Load& load, std::chrono::milliseconds interval) {
      constexpr std::uint64_t kMillisecondsInAMillionSeconds = 1'000'000'000;
      end();
      of_ = &load;
      size_ = kMillisecondsInAMillionSeconds / static_cast<std::uint64_t>(interval.count());
      of_->in_a_million_seconds_ += size_;
      ++of_->shares_;
    }
    void end() {
      if (of_ == nullptr) return;
      of_->in_a_million_seconds_ -= size_;
      --of_->shares_;
      of_ = nullptr;
    }

   private:
    Load* of_ = nullptr;
    std::uint64_t size_ = 0;
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
