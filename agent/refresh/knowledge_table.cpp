// SPDX-License-Identifier: Apache-2.0
#include "refresh/knowledge_table.hpp"

#include <utility>

#include "base/assert.hpp"

namespace akgate {

namespace {

// How many of the least recently used places are looked at for one that may be given up: constant
// work per insert.
constexpr int kVictimsLookedAt = 64;

// Its plans too, which would have it asked about again with nobody asking.
void empty(Remembered& remembered) {
  ++remembered.changes;
  remembered.known = {};
  remembered.trouble.reset();
  remembered.failures_in_a_row = 0;
  remembered.failures_while_others_succeed = 0;
  remembered.whose = {};
  remembered.usage = {};
  remembered.asked_since_planned = false;
  remembered.refresh_due = Remembered::kNever;
  remembered.planned = Remembered::kNever;
  remembered.load.end();
}

}  // namespace

bool is_used(const Remembered& remembered, Standing standing) {
  const auto* const binding = known_in<Binding>(remembered.known);
  if (binding != nullptr && binding->word == Binding::Word::by_operator) return true;
  return !remembered.trouble || standing != Standing::answers;
}

Remembered* KnowledgeTable::find(const IndexKey& index) {
  const auto found = by_index_.find(index);
  if (found == by_index_.end()) return nullptr;
  Place& place = found->second;
  Order& order = room(place.in_active_room);
  order.splice(order.begin(), order, place.position);
  return &place.remembered;
}

Remembered* KnowledgeTable::peek(const IndexKey& index) {
  const auto found = by_index_.find(index);
  return found == by_index_.end() ? nullptr : &found->second.remembered;
}

Remembered* KnowledgeTable::remember(const IndexKey& index) {
  if (Remembered* const known_already = find(index)) return known_already;
  if (others_.size() >= rooms_.others && !make_room(false)) return nullptr;
  others_.push_front(index);
  const auto [made, _] = by_index_.try_emplace(index);
  made->second.position = others_.begin();
  return &made->second.remembered;
}

void KnowledgeTable::learn(const IndexKey& index, Fact known) {
  const auto found = by_index_.find(index);
  AKGATE_ASSERT(found != by_index_.end());
  Place& place = found->second;
  place.remembered.known = std::move(known);
  ++place.remembered.changes;
  const bool belongs_to_active = place.in_active_room || is_worth_keeping(place.remembered.known);
  if (belongs_to_active == place.in_active_room) return;
  if (active_.size() >= rooms_.active && !make_room(true)) return;
  active_.splice(active_.begin(), others_, place.position);
  place.in_active_room = true;
}

void KnowledgeTable::unlearn(const IndexKey& index) {
  const auto found = by_index_.find(index);
  if (found != by_index_.end()) empty(found->second.remembered);
}

void KnowledgeTable::unlearn_all() {
  for (auto& [index, place] : by_index_) empty(place.remembered);
}

bool KnowledgeTable::make_room(bool active) {
  Order& order = room(active);
  auto candidate = order.end();
  for (int looked = 0; looked < kVictimsLookedAt && candidate != order.begin(); ++looked) {
    --candidate;
    const auto found = by_index_.find(*candidate);
    const Remembered& remembered = found->second.remembered;
    if (remembered.owed_to_disk || remembered.in_flight) continue;
    order.erase(candidate);
    by_index_.erase(found);
    ++removals_;
    return true;
  }
  return false;
}

void KnowledgeTable::owe_to_disk(const IndexKey& index) {
  Remembered* const remembered = find(index);
  AKGATE_ASSERT(remembered != nullptr);
  if (remembered->owed_to_disk) return;
  remembered->owed_to_disk = true;
  owed_.push_back(index);
}

void KnowledgeTable::disk_has_caught_up() {
  for (const IndexKey& index : owed_) {
    const auto found = by_index_.find(index);
    if (found != by_index_.end()) found->second.remembered.owed_to_disk = false;
  }
  owed_.clear();
}

}  // namespace akgate
