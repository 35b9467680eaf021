// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cache/keys.hpp"
#include "platform/loop.hpp"
#include "refresh/line.hpp"

namespace akgate {

/// Who wants to hear when something about a key changes. News is delivered from the loop, never
/// from within a call, once for all that happened until then, and some at a time, so that news for
/// all does not keep others waiting. On the desk's loop.
class Watchers {
 public:
  using Id = std::uint64_t;  ///< Never 0.
  using OnNews = std::function<void()>;

  /// Nobody holds more than half of the places (I12).
  Watchers(Loop& loop, std::size_t places) : loop_(loop), places_(places) {}

  /// `about`: the record's index; nothing where there is none, so that only news for all counts.
  /// Nothing where there is no place left.
  [[nodiscard]] std::optional<Id> add(std::optional<IndexKey> about, Uid uid, OnNews on_news);
  void remove(Id id);

  void tell(const IndexKey& about);
  void tell_all();

  [[nodiscard]] std::size_t size() const { return watchers_.size(); }

 private:
  struct Watcher {
    std::optional<IndexKey> about;
    Uid uid;
    OnNews on_news;
    bool due = false;
  };

  void tell(Id id, Watcher& watcher);
  void deliver();

  Loop& loop_;
  const std::size_t places_;
  std::unordered_map<Id, Watcher> watchers_;
  std::unordered_multimap<IndexKey, Id, IndexKeyHash> by_key_;
  std::unordered_map<Uid, std::size_t> of_;
  std::vector<Id> due_;  ///< To be told; who has gone meanwhile is passed over.
  Id last_ = 0;
};

}  // namespace akgate
