// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace akgate {

/// How often each latency occurred, in classes no wider than 1.6 % of it: each power of two of
/// nanoseconds is cut into 64 equal ones. Fixed in size; beyond two minutes all are one.
class LoadHistogram {
 public:
  void add(std::chrono::nanoseconds latency) {
    const auto value = static_cast<std::uint64_t>(latency.count() > 0 ? latency.count() : 0);
    ++counts_[class_of(value)];
    ++total_;
    if (value > most_) most_ = value;
  }

  void add(const LoadHistogram& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
    if (other.most_ > most_) most_ = other.most_;
  }

  [[nodiscard]] double most_microseconds() const { return static_cast<double>(most_) / 1e3; }

  /// The latency that such a part of all (0 to 1) did not exceed; 0 of none.
  [[nodiscard]] double microseconds_of(double part) const {
    const double wanted = part * static_cast<double>(total_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > 0 && static_cast<double>(seen) >= wanted) {
        return static_cast<double>(end_of(i)) / 1e3;
      }
    }
    return 0;
  }

 private:
  static constexpr int kBits = 6;
  static constexpr std::uint64_t kPerOctave = std::uint64_t{1} << kBits;
  static constexpr std::size_t kOctaves = 32;

  static std::size_t class_of(std::uint64_t value) {
    if (value < kPerOctave) return static_cast<std::size_t>(value);
    const int shift = static_cast<int>(std::bit_width(value)) - 1 - kBits;
    const std::uint64_t number = (static_cast<std::uint64_t>(shift) << kBits) + (value >> shift);
    return number < kClasses ? static_cast<std::size_t>(number) : kClasses - 1;
  }

  /// The largest value of a class.
  static std::uint64_t end_of(std::size_t number) {
    if (number < 2 * kPerOctave) return number;
    const std::uint64_t shift = (number >> kBits) - 1;
    return (((number & (kPerOctave - 1)) + kPerOctave + 1) << shift) - 1;
  }

  static constexpr std::size_t kClasses = kOctaves * kPerOctave;
  std::array<std::uint64_t, kClasses> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t most_ = 0;
};

}  // namespace akgate
