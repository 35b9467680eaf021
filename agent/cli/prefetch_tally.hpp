// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "cli/control_reply.hpp"

namespace akgate {

/// Counts how the keys of a prefetch went.
class PrefetchTally {
 public:
  void take(const ControlReply& reply);

  [[nodiscard]] std::size_t answered() const { return active_ + not_active_ + unknown_ + failed_; }
  [[nodiscard]] std::size_t failed() const { return failed_; }

  /// In a few lines: how many of `keys`, how they went, how long it took. What was not answered is
  /// told as left.
  [[nodiscard]] std::string summary(std::size_t keys, std::chrono::seconds took) const;
  /// The same for a program, without the reasons.
  [[nodiscard]] std::string to_json(std::size_t keys, std::chrono::seconds took) const;

 private:
  static constexpr std::size_t kMaxReasons = 8;

  std::size_t active_ = 0;
  std::size_t not_active_ = 0;
  std::size_t unknown_ = 0;
  std::size_t failed_ = 0;
  std::map<std::string, std::size_t> reasons_;  ///< Why, in words; kMaxReasons at most.
};

}  // namespace akgate
