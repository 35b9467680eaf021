// SPDX-License-Identifier: Apache-2.0
// What an answer of the register changes.
#include <utility>

#include "refresh/desk.hpp"

namespace akgate {

namespace {

constexpr std::chrono::minutes kComplainAgainAfter{1};
// One key may be refused for its own sake; so many in a row are the register's trouble, or that of
// something in between.
constexpr unsigned kUselessInARow = 5;

}  // namespace

void Desk::land(const Report& report) {
  auto landed = flights_.extract(report.index);
  AKGATE_ASSERT(!landed.empty());
  const Flight& flight = landed.mapped();
  parts_.loop.cancel(flight.slow_timer);
  latency_.note(parts_.loop.now() - flight.sent_at);
  ++endings_[static_cast<std::size_t>(report.ending.outcome)];
  --under_way_;
  if (flight.rank == Line::Rank::other) --others_under_way_;
  if (!std::holds_alternative<AboutRecord>(flight.subject)) --proofs_under_way_;

  const bool was_silent = breaker_.silent();
  count_for_breaker(report, flight);
  say_what_changed(report, flight.subject, was_silent);
  note_usefulness(report.ending);
  note_durability(report);
  note_silence(was_silent);
  if (!flight.forgetting.empty()) return land_unheeded(flight, report.index);
  absorb_and_tell(report, flight.subject);
  plan_after(report);

  // One request without an answer is enough for those who waited for it, whatever the breaker
  // thinks of the link.
  const Remembered* const remembered = table_.find(report.index);
  Settled::Part part;
  part.standing = is_known(report.fact)         ? Standing::answered_now
                  : remembered->mishaps.trouble ? *remembered->mishaps.trouble
                                                : silence_towards(remembered);
  if (is_known(report.fact)) part.answer_of = date_of(report.fact);
  // What is remembered may be pushed out by whom else there is to be asked about.
  const bool about_record = std::holds_alternative<AboutRecord>(flight.subject);
  if (about_record && report.ending.outcome == Outcome::silent) call_witness(report.index);
  for (const Ticket ticket : flight.waiters) {
    Waiter& waiter = waiters_.at(ticket);
    part_of(waiter.so_far, flight.subject) = part;
    std::erase(waiter.flights, report.index);
  }
  // Those who came too late for this one ask anew.
  for (const Ticket ticket : flight.for_the_next) {
    std::erase(waiters_.at(ticket).flights, report.index);
  }
  for (const Ticket ticket : flight.waiters) move_on(ticket);
  for (const Ticket ticket : flight.for_the_next) move_on(ticket);
  if (breaker_.silent()) dismiss_queued();
  pump();
}

void Desk::say_what_changed(const Report& report, const Subject& about, bool was_silent) {
  if (breaker_.silent() && !was_silent) {
    parts_.log.warning("the register does not answer (" + report.ending.detail +
                       "): what is known counts within its grace");
  } else if (was_silent && !breaker_.silent()) {
    parts_.log.info("the register answers again");
  } else if (!is_known(report.fact) && !table_.find(report.index)->mishaps.trouble) {
    // Once for each cause: who asks for thousands of keys must not fill the log (I12).
    const BootTime now = parts_.loop.now();
    if (last_complaint_ == report.ending.detail && now < complained_ + kComplainAgainAfter) return;
    last_complaint_ = report.ending.detail;
    complained_ = now;
    parts_.log.info(name_of(about) + ": no usable answer: " + report.ending.detail);
  }
}

// A register that answers everybody with rubbish is not silent, and no grace comes of it; but
// somebody has to be told.
void Desk::note_usefulness(const Ending& ending) {
  if (ending.requests == 0 || ending.outcome == Outcome::silent) return;
  const bool was_useless = is_useless();
  if (ending.outcome == Outcome::found || ending.outcome == Outcome::not_found) {
    useless_in_a_row_ = 0;
    if (was_useless) parts_.log.info("the register's answers can be used again");
    return;
  }
  useless_in_a_row_ = std::min(useless_in_a_row_ + 1, kUselessInARow);
  last_useless_ = ending.detail;
  if (!was_useless && is_useless()) {
    parts_.log.warning("nothing that the register answers can be used: " + ending.detail);
  }
}

bool Desk::is_useless() const { return useless_in_a_row_ >= kUselessInARow; }

// How operators and logs name it (I9).
std::string Desk::name_of(const Subject& about) const {
  if (const auto* const record = std::get_if<AboutRecord>(&about)) return fingerprint(record->key);
  if (const auto* const meter_point = std::get_if<AboutMeterPoint>(&about)) {
    return "the meter point of " + meter_point->record.fingerprint();
  }
  return std::string("Data User ").append(std::get_if<AboutDataUser>(&about)->duid.text());
}

void Desk::count_for_breaker(const Report& report, const Flight& flight) {
  const Ending& ending = report.ending;
  if (ending.requests == 0) {
    // The register has said nothing. What it would refuse is not to be asked for a while; what it
    // could not answer has a back-off of its own.
    breaker_.not_sent();
    pacer_.not_sent(parts_.loop.now());
    if (ending.outcome != Outcome::refused) return;
    pause_of(flight.subject) =
        parts_.loop.now() + std::max<BootClock::duration>(settings_.policy.freshness.not_found_for,
                                                          std::chrono::seconds(1));
    return;
  }
  for (unsigned more = 1; more < ending.requests; ++more) pacer_.sent(parts_.loop.now());
  if (ending.outcome == Outcome::silent) {
    breaker_.failed(subject(report.index, flight.subject), ending.silence, ending.retry_after,
                    parts_.loop.now());
  } else {
    breaker_.answered(!flight.slow);
    ++answers_;
    last_answer_ = parts_.loop.now();
  }
}

// News is what is no mere confirmation. What concerns a Data User may concern anybody.
void Desk::absorb_and_tell(const Report& report, const Subject& about) {
  const Remembered& before = *table_.find(report.index);
  const bool confirmed = !before.mishaps.trouble &&
                         before.mishaps.failures_while_others_succeed == 0 &&
                         say_the_same(before.known, report.fact);
  absorb(report, about);
  // Silence is news when the register as a whole falls silent (note_silence()). Each silence
  // towards one key would have its watchers ask again at once, and again.
  if (confirmed || report.ending.outcome == Outcome::silent) return;
  const auto* const meter_point = std::get_if<AboutMeterPoint>(&about);
  if (std::holds_alternative<AboutDataUser>(about)) {
    watchers_.tell_all();
  } else {
    watchers_.tell(meter_point == nullptr ? report.index : meter_point->record);
  }
}

// What the answer changes about its subject.
void Desk::absorb(const Report& report, const Subject& about) {
  Remembered* const remembered = table_.find(report.index);
  AKGATE_ASSERT(remembered != nullptr);
  switch (report.ending.outcome) {
    case Outcome::found:
    case Outcome::not_found:
      remembered->mishaps = {};
      learn(report.index, about, report.fact);
      return;
    case Outcome::refused:
    case Outcome::malformed: {
      Mishaps& mishaps = remembered->mishaps;
      mishaps.failures_in_a_row = 0;
      mishaps.trouble =
          report.ending.outcome == Outcome::refused ? Standing::refused : Standing::malformed;
      mishaps.trouble_since = parts_.loop.now();
      table_.note_change(*remembered);
      return;
    }
    case Outcome::silent: {
      Mishaps& mishaps = remembered->mishaps;
      ++mishaps.failures_in_a_row;
      table_.note_change(*remembered);
      mishaps.failed_at = parts_.loop.now();
      if (answers_ > mishaps.failed_at_success || mishaps.failures_while_others_succeed == 0) {
        ++mishaps.failures_while_others_succeed;
      }
      mishaps.failed_at_success = answers_;
      return;
    }
  }
}

void Desk::learn(const IndexKey& index, const Subject& about, const Fact& said) {
  if (const auto* const binding = known_in<Binding>(said)) {
    // The operator may have spoken while the register was being asked.
    const auto* const known = known_in<Binding>(table_.find(index)->known);
    ++changes_;  // A key's meter point may be blocked.
    table_.learn(index, std::make_shared<const Binding>(adopt(known, *binding)));
    return;
  }
  table_.learn(index, said);
  const auto* const record = std::get_if<AboutRecord>(&about);
  if (record == nullptr || !is_worth_keeping(said)) return;
  witnesses_.remember(index, record->key);
  // What the operator bound before the record was known is tied to it from now on. The clerk has
  // done the same on disk.
  const IndexKey binding_index = parts_.keys.binding_index_of(record->key);
  const Remembered* const remembered = table_.find(binding_index);
  if (remembered == nullptr) return;
  if (const auto* const binding = known_in<Binding>(remembered->known)) {
    table_.learn(binding_index, std::make_shared<const Binding>(pinned(*binding, said)));
  }
}

void Desk::note_durability(const Report& report) {
  table_.note_disk(report.index, report.on_disk);
  if (report.disk_owes == disk_owes_) return;
  disk_owes_ = report.disk_owes;
  ++changes_;
  watchers_.tell_all();
  if (disk_owes_) {
    parts_.log.error("the cache cannot be written: no grace for any key until it can be");
  } else {
    parts_.log.info("the cache can be written again");
  }
}

// The register fell silent: those in line for it are answered from what is known, at once. Only
// `mode=fresh` stays for its turn.
void Desk::dismiss_queued() {
  std::vector<Ticket> dismissed;
  for (const IndexKey& index : line_.all()) {
    Flight& flight = flights_.at(index);
    const auto dismiss = [&](Ticket ticket) {
      Waiter& waiter = waiters_.at(ticket);
      if (waiter.question.mode == Mode::fresh) return false;
      part_of(waiter.so_far, flight.subject).standing = standing_towards(table_.find(index));
      std::erase(waiter.flights, index);
      dismissed.push_back(ticket);
      return true;
    };
    std::erase_if(flight.waiters, dismiss);
    std::erase_if(flight.for_the_next, dismiss);
    if (!flight.waiters.empty() || !flight.for_the_next.empty()) continue;
    drop(index);
  }
  for (const Ticket ticket : dismissed) move_on(ticket);
}

}  // namespace akgate
