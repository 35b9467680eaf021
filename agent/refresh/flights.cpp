// SPDX-License-Identifier: Apache-2.0
// The desk's dealings with the register: who is asked about, when, and what an answer changes.
#include <algorithm>
#include <utility>

#include "refresh/desk.hpp"

namespace akgate {

namespace {

constexpr std::chrono::seconds kPauseBetweenAttempts{1};

}  // namespace

Desk::Flight* Desk::flight_for(const IndexKey& index, const AccessKey& key) {
  const auto found = flights_.find(index);
  if (found != flights_.end()) return &found->second;
  if (flights_.size() >= settings_.max_flights) return nullptr;
  // What stands on disk is known too: the clerk must not take an answer for the first (I5).
  static_cast<void>(recall(index, key));
  Remembered* const remembered = table_.remember(index, key);
  if (remembered == nullptr) return nullptr;
  remembered->in_flight = true;
  line_.push_back(index);
  return &flights_.emplace(index, Flight(key)).first->second;
}

// Sends what may be sent now, and sees to being woken when the next may.
void Desk::pump() {
  while (under_way_ < settings_.max_in_flight) {
    const BootTime now = parts_.loop.now();
    if (!breaker_.may_send(now) || !pacer_.may_send(now)) break;
    if (breaker_.silent()) attempt();
    if (line_.empty()) break;
    const IndexKey index = line_.front();
    line_.pop_front();
    send(index, flights_.at(index));
  }
  if (breaker_.silent()) {
    // An attempt under way pumps when it lands. One that could not be made must not be tried in a
    // tight loop.
    const BootTime soonest = parts_.loop.now() + kPauseBetweenAttempts;
    const BootTime due = std::max(*breaker_.retry_at(), pacer_.next());
    if (under_way_ == 0) wake_at(line_.empty() ? std::max(due, soonest) : due);
  } else if (!line_.empty() && under_way_ < settings_.max_in_flight) {
    wake_at(pacer_.next());
  }
}

void Desk::wake_at(BootTime when) {
  parts_.loop.cancel(wake_timer_);
  wake_timer_ = parts_.loop.at(when, [this] {
    wake_timer_ = 0;
    pump();
  });
}

// The register is silent, and may be asked one question: not whoever stands first in line, who may
// be the one it stumbles over, but each time about another key that it is known to have answered
// for. So recovery is noticed within one step of back-off, whoever asks.
void Desk::attempt() {
  const IndexKey last = last_asked_ ? last_asked_->index : IndexKey{};
  const Witnesses::Witness* const witness = witnesses_.other_than(last);
  if (witness == nullptr && !line_.empty()) return;
  const std::optional<Witnesses::Witness> about =
      witness != nullptr ? std::optional(*witness) : last_asked_;
  if (!about || flight_for(about->index, about->key) == nullptr) return;
  std::erase(line_, about->index);
  line_.push_front(about->index);
}

// Trouble with one key: ask about another, to see whose trouble it is.
void Desk::call_witness(const IndexKey& troubled) {
  if (breaker_.silent()) return;
  const Witnesses::Witness* const witness = witnesses_.other_than(troubled);
  if (witness == nullptr) return;
  const Witnesses::Witness about = *witness;
  witnesses_.asked(about.index);
  static_cast<void>(flight_for(about.index, about.key));
}

Breaker::Subject Desk::subject(const IndexKey& index) {
  const Remembered* const remembered = table_.find(index);
  return {.key = index,
          .seen_active = remembered != nullptr && was_ever_active(remembered->known),
          .alone = witnesses_.other_than(index) == nullptr};
}

void Desk::send(const IndexKey& index, Flight& flight) {
  const BootTime now = parts_.loop.now();
  pacer_.sent(now);
  breaker_.sent();
  ++under_way_;
  flight.sent = true;
  flight.slow_timer =
      parts_.loop.at(now + settings_.check_timeout, [this, index] { find_slow(index); });
  last_asked_ = Witnesses::Witness{.index = index, .key = flight.key};
  witnesses_.asked(index);
  const Remembered* const remembered = table_.find(index);
  AKGATE_ASSERT(remembered != nullptr);
  parts_.clerk.run({.key = flight.key, .index = index, .known = remembered->known},
                   [this](const Report& report) { land(report); });
}

void Desk::find_slow(const IndexKey& index) {
  flights_.at(index).slow = true;
  const bool was_silent = breaker_.silent();
  breaker_.slow(subject(index), parts_.loop.now());
  call_witness(index);
  if (!was_silent && breaker_.silent()) {
    parts_.log.warning(
        "the register answers too slowly to wait for: what is known counts within its grace");
    dismiss_queued();
  }
  pump();
}

void Desk::land(const Report& report) {
  auto landed = flights_.extract(report.index);
  AKGATE_ASSERT(!landed.empty());
  Flight& flight = landed.mapped();
  parts_.loop.cancel(flight.slow_timer);
  --under_way_;

  const bool was_silent = breaker_.silent();
  count_for_breaker(report, !flight.slow);
  say_what_changed(report, was_silent);
  note_durability(report);
  absorb(report);
  if (report.outcome.outcome == Outcome::silent) call_witness(report.index);
  board_next(report.index, flight);

  // One request without an answer is enough for those who waited for it, whatever the breaker
  // thinks of the link.
  const Remembered* const remembered = table_.find(report.index);
  const Standing standing = report.knowledge      ? Standing::answered_now
                            : remembered->trouble ? *remembered->trouble
                                                  : silence_towards(remembered);
  Settled settled = settled_now(standing);
  if (report.knowledge) settled.answer_of = report.knowledge->as_of;
  for (const Ticket ticket : flight.waiters) settle(ticket, settled);
  if (breaker_.silent()) dismiss_queued();
  pump();
}

void Desk::say_what_changed(const Report& report, bool was_silent) const {
  if (breaker_.silent() && !was_silent) {
    parts_.log.warning("the register does not answer (" + report.outcome.detail +
                       "): what is known counts within its grace");
  } else if (was_silent && !breaker_.silent()) {
    parts_.log.info("the register answers again");
  } else if (!report.knowledge) {
    parts_.log.info(report.index.fingerprint() + ": no usable answer: " + report.outcome.detail);
  }
}

// Those who asked `mode=fresh` after the flight had left take the next one.
void Desk::board_next(const IndexKey& index, const Flight& landed) {
  if (landed.for_the_next.empty()) return;
  Flight* const next = flight_for(index, landed.key);
  AKGATE_ASSERT(next != nullptr);  // The landed one has just freed its place.
  next->waiters.insert(next->waiters.end(), landed.for_the_next.begin(), landed.for_the_next.end());
}

void Desk::count_for_breaker(const Report& report, bool in_time) {
  if (report.outcome.outcome == Outcome::silent) {
    breaker_.failed(subject(report.index), report.outcome.silence, report.outcome.retry_after,
                    parts_.loop.now());
  } else {
    breaker_.answered(in_time);
    ++answers_;
  }
}

// What the answer changes about its key.
void Desk::absorb(const Report& report) {
  Remembered* const remembered = table_.find(report.index);
  AKGATE_ASSERT(remembered != nullptr);
  remembered->in_flight = false;
  switch (report.outcome.outcome) {
    case Outcome::record:
    case Outcome::not_found:
      remembered->trouble.reset();
      remembered->failures_while_others_succeed = 0;
      table_.learn(report.index, report.knowledge);
      if (was_ever_active(report.knowledge)) {
        witnesses_.remember(report.index, remembered->key);
      }
      return;
    case Outcome::refused:
    case Outcome::malformed:
      remembered->trouble =
          report.outcome.outcome == Outcome::refused ? Standing::refused : Standing::malformed;
      remembered->trouble_since = parts_.loop.now();
      return;
    case Outcome::silent:
      if (answers_ > remembered->failed_at_success ||
          remembered->failures_while_others_succeed == 0) {
        ++remembered->failures_while_others_succeed;
      }
      remembered->failed_at_success = answers_;
      return;
  }
}

void Desk::note_durability(const Report& report) {
  if (!report.durable) table_.owe_to_disk(report.index);
  if (report.disk_owes == disk_owes_) return;
  disk_owes_ = report.disk_owes;
  if (disk_owes_) {
    parts_.log.error(
        "a denial could not be written to the cache: no grace for any key until it can be");
  } else {
    table_.disk_has_caught_up();
    parts_.log.info("the cache can be written again");
  }
}

// The register fell silent: those in line for it are answered from what is known, at once. Only
// `mode=fresh` stays for its turn.
void Desk::dismiss_queued() {
  std::vector<Ticket> dismissed;
  for (const IndexKey& index : line_) {
    for (const Ticket ticket : flights_.at(index).waiters) {
      if (waiters_.at(ticket).mode != Mode::fresh) dismissed.push_back(ticket);
    }
  }
  for (const Ticket ticket : dismissed) {
    const auto found = waiters_.find(ticket);
    if (found == waiters_.end()) continue;
    const Settled settled = settled_now(standing_towards(table_.find(found->second.index)));
    const Waiter waiter = take_out(ticket);
    parts_.loop.cancel(waiter.timer);
    waiter.on_settled(settled);
  }
}

}  // namespace akgate
