// SPDX-License-Identifier: Apache-2.0
#include "refresh/index_memo.hpp"

#include <array>
#include <cstring>

namespace akgate {

// Keys are random by themselves but for those that somebody made up.
std::size_t IndexMemo::home_of(const AccessKey& key) const {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio.
  const auto bytes = key.reveal_bytes();
  std::uint64_t first = 0;
  std::uint32_t rest = 0;
  std::memcpy(&first, bytes.data(), sizeof first);
  std::memcpy(&rest, bytes.data() + sizeof first, sizeof rest);
  std::uint64_t mixed = (first ^ seed_) * kOdd;
  mixed = (mixed ^ (mixed >> 32U) ^ rest) * kOdd;
  return static_cast<std::size_t>(mixed >> 32U);
}

// Its own, or one that it may have: the first that is free from its home on, and where there is
// none near, that of somebody else.
IndexMemo::Place& IndexMemo::find(const AccessKey& key) {
  const std::size_t home = home_of(key);
  for (std::size_t i = 0; i < kNear; ++i) {
    Place& place = places_[(home + i) % places_.size()];
    if (!place.taken || place.key == key) return place;
  }
  Place& given_up = places_[(home + victim_++ % kNear) % places_.size()];
  given_up.taken = false;
  --taken_;
  return given_up;
}

const IndexMemo::Names& IndexMemo::of(const AccessKey& key) {
  if (2 * taken_ >= places_.size() && places_.size() < kMost) grow();
  Place& place = find(key);
  if (place.taken) return place.names;
  place = {.key = key,
           .names = {.record = keys_.index_of(key), .binding = keys_.binding_index_of(key)},
           .taken = true};
  ++taken_;
  return place.names;
}

void IndexMemo::clear() {
  places_.clear();
  taken_ = 0;
}

IndexKey IndexMemo::of(const Duid& duid) {
  for (const auto& [known, index] : data_users_) {
    if (known == duid) return index;
  }
  const std::pair entry(duid, keys_.index_of(duid));
  if (data_users_.size() < kMostDataUsers) {
    data_users_.push_back(entry);
  } else {
    data_users_[next_data_user_] = entry;
    next_data_user_ = (next_data_user_ + 1) % kMostDataUsers;
  }
  return entry.second;
}

void IndexMemo::grow() {
  constexpr std::array<std::uint8_t, AccessKey::kBytes> kNoKey{};
  const std::size_t size = places_.empty() ? kFewest : 2 * places_.size();
  const auto before = std::exchange(
      places_, std::vector<Place>(size, Place{.key = AccessKey::from_bytes(kNoKey), .names = {}}));
  taken_ = 0;
  for (const Place& place : before) {
    if (!place.taken) continue;
    find(place.key) = place;
    ++taken_;
  }
}

}  // namespace akgate
