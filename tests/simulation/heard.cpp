// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/heard.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

namespace {

// News is written within 2 s, and what could not be, 5 s after it can be.
constexpr std::chrono::seconds kWrittenWithin{12};

}  // namespace

void Hearsay::add(Heard heard) {
  heard.process = process_;
  Heard& kept = all_.emplace_back(std::move(heard));
  // What was asked before is not to be kept, however late it comes.
  for (const Order& order : orders_) {
    if (order.done && kept.statement.sent < order.said) apply(order, kept);
  }
  by_topic_[number_of(kept.statement.topic)].push_back(&kept);
  by_transaction_[kept.statement.transaction_id] = &kept;
  not_firm_.push_back(&kept);
  not_settled_.push_back(&kept);
}

void Hearsay::task_ended(bool disk_works) {
  // What could not be written is, some time after it can be.
  for (Heard* const heard : not_firm_) heard->firm = disk_works;
  not_firm_.clear();
}

void Hearsay::time_passes(Timestamp now, bool disk_works) {
  if (!disk_works) disk_works_since_ = now;
  std::erase_if(not_settled_, [&](Heard* heard) {
    const Timestamp since = std::max(disk_works_since_, heard->statement.delivered);
    heard->settled = now - since > kWrittenWithin;
    if (heard->settled) heard->firm = true;
    return heard->settled;
  });
}

std::size_t Hearsay::to_be_forgotten(std::optional<std::size_t> key, Timestamp now) {
  orders_.push_back({.key = key, .said = now});
  for (Heard& heard : all_) apply(orders_.back(), heard);
  return orders_.size() - 1;
}

void Hearsay::forgotten(std::size_t number) {
  Order& order = orders_[number];
  order.done = true;
  order.open = false;
  for (Heard& heard : all_) apply(order, heard);
}

// What came while it was being forgotten may be kept or not.
void Hearsay::apply(const Order& order, Heard& heard) {
  if (!order.is_about(heard.statement.topic)) return;
  const bool surely = order.done && heard.statement.sent < order.said;
  heard.forgotten =
      std::max(heard.forgotten, surely ? Heard::Forgotten::surely : Heard::Forgotten::perhaps);
}

void Hearsay::process_ended() {
  for (Order& order : orders_) {
    if (!std::exchange(order.open, false)) continue;
    for (Heard& heard : all_) apply(order, heard);
  }
  ++process_;
  not_firm_.clear();
  not_settled_.clear();
}

const Heard* Hearsay::by_transaction(const std::string& id) const {
  const auto found = by_transaction_.find(id);
  return found == by_transaction_.end() ? nullptr : found->second;
}

const std::vector<const Heard*>& Hearsay::about(const Topic& topic) const {
  static const std::vector<const Heard*> kNothing;
  const auto found = by_topic_.find(number_of(topic));
  return found == by_topic_.end() ? kNothing : found->second;
}

}  // namespace akgate
