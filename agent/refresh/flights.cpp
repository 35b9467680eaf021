// SPDX-License-Identifier: Apache-2.0
// The desk's dealings with the register: what it is asked about, and when.
#include <algorithm>
#include <utility>

#include "refresh/desk.hpp"

namespace akgate {

namespace {

constexpr std::chrono::seconds kPauseBetweenAttempts{1};

}  // namespace

Desk::Flight* Desk::flight_for(const Subject& subject) {
  const IndexKey index = index_of(subject);
  const auto found = flights_.find(index);
  if (found != flights_.end()) return &found->second;
  if (flights_.size() >= settings_.max_flights) return nullptr;
  // What stands on disk is known too: the clerk must not take an answer for the first (I5).
  static_cast<void>(recall(index, subject));
  Remembered* const remembered = table_.remember(index);
  if (remembered == nullptr) return nullptr;
  remembered->in_flight = true;
  line_.push_back(index);
  const auto [made, _] =
      flights_.emplace(index, Flight{.subject = subject, .waiters = {}, .for_the_next = {}});
  return &made->second;
}

// Sends what may be sent now, and sees to being woken when the next may.
void Desk::pump() {
  while (under_way_ < settings_.max_in_flight) {
    const BootTime now = parts_.loop.now();
    if (!breaker_.may_send(now) || !pacer_.may_send(now)) break;
    if (breaker_.silent()) attempt();
    const auto next = next_in_line();
    if (next == line_.end()) break;
    const IndexKey index = *next;
    line_.erase(next);
    send(index, flights_.at(index));
  }
  if (breaker_.silent()) {
    // An attempt under way pumps when it lands. One that could not be made must not be tried in a
    // tight loop.
    const BootTime soonest = parts_.loop.now() + kPauseBetweenAttempts;
    const BootTime due = std::max(*breaker_.retry_at(), pacer_.next());
    if (under_way_ == 0) wake_at(line_.empty() ? std::max(due, soonest) : due);
  } else if (next_in_line() != line_.end() && under_way_ < settings_.max_in_flight) {
    wake_at(pacer_.next());
  }
}

// Meter points and Data Users hold half of the places at most: they take a token, which may hang
// while records could be had.
std::deque<IndexKey>::const_iterator Desk::next_in_line() const {
  const bool room_for_proof =
      proofs_under_way_ < std::max<std::size_t>(settings_.max_in_flight / 2, 1);
  return std::find_if(line_.begin(), line_.end(), [&](const IndexKey& index) {
    return room_for_proof || std::holds_alternative<AboutRecord>(flights_.at(index).subject);
  });
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
  if (!about || flight_for(AboutRecord{about->key}) == nullptr) return;
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
  static_cast<void>(flight_for(AboutRecord{about.key}));
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
  flight.sent = true;
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
    dismiss_queued();
  }
  pump();
}

}  // namespace akgate
