// SPDX-License-Identifier: Apache-2.0
// What the operator wants forgotten.
#include <memory>
#include <utility>

#include "refresh/desk.hpp"
#include "refresh/not_durable.hpp"

namespace akgate {

void Desk::forget(const AccessKey& key, OnDone on_done) {
  const IndexKey record = parts_.keys.index_of(key);
  const IndexKey binding = parts_.keys.binding_index_of(key);
  const auto unlearn = [this, record, binding] {
    ++changes_;
    memo_.clear();
    table_.unlearn(record);
    table_.unlearn(binding);
    witnesses_.forget(record);
    if (last_asked_ && last_asked_->index == record) last_asked_.reset();
    watchers_.tell(record);
  };
  unlearn();
  drop_if_unwanted(record);
  drop_if_unwanted(binding);
  once_landed({record, binding}, [this, record, unlearn, on_done = std::move(on_done)] {
    parts_.clerk.forget(record, [unlearn, on_done](const Status& kept) {
      if (kept) unlearn();  // It may have been read back until now.
      on_done(refusal_of(kept));
    });
  });
}

void Desk::forget_all(OnDone on_done) {
  const auto unlearn = [this] {
    ++changes_;
    memo_.clear();
    table_.unlearn_all();
    witnesses_.forget_all();
    last_asked_.reset();
    watchers_.tell_all();
  };
  unlearn();
  std::vector<IndexKey> all;
  for (const auto& [index, flight] : flights_) all.push_back(index);
  for (const IndexKey& index : all) drop_if_unwanted(index);
  once_landed(all, [this, unlearn, on_done = std::move(on_done)] {
    parts_.clerk.forget_all([unlearn, on_done](const Status& kept) {
      if (kept) unlearn();
      on_done(refusal_of(kept));
    });
  });
}

// It stands in line to be asked about ahead of need; but what is forgotten is asked about when
// somebody asks for it, and not before.
void Desk::drop_if_unwanted(const IndexKey& index) {
  const auto found = flights_.find(index);
  if (found == flights_.end() || found->second.sent) return;
  if (found->second.waiters.empty() && found->second.for_the_next.empty()) drop(index);
}

// What the register is being asked about these now was asked before, and is not to be kept.
void Desk::once_landed(const std::vector<IndexKey>& indices, Task then) {
  auto awaited = std::make_shared<std::size_t>(1);
  const auto landed = [awaited, then = std::move(then)] {
    if (--*awaited == 0) then();
  };
  for (const IndexKey& index : indices) {
    const auto found = flights_.find(index);
    if (found == flights_.end() || !found->second.sent) continue;
    found->second.forgetting.emplace_back(landed);
    ++*awaited;
  }
  landed();
}

// As if it had brought nothing: who waited for it asks anew, once what it left behind is gone.
void Desk::land_unheeded(const Flight& flight, const IndexKey& index) {
  table_.find(index)->in_flight = false;
  for (const Task& then : flight.forgetting) then();
  std::vector<Ticket> waiting = flight.waiters;
  waiting.insert(waiting.end(), flight.for_the_next.begin(), flight.for_the_next.end());
  for (const Ticket ticket : waiting) std::erase(waiters_.at(ticket).flights, index);
  for (const Ticket ticket : waiting) move_on(ticket);
  if (breaker_.silent()) dismiss_queued();
  pump();
}

}  // namespace akgate
