// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "cache/keys.hpp"
#include "platform/clock.hpp"

namespace akgate {

/// What is to be refreshed, and when: earliest first. A subject that is planned anew leaves its old
/// entry behind; who takes it out sees that it is none of now.
class Schedule {
 public:
  void plan(const IndexKey& index, BootTime due) { entries_.push({due, index}); }

  [[nodiscard]] std::optional<BootTime> next() const {
    return entries_.empty() ? std::nullopt : std::optional(entries_.top().first);
  }
  /// Takes out the first. It is not empty.
  std::pair<BootTime, IndexKey> take() {
    const Entry first = entries_.top();
    entries_.pop();
    return first;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Entry = std::pair<BootTime, IndexKey>;
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const { return a.first > b.first; }
  };
  std::priority_queue<Entry, std::vector<Entry>, Later> entries_;
};

}  // namespace akgate
