// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "record/timestamp.hpp"

namespace akgate {

/// What trusted time had reached, kept in the cache through restarts (I8). time/ makes and reads
/// it.
struct TimeMark {
  Timestamp at{};                          ///< Trusted time when the mark was made.
  std::string boot_id;                     ///< The boot it was made in.
  std::chrono::milliseconds boot_time{0};  ///< The boot clock at that moment.
  /// Time that may have passed without anybody counting it (boots with a clock that nobody vouched
  /// for), charged to grace.
  std::chrono::milliseconds unaccounted{0};
  /// How far ahead of `at` a clock that nobody vouched for claimed to be.
  std::chrono::milliseconds claimed{0};
  bool trusted = true;  ///< False: the true time was known only to be no earlier than `at`.
  [[nodiscard]] bool operator==(const TimeMark&) const = default;

  /// In place of one that cannot be read any more: any time may have passed, and nobody has counted
  /// it.
  static TimeMark lost() {
    constexpr std::chrono::years kLongerThanAnyGrace{100};
    return {.at = {}, .boot_id = {}, .unaccounted = kLongerThanAnyGrace, .trusted = false};
  }
};

}  // namespace akgate
