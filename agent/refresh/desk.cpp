// SPDX-License-Identifier: Apache-2.0
#include "refresh/desk.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

using std::chrono::milliseconds;

namespace {

// A key whose last answer made no sense is not asked about again before this has passed.
constexpr std::chrono::seconds kPauseAfterTrouble{1};

}  // namespace

Desk::Desk(Settings settings, Parts parts)
    : settings_(std::move(settings)),
      parts_(parts),
      table_(settings_.rooms),
      breaker_(settings_.breaker, settings_.seed),
      pacer_(settings_.max_requests_per_second) {}

// --- questions -----------------------------------------------------------------------------------

Answers::Ticket Desk::ask(const Question& question, milliseconds timeout, OnSettled on_settled) {
  if (!question.key) {
    on_settled({});
    return kSettled;
  }
  const IndexKey index = parts_.keys.index_of(*question.key);
  const BootTime deadline = parts_.loop.now() + timeout;
  if (const auto settled = settle_at_once(question, index, deadline)) {
    on_settled(*settled);
    return kSettled;
  }
  Flight* const flight =
      waiters_.size() < settings_.max_waiters ? flight_for(index, *question.key) : nullptr;
  if (flight == nullptr) {
    on_settled({.local = Reason::overloaded});
    return kSettled;
  }
  const Ticket ticket = ++last_ticket_;
  // An answer that was asked for before the question came in is not the answer to `mode=fresh`.
  const bool must_be_newer = question.mode == Mode::fresh && flight->sent;
  (must_be_newer ? flight->for_the_next : flight->waiters).push_back(ticket);
  waiters_.emplace(ticket,
                   Waiter{.index = index,
                          .mode = question.mode,
                          .on_settled = std::move(on_settled),
                          .timer = parts_.loop.at(deadline, [this, ticket] { give_up(ticket); })});
  pump();
  return ticket;
}

std::optional<Settled> Desk::settle_at_once(const Question& question, const IndexKey& index,
                                            BootTime deadline) {
  const Remembered* const remembered = recall(index, *question.key);
  const Settled now{.standing = standing_towards(remembered)};
  switch (question.mode) {
    case Mode::cached:
      return now;
    case Mode::fresh:
      // It waits its turn under back-off, but not for a turn that comes too late.
      if (breaker_.silent() && *breaker_.retry_at() > deadline) return now;
      return std::nullopt;
    case Mode::normal:
      break;
  }
  if (breaker_.silent()) return now;
  if (remembered == nullptr) return std::nullopt;
  if (remembered->trouble) {
    const bool pausing = parts_.loop.now() < remembered->trouble_since + kPauseAfterTrouble;
    return pausing ? std::optional(now) : std::nullopt;
  }
  if (must_ask(remembered->known.get(), settings_.policy.freshness, present())) return std::nullopt;
  return now;
}

Verdict Desk::verdict(const Question& question, const Settled& settled) {
  const Present at = present();
  if (settled.local != Reason::active) return local_verdict(settled.local, at);
  if (!question.key) return judge(nullptr, question, settings_.policy, at, Standing::answers);

  const Remembered* const remembered = recall(parts_.keys.index_of(*question.key), *question.key);
  const Knowledge* const known = remembered != nullptr ? remembered->known.get() : nullptr;
  const bool silent =
      settled.standing == Standing::silent || settled.standing == Standing::silent_for_key;
  // `mode=fresh` takes the register's word of now or nothing: what is remembered does not stand in
  // for it.
  if (silent && question.mode == Mode::fresh)
    return judge(nullptr, question, settings_.policy, at, settled.standing);

  Standing standing = settled.standing;
  if (standing == Standing::answered_now) {
    // The reply may have waited for its turn on the connection, while what it rests on grew old
    // (I3) or was evicted.
    const bool still_new =
        known != nullptr && at.now - known->as_of < settings_.policy.freshness.fresh_for;
    if (!still_new || remembered->trouble) standing = standing_towards(remembered);
  }
  return judge(known, question, settings_.policy, at, standing);
}

void Desk::cancel(Ticket ticket) {
  if (!waiters_.contains(ticket)) return;
  parts_.loop.cancel(take_out(ticket).timer);
}

// The question's own time is over.
void Desk::give_up(Ticket ticket) {
  const auto found = waiters_.find(ticket);
  AKGATE_ASSERT(found != waiters_.end());
  // A `mode=fresh` question that back-off kept from asking did not run out of time: the register
  // was silent.
  const auto flight = flights_.find(found->second.index);
  const bool held_back = breaker_.silent() && flight != flights_.end() && !flight->second.sent;
  const Waiter waiter = take_out(ticket);
  if (held_back) {
    waiter.on_settled({.standing = Standing::silent});
  } else {
    waiter.on_settled({.local = Reason::timeout});
  }
}

void Desk::settle(Ticket ticket, const Settled& settled) {
  const auto found = waiters_.find(ticket);
  if (found == waiters_.end()) return;
  const Waiter waiter = std::move(found->second);
  waiters_.erase(found);
  parts_.loop.cancel(waiter.timer);
  waiter.on_settled(settled);
}

Desk::Waiter Desk::take_out(Ticket ticket) {
  const auto found = waiters_.find(ticket);
  Waiter waiter = std::move(found->second);
  waiters_.erase(found);
  const auto flight = flights_.find(waiter.index);
  if (flight == flights_.end()) return waiter;  // It has landed, and its waiters are being told.
  std::erase(flight->second.waiters, ticket);
  std::erase(flight->second.for_the_next, ticket);
  if (!flight->second.sent && flight->second.waiters.empty()) {
    std::erase(line_, waiter.index);
    flights_.erase(flight);
    if (Remembered* const remembered = table_.find(waiter.index)) remembered->in_flight = false;
  }
  return waiter;
}

// --- what is known -------------------------------------------------------------------------------

Present Desk::present() {
  const TrustedNow now = parts_.time.now(parts_.clock.read());
  return {.now = now.now, .clock_trusted = now.trusted, .unaccounted = now.unaccounted};
}

Remembered* Desk::recall(const IndexKey& index, const AccessKey& key) {
  if (Remembered* const remembered = table_.find(index)) return remembered;
  auto stored = parts_.store.find(index);
  if (!stored) return nullptr;
  Remembered* const remembered = table_.remember(index, key);
  if (remembered == nullptr) return nullptr;
  table_.learn(index, std::make_shared<const Knowledge>(std::move(stored->knowledge)));
  return remembered;
}

Standing Desk::standing_towards(const Remembered* remembered) const {
  if (remembered != nullptr && remembered->trouble) return *remembered->trouble;
  return breaker_.silent() ? silence_towards(remembered) : Standing::answers;
}

Standing Desk::silence_towards(const Remembered* remembered) const {
  constexpr int kFailuresOfItsOwn = 3;
  const bool no_grace =
      disk_owes_ ||
      (remembered != nullptr && remembered->failures_while_others_succeed >= kFailuresOfItsOwn);
  return no_grace ? Standing::silent_for_key : Standing::silent;
}

}  // namespace akgate
