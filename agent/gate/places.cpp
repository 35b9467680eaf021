// SPDX-License-Identifier: Apache-2.0
#include "gate/places.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace akgate {

Places::Room Places::room_for(Uid uid) const {
  const std::size_t own = held_by(uid);
  if (own >= most_per_uid_) return Room::none;
  if (taken_ < most_) return Room::free;
  const std::size_t users = held_.size() + (own == 0 ? 1 : 0);
  // Then somebody holds more than the share, or not all places would be taken.
  return own < most_ / users ? Room::of_another : Room::none;
}

Uid Places::holder_of_most() const {
  AKGATE_ASSERT(!held_.empty());
  return std::max_element(held_.begin(), held_.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void Places::take(Uid uid) {
  AKGATE_ASSERT(taken_ < most_);
  ++held_[uid];
  ++taken_;
}

void Places::leave(Uid uid) {
  const auto held = held_.find(uid);
  AKGATE_ASSERT(held != held_.end());
  if (--held->second == 0) held_.erase(held);
  --taken_;
}

std::size_t Places::held_by(Uid uid) const {
  const auto held = held_.find(uid);
  return held == held_.end() ? 0 : held->second;
}

}  // namespace akgate
