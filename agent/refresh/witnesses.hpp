// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "cache/keys.hpp"
#include "record/access_key.hpp"

namespace akgate {

/// A few keys that were ever active: whom to ask about, to see whether trouble is one key's own or
/// the register's.
class Witnesses {
 public:
  struct Witness {
    IndexKey index;
    AccessKey key;
  };

  void remember(const IndexKey& index, const AccessKey& key) {
    const auto known = find(index);
    if (known != witnesses_.end()) return;
    if (witnesses_.size() == kMost) witnesses_.erase(witnesses_.begin());
    witnesses_.push_back({.index = index, .key = key});
  }

  void forget(const IndexKey& index) {
    const auto known = find(index);
    if (known != witnesses_.end()) witnesses_.erase(known);
  }
  void forget_all() { witnesses_.clear(); }

  /// The one not asked about for longest, but for this key; null where there is none.
  [[nodiscard]] const Witness* other_than(const IndexKey& index) const {
    const auto found = std::find_if(witnesses_.begin(), witnesses_.end(),
                                    [&](const Witness& each) { return each.index != index; });
    return found == witnesses_.end() ? nullptr : &*found;
  }

  /// It is being asked about: the others' turn comes first now.
  void asked(const IndexKey& index) {
    const auto known = find(index);
    if (known == witnesses_.end()) return;
    Witness last = std::move(*known);
    witnesses_.erase(known);
    witnesses_.push_back(std::move(last));
  }

 private:
  static constexpr std::size_t kMost = 4;

  [[nodiscard]] std::vector<Witness>::iterator find(const IndexKey& index) {
    return std::find_if(witnesses_.begin(), witnesses_.end(),
                        [&](const Witness& each) { return each.index == index; });
  }

  std::vector<Witness> witnesses_;  ///< Too few for the erasing at its front to count.
};

}  // namespace akgate
