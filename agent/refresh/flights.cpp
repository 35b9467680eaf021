// SPDX-License-Identifier: Apache-2.0
// The desk's dealings with the register: what it is asked about, and when.
#include <algorithm>
#include <utility>

#include "refresh/desk.hpp"

namespace akgate {

namespace {

constexpr std::chrono::seconds kPauseBetweenAttempts{1};

}  // namespace

Desk::Flight* Desk::flight_for(const Subject& subject, Uid uid) {
  const IndexKey index = index_of(subject);
  const auto found = flights_.find(index);
  if (found != flights_.end()) return &found->second;
  if (!has_room_for_flight(uid)) return nullptr;
  // What stands on disk is known too: the clerk must not take an answer for the first (I5).
  static_cast<void>(recall(index, subject));
  Remembered* const remembered = table_.remember(index);
  if (remembered == nullptr) return nullptr;
  remembered->in_flight = true;
  remembered->set(whose(subject));
  if (uid != kNobody) {
    remembered->habit->usage.asked(parts_.loop.now(), settings_.policy.freshness.fresh_for);
  }
  const bool record = std::holds_alternative<AboutRecord>(subject);
  const auto rank = !record                               ? Line::Rank::proof
                    : is_worth_keeping(remembered->known) ? Line::Rank::known
                                                          : Line::Rank::other;
  line_.join(index, rank, uid);
  const auto [made, _] = flights_.emplace(
      index, Flight{.subject = subject, .rank = rank, .waiters = {}, .for_the_next = {}});
  return &made->second;
}

// Nobody holds more than half of the line (I12). What the agent itself asks is sent at once, or is
// one of a few: users' questions must not keep it from that.
bool Desk::has_room_for_flight(Uid uid) const {
  if (uid == kNobody) return flights_.size() < settings_.max_flights + settings_.max_in_flight;
  return flights_.size() < settings_.max_flights &&
         line_.waiting_for(uid) < settings_.max_flights / 2;
}

// Nobody waits for it any more, and it has not been sent. What is in use is asked about all the
// same when its turn comes, for the next who asks.
void Desk::drop(const IndexKey& index) {
  line_.leave(index);
  flights_.erase(index);
  Remembered* const remembered = table_.peek(index);
  if (remembered == nullptr) return;
  remembered->in_flight = false;
  plan(index);
}

// Sends what may be sent now, and sees to being woken when the next may.
void Desk::pump() {
  while (under_way_ < settings_.max_in_flight) {
    const BootTime now = parts_.loop.now();
    if (!breaker_.may_send(now) || !pacer_.may_send(now)) break;
    const std::optional<IndexKey> next = breaker_.silent() ? attempt() : next_in_turn();
    if (!next) break;
    send(*next, flights_.at(*next));
  }
  if (breaker_.silent()) {
    // An attempt under way pumps when it lands. One that could not be made must not be tried in a
    // tight loop.
    const BootTime soonest = parts_.loop.now() + kPauseBetweenAttempts;
    const BootTime due = std::max(*breaker_.retry_at(), pacer_.next());
    if (under_way_ == 0) wake_at(line_.empty() ? std::max(due, soonest) : due);
    return;
  }
  if (under_way_ == settings_.max_in_flight) return;  // Whatever lands pumps.
  std::optional<BootTime> when = schedule_.next();
  if (may_send(Line::Rank::known) || may_send(Line::Rank::other) || may_send(Line::Rank::proof)) {
    when = parts_.loop.now();
  }
  if (when) wake_at(std::max(*when, pacer_.next()));
}

// Guesses may not take all the places, in which they may hang; meter points and Data Users no more
// than half of them: they take a token, which may hang while records could be had.
bool Desk::may_send(Line::Rank rank) const {
  if (!line_.has(rank)) return false;
  const std::size_t places = settings_.max_in_flight;
  switch (rank) {
    case Line::Rank::known:
      return true;
    case Line::Rank::other:
      return others_under_way_ < std::max<std::size_t>(places - places / 4, 1);
    case Line::Rank::proof:
      break;
  }
  return room_for_proof();
}

bool Desk::room_for_proof() const {
  return proofs_under_way_ < std::max<std::size_t>(settings_.max_in_flight / 2, 1);
}

// Half the budget is kept for what is known, as far as that needs it (I12): questions first, then
// what is to be refreshed.
std::optional<IndexKey> Desk::next_in_turn() {
  const bool known =
      may_send(Line::Rank::known) || (schedule_.next() && *schedule_.next() <= parts_.loop.now());
  const bool rest = may_send(Line::Rank::other) || may_send(Line::Rank::proof);
  const bool within_half = pacer_of_rest_.may_send(parts_.loop.now());
  const bool turn_of_rest = rest && (!known || (within_half && !rest_was_last_));
  rest_was_last_ = turn_of_rest;
  if (turn_of_rest) {
    if (within_half) pacer_of_rest_.sent(parts_.loop.now());
    return next_of_rest();
  }
  if (may_send(Line::Rank::known)) return line_.take(Line::Rank::known);
  if (const auto refreshed = next_refresh()) return refreshed;
  return rest ? next_of_rest() : std::nullopt;
}

std::optional<IndexKey> Desk::next_of_rest() {
  const bool proof =
      may_send(Line::Rank::proof) && (!may_send(Line::Rank::other) || !proof_was_last_);
  proof_was_last_ = proof;
  return line_.take(proof ? Line::Rank::proof : Line::Rank::other);
}

void Desk::wake_at(BootTime when) {
  parts_.loop.cancel(wake_timer_);
  wake_due_ = when;
  wake_timer_ = parts_.loop.at(when, [this] {
    wake_timer_ = 0;
    pump();
  });
}

// The register is silent, and may be asked one question: not whoever stands first in line, who may
// be the one it stumbles over, but each time about another key that it is known to have answered
// for. So recovery is noticed within one step of back-off, whoever asks.
std::optional<IndexKey> Desk::attempt() {
  const IndexKey last = last_asked_ ? last_asked_->index : IndexKey{};
  const Witnesses::Witness* const witness = witnesses_.other_than(last);
  std::optional<Witnesses::Witness> about;
  if (witness != nullptr) {
    about = *witness;
  } else if (line_.empty()) {
    about = last_asked_;
  }
  if (about && flight_for(AboutRecord{about->key}, kNobody) != nullptr) {
    line_.leave(about->index);
    return about->index;
  }
  for (const auto rank : {Line::Rank::known, Line::Rank::other, Line::Rank::proof}) {
    if (const auto next = line_.take(rank)) return next;
  }
  return std::nullopt;
}

// Trouble with one key: ask about another, to see whose trouble it is.
void Desk::call_witness(const IndexKey& troubled) {
  if (breaker_.silent()) return;
  const Witnesses::Witness* const witness = witnesses_.other_than(troubled);
  if (witness == nullptr) return;
  const Witnesses::Witness about = *witness;
  witnesses_.asked(about.index);
  static_cast<void>(flight_for(AboutRecord{about.key}, kNobody));
}

// Trouble with a meter point or a Data User says nothing about the records, which other requests
// bring: no more than a guess does.
Breaker::Subject Desk::subject(const IndexKey& index, const Subject& about) {
  const Remembered* const remembered = table_.find(index);
  return {.key = index,
          .seen_active = std::holds_alternative<AboutRecord>(about) && remembered != nullptr &&
                         is_worth_keeping(remembered->known),
          .alone = witnesses_.other_than(index) == nullptr};
}

void Desk::send(const IndexKey& index, Flight& flight) {
  const BootTime now = parts_.loop.now();
  pacer_.sent(now);
  breaker_.sent();
  ++under_way_;
  if (flight.rank == Line::Rank::other) ++others_under_way_;
  flight.sent = true;
  flight.sent_at = now;
  flight.slow_timer =
      parts_.loop.at(now + settings_.check_timeout, [this, index] { find_slow(index); });
  if (const auto* const about = std::get_if<AboutRecord>(&flight.subject)) {
    last_asked_ = Witnesses::Witness{.index = index, .key = about->key};
    witnesses_.asked(index);
  } else {
    ++proofs_under_way_;
  }
  const Remembered* const remembered = table_.find(index);
  AKGATE_ASSERT(remembered != nullptr);
  parts_.clerk.run({.subject = flight.subject, .index = index, .known = remembered->known},
                   [this](const Report& report) { land(report); });
}

void Desk::find_slow(const IndexKey& index) {
  Flight& flight = flights_.at(index);
  flight.slow = true;
  const bool was_silent = breaker_.silent();
  breaker_.slow(subject(index, flight.subject), parts_.loop.now());
  if (std::holds_alternative<AboutRecord>(flight.subject)) call_witness(index);
  if (!was_silent && breaker_.silent()) {
    parts_.log.warning(
        "the register answers too slowly to wait for: what is known counts within its grace");
    note_silence(was_silent);
    dismiss_queued();
  }
  pump();
}

}  // namespace akgate
