// SPDX-License-Identifier: Apache-2.0
#include "refresh/desk.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

using std::chrono::milliseconds;

namespace {

// A key whose last answer made no sense is not asked about again before this has passed.
constexpr std::chrono::seconds kPauseAfterTrouble{1};
// A reply that is written within this was not held up.
constexpr milliseconds kImmediately{100};

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
    on_settled(settled_now(Standing::answers));
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
  const Settled now = settled_now(standing_towards(remembered));
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
  const Standing standing = standing_at_writing(settled, remembered, at);
  const bool silent = standing == Standing::silent || standing == Standing::silent_for_key;
  // `mode=fresh` takes the register's word of now or nothing: what is remembered does not stand in.
  const bool nothing_counts = silent && question.mode == Mode::fresh;
  return judge(nothing_counts ? nullptr : known, question, settings_.policy, at, standing);
}

// A reply may have waited for its turn on the connection since its question was settled. Meanwhile
// the register may have spoken, and what the reply rests on may have grown old (I3).
Standing Desk::standing_at_writing(const Settled& settled, const Remembered* remembered,
                                   const Present& at) const {
  if (remembered != nullptr && remembered->trouble) return *remembered->trouble;
  const bool has_waited = parts_.loop.now() > settled.at + kImmediately;
  switch (settled.standing) {
    case Standing::answered_now: {
      // It may have been pushed out meanwhile, and an older word read back from disk.
      const bool is_known = remembered != nullptr && remembered->known &&
                            remembered->known->as_of >= settled.answer_of;
      const bool still_new = is_known && (!has_waited || at.now - remembered->known->as_of <
                                                             settings_.policy.freshness.fresh_for);
      return still_new ? Standing::answered_now : standing_towards(remembered);
    }
    case Standing::silent:
    case Standing::silent_for_key:
      return answers_ > settled.answers ? standing_towards(remembered) : settled.standing;
    case Standing::answers:
    case Standing::refused:
    case Standing::malformed:
      break;
  }
  return standing_towards(remembered);
}

Settled Desk::settled_now(Standing standing) const {
  Settled settled;
  settled.standing = standing;
  settled.at = parts_.loop.now();
  settled.answers = answers_;
  return settled;
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
    waiter.on_settled(settled_now(Standing::silent));
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
  if (was_ever_active(remembered->known)) witnesses_.remember(index, key);
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
