// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <queue>
#include <utility>

#include "refresh/pieces.hpp"
#include "refresh/tick.hpp"

namespace akgate {

/// What is to be refreshed, and when: earliest first. A subject that is planned anew leaves its old
/// entry behind; who takes it out sees that it is none of now.
class Schedule {
 public:
  void plan(Number number, Tick due) { entries_.push({due, number}); }

  [[nodiscard]] std::optional<Tick> next() const {
    return entries_.empty() ? std::nullopt : std::optional(entries_.top().first);
  }
  /// Takes out the first. It is not empty.
  std::pair<Tick, Number> take() {
    const Entry first = entries_.top();
    entries_.pop();
    return first;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Entry = std::pair<Tick, Number>;
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const { return a.first > b.first; }
  };
  // A deque does not need twice the room to grow.
  std::priority_queue<Entry, std::deque<Entry>, Later> entries_;
};

}  // namespace akgate
