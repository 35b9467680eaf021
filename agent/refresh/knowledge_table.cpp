// SPDX-License-Identifier: Apache-2.0
// Finding what is at hand, at each question.
#include "refresh/knowledge_table.hpp"

namespace akgate {

bool is_used(const Remembered& remembered, Standing standing) {
  const auto* const binding = known_in<Binding>(remembered.known);
  if (binding != nullptr && binding->word == Binding::Word::by_operator) return true;
  return !remembered.mishaps.trouble || standing != Standing::answers;
}

// There is one.
Number& KnowledgeTable::chain_of(const IndexKey& index) {
  return chains_[IndexKeyHash()(index) & (chains_.size() - 1)];
}

Number KnowledgeTable::row_of(const IndexKey& index) {
  if (chains_.empty()) return kNone;
  Number row = chain_of(index);
  while (row != kNone && rows_[row].habit.index != index) row = rows_[row].next;
  return row;
}

void KnowledgeTable::leave_room(Number hand) {
  const Hand& leaving = hands_[hand];
  Order& order = room(leaving.active);
  (leaving.newer == kNone ? order.newest : hands_[leaving.newer].older) = leaving.older;
  (leaving.older == kNone ? order.oldest : hands_[leaving.older].newer) = leaving.newer;
  --order.size;
}

void KnowledgeTable::enter_room(Number hand, bool active) {
  Hand& entering = hands_[hand];
  Order& order = room(active);
  entering.active = active;
  entering.newer = kNone;
  entering.older = order.newest;
  (order.newest == kNone ? order.oldest : hands_[order.newest].newer) = hand;
  order.newest = hand;
  ++order.size;
}

Remembered* KnowledgeTable::at_hand(Number number) {
  const Number hand = rows_[number].hand;
  return hand == kNone ? nullptr : &hands_[hand].remembered;
}

Remembered* KnowledgeTable::peek(const IndexKey& index) {
  const Number row = row_of(index);
  return row == kNone ? nullptr : at_hand(row);
}

Remembered* KnowledgeTable::find(const IndexKey& index) {
  Remembered* const remembered = peek(index);
  if (remembered == nullptr) return nullptr;
  const Number hand = rows_[remembered->number].hand;
  if (hands_[hand].newer != kNone) {
    leave_room(hand);
    enter_room(hand, hands_[hand].active);
  }
  return remembered;
}

}  // namespace akgate
