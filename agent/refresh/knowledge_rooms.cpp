// SPDX-License-Identifier: Apache-2.0
// What comes to be remembered, is put away, and is forgotten.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "refresh/knowledge_table.hpp"

namespace akgate {

namespace {

// How many of the least recently used places are looked at for one that may be given up: constant
// work per insert.
constexpr int kVictimsLookedAt = 64;
// Among so many habits the one least recently used is looked for.
constexpr int kHabitsLookedAt = 8;

}  // namespace

void Remembered::set(const Whose& whose) {
  habit->key.reset();
  data_user.reset();
  if (const auto* const key = std::get_if<AccessKey>(&whose)) habit->key = *key;
  if (const auto* const duid = std::get_if<Duid>(&whose)) {
    data_user = std::make_unique<const Duid>(*duid);
  }
}

KnowledgeTable::KnowledgeTable(Rooms rooms, Load& load)
    : rooms_{.active = rooms.active,
             .at_hand = std::min(rooms.at_hand, rooms.active),
             .others = rooms.others},
      load_(load) {}

void KnowledgeTable::grow_chains() {
  constexpr std::size_t kFewest = 64;
  const std::vector<Number> old = std::exchange(chains_, {});
  chains_.assign(std::max(kFewest, 2 * old.size()), kNone);
  for (Number row : old) {
    while (row != kNone) {
      const Number next = rows_[row].next;
      rows_[row].next = std::exchange(chain_of(rows_[row].habit.index), row);
      row = next;
    }
  }
}

void KnowledgeTable::drop_row(Number row) {
  Number* link = &chain_of(rows_[row].habit.index);
  while (*link != row) link = &rows_[*link].next;
  *link = rows_[row].next;
  rows_[row].habit.load.end(load_);
  rows_.give_back(row);
}

Remembered& KnowledgeTable::take_up(Number row, bool active) {
  const Number hand = hands_.take();
  Remembered& remembered = hands_[hand].remembered;
  remembered.habit = &rows_[row].habit;
  remembered.number = row;
  note_change(remembered);
  rows_[row].hand = hand;
  enter_room(hand, active);
  return remembered;
}

// Its habit stays.
void KnowledgeTable::let_go(Number hand) {
  leave_room(hand);
  rows_[hands_[hand].remembered.number].hand = kNone;
  hands_.give_back(hand);
  note_change(hands_[hand].remembered);  // It may be looked at by who rested on what was there.
}

// Only a key's is worth it: of Data Users there are few, and what was unlearned has no habit.
void KnowledgeTable::put_away(Number hand) {
  const Remembered& remembered = hands_[hand].remembered;
  const Number row = remembered.number;
  const bool has_habit = remembered.habit->key.has_value();
  if (has_habit && remembered.mishaps.any()) mishaps_[row] = remembered.mishaps;
  let_go(hand);
  if (!has_habit) return drop_row(row);
  ++put_away_;
}

Remembered* KnowledgeTable::remember(const IndexKey& index) {
  if (Remembered* const remembered = find(index)) return remembered;
  if (const Number row = row_of(index); row != kNone) {
    if (!make_room_at_hand()) return nullptr;
    --put_away_;
    Remembered& remembered = take_up(row, true);
    if (const auto left = mishaps_.extract(row)) remembered.mishaps = left.mapped();
    return &remembered;
  }
  if (!make_room_among_others()) return nullptr;
  if (active_.size + others_.size + put_away_ >= chains_.size()) grow_chains();
  const Number row = rows_.take();
  rows_[row].habit.index = index;
  rows_[row].next = std::exchange(chain_of(index), row);
  return &take_up(row, false);
}

void KnowledgeTable::learn(const IndexKey& index, Fact known) {
  Remembered* const remembered = peek(index);
  AKGATE_ASSERT(remembered != nullptr);
  remembered->known = std::move(known);
  note_change(*remembered);
  const Number hand = rows_[remembered->number].hand;
  if (hands_[hand].active || !is_worth_keeping(remembered->known) || !make_room_at_hand()) return;
  make_room_for_habit();
  leave_room(hand);
  enter_room(hand, true);
}

void KnowledgeTable::unlearn(const IndexKey& index) {
  const Number row = row_of(index);
  if (row == kNone) return;
  if (Remembered* const remembered = at_hand(row)) return empty(*remembered);
  mishaps_.erase(row);
  --put_away_;
  drop_row(row);
}

void KnowledgeTable::unlearn_all() {
  for (Number row = 0; put_away_ > 0; ++row) {
    if (is_put_away(row)) unlearn(IndexKey(rows_[row].habit.index));
  }
  for (const Order& order : {active_, others_}) {
    for (Number hand = order.newest; hand != kNone; hand = hands_[hand].older) {
      empty(hands_[hand].remembered);
    }
  }
}

// Its plans too, which would have it asked about again with nobody asking.
void KnowledgeTable::empty(Remembered& remembered) {
  note_change(remembered);
  remembered.known = {};
  const BootTime not_before = remembered.mishaps.refresh_not_before;
  remembered.mishaps = {};
  remembered.mishaps.refresh_not_before = not_before;
  remembered.data_user.reset();
  Habit& habit = *remembered.habit;
  habit.load.end(load_);
  const IndexKey index = habit.index;
  habit = {};
  habit.index = index;
}

// --- what gives way ------------------------------------------------------------------------------

// The least recently used one that may; kNone where none is found. Those that may not are out of
// the way then: else, while the disk fails, all behind them would stay too.
Number KnowledgeTable::victim_in(const Order& room, OnDisk most_lacking) {
  for (int looked = 0; looked < kVictimsLookedAt && room.oldest != kNone; ++looked) {
    const Number candidate = room.oldest;
    const Remembered& remembered = hands_[candidate].remembered;
    if (remembered.on_disk <= most_lacking && !remembered.in_flight) return candidate;
    leave_room(candidate);
    enter_room(candidate, hands_[candidate].active);
  }
  return kNone;
}

bool KnowledgeTable::make_room_among_others() {
  if (others_.size < rooms_.others) return true;
  Number victim = victim_in(others_, OnDisk::up_to_date);
  if (victim == kNone) victim = victim_in(others_, OnDisk::lacks_good);
  if (victim == kNone) return false;
  const Number row = hands_[victim].remembered.number;
  let_go(victim);
  drop_row(row);
  return true;
}

// What is to stay may take more than the room at hand; two give way for each that comes, until that
// is made up for.
bool KnowledgeTable::make_room_at_hand() {
  for (int i = 0; i < 2 && active_.size >= rooms_.at_hand; ++i) {
    Number victim = victim_in(active_, OnDisk::up_to_date);
    if (victim == kNone && active_.size < rooms_.active) return true;
    if (victim == kNone) victim = victim_in(active_, OnDisk::lacks_good);
    if (victim == kNone) return false;
    put_away(victim);
  }
  return true;
}

// One of a few that come next is given up, the least recently used of them: keeping all in order
// would take more memory than their habits.
void KnowledgeTable::make_room_for_habit() {
  if (active_.size + put_away_ < rooms_.active || put_away_ == 0) return;
  Number victim = kNone;
  for (std::size_t rows = 0, looked = 0; rows < rows_.size() && looked < kHabitsLookedAt; ++rows) {
    swept_ = swept_ + 1 < rows_.size() ? swept_ + 1 : 0;
    if (!is_put_away(swept_)) continue;
    ++looked;
    const auto last = [this](Number row) { return rows_[row].habit.usage.last(); };
    if (victim == kNone || last(swept_) < last(victim)) victim = swept_;
  }
  unlearn(IndexKey(rows_[victim].habit.index));
}

// --- what the disk lacks -------------------------------------------------------------------------

void KnowledgeTable::note_disk(const IndexKey& index, OnDisk on_disk) {
  if (on_disk == OnDisk::up_to_date) return;
  Remembered* const remembered = find(index);
  AKGATE_ASSERT(remembered != nullptr);
  if (remembered->on_disk == OnDisk::up_to_date) ahead_of_disk_.push_back(index);
  remembered->on_disk = std::max(remembered->on_disk, on_disk);
}

void KnowledgeTable::disk_has_caught_up() {
  for (const IndexKey& index : ahead_of_disk_) {
    if (Remembered* const remembered = peek(index)) remembered->on_disk = OnDisk::up_to_date;
  }
  ahead_of_disk_.clear();
  while (active_.size > rooms_.at_hand) {
    const Number victim = victim_in(active_, OnDisk::up_to_date);
    if (victim == kNone) return;
    put_away(victim);
  }
}

}  // namespace akgate
