// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "record/timestamp.hpp"

namespace akgate {

/// What holds when: each entry from its instant on, until the next.
template <typename T>
class Timeline {
 public:
  explicit Timeline(T first) { entries_.emplace_back(Timestamp::min(), std::move(first)); }

  /// `from` is not before that of the entry before.
  void then(Timestamp from, T what) { entries_.emplace_back(from, std::move(what)); }

  [[nodiscard]] const T& at(Timestamp when) const {
    const auto behind = std::upper_bound(
        entries_.begin(), entries_.end(), when,
        [](Timestamp instant, const auto& entry) { return instant < entry.first; });
    return std::prev(behind)->second;
  }
  [[nodiscard]] const T& last() const { return entries_.back().second; }

 private:
  std::vector<std::pair<Timestamp, T>> entries_;
};

}  // namespace akgate
