// SPDX-License-Identifier: Apache-2.0
#include "refresh/register_clerk.hpp"

#include <utility>

namespace akgate {

using std::chrono::milliseconds;

namespace {

// A key's first knowledge, or one that has widened, reaches the disk within this.
constexpr milliseconds kWriteNewsWithin = std::chrono::seconds(1);
// What the register said before and the disk does not have, because it was pushed out or cannot be
// read: where more keys are in use than there is room for, it comes back in large batches.
constexpr milliseconds kWriteAgainWithin = std::chrono::hours(1);
// After a write that failed.
constexpr milliseconds kRetryWriteAfter = std::chrono::seconds(5);
// The mark moves on while offline too (I8). It may be missed for as long again: one that is older
// would let boots go uncharged.
constexpr milliseconds kMarkTimeEvery = std::chrono::minutes(30);
// That nothing has changed is written once an hour, behind a time mark: what is confirmed must not
// lie in the future after a crash. Losing it costs freshness at most (I6).
constexpr milliseconds kWriteLedgerEvery = std::chrono::hours(1);

Fact fact_of(const Errand&, VerifyOutcome& outcome) {
  Knowledge knowledge{
      .record = std::nullopt, .as_of = {}, .transaction_id = outcome.transaction_id};
  if (outcome.outcome == Outcome::found) knowledge.record = std::move(outcome.record);
  return std::make_shared<const Knowledge>(std::move(knowledge));
}

Fact fact_of(const Errand& errand, ListingOutcome& outcome) {
  const auto& about = *std::get_if<AboutMeterPoint>(&errand.subject);
  return std::make_shared<const Binding>(
      Binding{.mpxn = about.mpxn,
              .word = outcome.listed ? Binding::Word::listed : Binding::Word::not_listed,
              .identity_record_ref = about.identity_record_ref,
              .as_of = {},
              .transaction_id = outcome.transaction_id});
}

Fact fact_of(const Errand&, DataUserOutcome& outcome) {
  const bool found = outcome.outcome == Outcome::found;
  return std::make_shared<const DataUserStanding>(
      DataUserStanding{.status = found ? outcome.status : DataUserStatus::unknown,
                       .as_of = {},
                       .transaction_id = outcome.transaction_id});
}

// What is held on to from now on, of what was known and what was said, which is dated `as_of`.
Fact adopt(const Fact& known, const Fact& said, Timestamp as_of) {
  if (const auto* const knowledge = known_in<Knowledge>(said)) {
    Knowledge fresh = *knowledge;
    fresh.as_of = as_of;
    return std::make_shared<const Knowledge>(adopt(known_in<Knowledge>(known), std::move(fresh)));
  }
  if (const auto* const binding = known_in<Binding>(said)) {
    Binding fresh = *binding;
    fresh.as_of = as_of;
    return std::make_shared<const Binding>(adopt(known_in<Binding>(known), std::move(fresh)));
  }
  DataUserStanding fresh = *known_in<DataUserStanding>(said);
  fresh.as_of = as_of;
  return std::make_shared<const DataUserStanding>(std::move(fresh));
}

// Under which index it stands on disk.
IndexKey place_of(const Errand& errand) {
  const auto* const meter_point = std::get_if<AboutMeterPoint>(&errand.subject);
  return meter_point == nullptr ? errand.index : meter_point->record;
}

// The access key, of all but Data Users.
const AccessKey& key_of(const Errand& errand) {
  const auto* const record = std::get_if<AboutRecord>(&errand.subject);
  return record != nullptr ? record->key : std::get_if<AboutMeterPoint>(&errand.subject)->key;
}

// While the disk fails: more good news than this is not held for it.
constexpr std::size_t kMostHeld = 10'000;
// Each changes a page or two of LMDB's, which keeps memory for as many as any write ever took.
constexpr std::size_t kWrittenAtOnce = 32;

}  // namespace

RegisterClerk::RegisterClerk(Parts parts)
    : parts_(parts), ledger_due_(parts.own.now() + kWriteLedgerEvery) {
  parts_.own.post([this] { keep_time(); });
}

void RegisterClerk::run(Errand errand, OnReport on_report) {
  // Bounded by the desk: one errand a flight, at most `max-in-flight` flights under way.
  parts_.own.post([this, errand = std::move(errand), on_report = std::move(on_report)] {
    ask(errand, on_report);
  });
}

void RegisterClerk::on_caught_up(std::function<void()> caught_up) {
  parts_.own.post([this, caught_up = std::move(caught_up)] { caught_up_ = caught_up; });
}

void RegisterClerk::ask(const Errand& errand, const OnReport& on_report) {
  if (const auto* const record = std::get_if<AboutRecord>(&errand.subject)) {
    parts_.verifier.verify(record->key, reporting<VerifyOutcome>(errand, on_report));
  } else if (const auto* const at = std::get_if<AboutMeterPoint>(&errand.subject)) {
    parts_.verifier.verify_meter_point(at->key, at->mpxn,
                                       reporting<ListingOutcome>(errand, on_report));
  } else {
    parts_.verifier.verify_data_user(std::get_if<AboutDataUser>(&errand.subject)->duid,
                                     reporting<DataUserOutcome>(errand, on_report));
  }
}

template <typename End>
std::function<void(End)> RegisterClerk::reporting(const Errand& errand, const OnReport& on_report) {
  const BootTime sent_at = parts_.clock.read().boot;
  return [this, errand, on_report, sent_at](End end) {
    const bool told = end.outcome == Outcome::found || end.outcome == Outcome::not_found;
    const Fact said = told ? fact_of(errand, end) : Fact();
    parts_.desk.post([on_report, report = conclude(errand, sent_at, std::move(end), said)] {
      on_report(report);
    });
  };
}

Report RegisterClerk::conclude(const Errand& errand, BootTime sent_at, Ending&& ending,
                               const Fact& said) {
  heed_register_clock(ending);
  Report report{.index = errand.index, .ending = std::move(ending), .fact = {}};
  if (is_known(said)) {
    // Dated by the sending, in time as we know it since the answer told us.
    const ClockReading reading = parts_.clock.read();
    const Timestamp as_of =
        parts_.time.now(reading).now - std::chrono::ceil<milliseconds>(reading.boot - sent_at);
    const Fact known = known_about(errand);
    report.fact = adopt(known, said, as_of);
    report.on_disk = keep(errand, known, report.fact);
  }
  report.disk_owes = owes_ || (no_grace_from_ && *no_grace_from_ <= parts_.own.now());
  return report;
}

// What is held for the disk is newer than what the desk may have read from there. It may even have
// got there since, and what the desk knows be older than that (I5).
Fact RegisterClerk::known_about(const Errand& errand) const {
  Fact kept = kept_about(errand);
  // Of meter points the operator may have spoken since the errand was given.
  if (std::holds_alternative<AboutMeterPoint>(errand.subject) || !is_known(errand.known))
    return kept;
  const bool older = is_known(kept) && date_of(errand.known) < date_of(kept);
  return older ? kept : errand.known;
}

// What is held for the disk, or on it.
Fact RegisterClerk::kept_about(const Errand& errand) const {
  if (std::holds_alternative<AboutDataUser>(errand.subject)) {
    const auto held = held_data_users_.find(errand.index);
    auto stored = held != held_data_users_.end()
                      ? std::optional(held->second)
                      : parts_.store.find_data_user_as_writer(errand.index);
    if (!stored) return {};
    return std::make_shared<const DataUserStanding>(std::move(stored->standing));
  }
  const bool about_record = std::holds_alternative<AboutRecord>(errand.subject);
  const auto held = held_.find(place_of(errand));
  if (held != held_.end() && about_record && held->second.knowledge) return held->second.knowledge;
  if (held != held_.end() && !about_record && held->second.binding) return held->second.binding;
  auto stored = parts_.store.find_as_writer(place_of(errand));
  if (stored && about_record && stored->knowledge) {
    return std::make_shared<const Knowledge>(*std::move(stored->knowledge));
  }
  if (stored && !about_record && stored->binding) {
    return std::make_shared<const Binding>(*std::move(stored->binding));
  }
  return {};
}

// Whether this is the first word about a record that the operator bound before: from now on the
// binding stands and falls with it, after a crash too (I5).
bool RegisterClerk::pins_binding(const Errand& errand, const Fact& known, const Fact& fact) {
  if (!std::holds_alternative<AboutRecord>(errand.subject)) return false;
  if (is_worth_keeping(known) || !is_worth_keeping(fact)) return false;
  write_bindings();
  const auto stored = parts_.store.find_as_writer(errand.index);
  return stored && stored->binding && !stored->binding->identity_record_ref;
}

void RegisterClerk::heed_register_clock(const Ending& ending) {
  // A jump must survive a crash, else what had expired by the new time came back to life (I8).
  if (ending.attested) attest(*ending.attested);
  if (parts_.time.has_jumped(parts_.clock.read()) && !write_mark()) no_grace_from_ = BootTime{};
}

void RegisterClerk::attest(Timestamp said) {
  const auto taken = parts_.time.attest(said, parts_.clock.read());
  if (taken == TrustedTime::Attestation::taken) {
    wrong_clock_said_ = false;
  } else if (!wrong_clock_said_) {
    wrong_clock_said_ = true;
    parts_.log.warning("the register says it is " + format_timestamp(said) +
                       ", which cannot be; its clock is ignored");
  }
}

OnDisk RegisterClerk::keep(const Errand& errand, const Fact& known, const Fact& fact) {
  if (!is_worth_keeping(known) && !is_worth_keeping(fact)) return OnDisk::up_to_date;
  const bool bad_news = takes_away(known, fact) || pins_binding(errand, known, fact);
  if (!bad_news && confirm(errand, fact)) return OnDisk::up_to_date;
  const bool has_room = held_.size() + held_data_users_.size() < kMostHeld;
  if (!bad_news && !has_room && !held_.contains(place_of(errand))) return OnDisk::up_to_date;
  hold(errand, fact);
  if (bad_news) {
    owes_ = true;
    return write_held() ? OnDisk::up_to_date : OnDisk::lacks_bad;
  }
  const bool is_news = !say_the_same(known, fact);
  write_within(is_news ? kWriteNewsWithin : kWriteAgainWithin);
  return is_news ? OnDisk::lacks_good : OnDisk::up_to_date;
}

// Whether the disk has the very same already. What is held for it is not there yet.
bool RegisterClerk::confirm(const Errand& errand, const Fact& fact) {
  if (const auto* const about = std::get_if<AboutDataUser>(&errand.subject)) {
    return !held_data_users_.contains(errand.index) &&
           parts_.store.confirm_data_user(
               errand.index, {.duid = about->duid, .standing = *known_in<DataUserStanding>(fact)});
  }
  if (held_.contains(place_of(errand))) return false;
  Store::Entry entry{.index = place_of(errand), .record = {.key = key_of(errand)}};
  if (const auto* const knowledge = known_in<Knowledge>(fact)) entry.record.knowledge = *knowledge;
  if (const auto* const binding = known_in<Binding>(fact)) entry.record.binding = *binding;
  return parts_.store.confirm(entry);
}

void RegisterClerk::hold(const Errand& errand, const Fact& fact) {
  if (const auto* const about = std::get_if<AboutDataUser>(&errand.subject)) {
    held_data_users_.insert_or_assign(
        errand.index,
        StoredDataUser{.duid = about->duid, .standing = *known_in<DataUserStanding>(fact)});
    return;
  }
  Held& held = held_
                   .try_emplace(place_of(errand),
                                Held{.key = key_of(errand), .knowledge = {}, .binding = {}})
                   .first->second;
  if (std::holds_alternative<AboutRecord>(errand.subject)) {
    held.knowledge = *std::get_if<KnowledgePtr>(&fact);
  } else {
    held.binding = *std::get_if<BindingPtr>(&fact);
  }
}

void RegisterClerk::write_within(milliseconds delay) {
  const BootTime due = parts_.own.now() + delay;
  if (write_timer_ != 0 && write_due_ <= due) return;
  parts_.own.cancel(write_timer_);
  write_due_ = due;
  write_timer_ = parts_.own.at(due, [this] {
    write_timer_ = 0;
    static_cast<void>(
        write_held());  // What fails has been said, is still held, and will be tried again.
  });
}

Status RegisterClerk::write_held() {
  Status written = write_some_held();
  while (written && !held_.empty()) written = write_some_held();
  for (auto held = held_data_users_.begin(); written && held != held_data_users_.end();) {
    written = parts_.store.put_data_user(held->first, held->second);
    if (written) held = held_data_users_.erase(held);
  }
  if (written) {
    owes_ = false;
    parts_.own.cancel(write_timer_);
    write_timer_ = 0;
    parts_.desk.post(caught_up_);
  }
  note(written);
  return written;
}

// Even of nothing, for the time mark that it takes along.
Status RegisterClerk::write_some_held() {
  std::vector<Store::Entry> entries;
  auto until = held_.begin();
  for (; until != held_.end() && entries.size() < kWrittenAtOnce; ++until) {
    const auto& [index, held] = *until;
    if (!held.knowledge && !held.binding) continue;
    Store::Entry& entry =
        entries.emplace_back(Store::Entry{.index = index, .record = {.key = held.key}});
    if (held.knowledge) entry.record.knowledge = *held.knowledge;
    if (held.binding) entry.record.binding = *held.binding;
  }
  Status written = parts_.store.put(entries, parts_.time.mark(parts_.clock.read()));
  if (written) held_.erase(held_.begin(), until);
  return written;
}

// What came of a write that took the time mark along. Trouble is said once, until it is over.
void RegisterClerk::note(const Status& written) {
  if (written) {
    no_grace_from_.reset();
    trouble_said_ = false;
    return;
  }
  if (!std::exchange(trouble_said_, true)) parts_.log.error(written.error().what());
  if (!no_grace_from_) no_grace_from_ = parts_.own.now() + kMarkTimeEvery;
  write_within(kRetryWriteAfter);
}

void RegisterClerk::keep_time() {
  if (write_mark() && parts_.own.now() >= ledger_due_) {
    write_ledger();
    ledger_due_ = parts_.own.now() + kWriteLedgerEvery;
  }
  static_cast<void>(parts_.own.at(parts_.own.now() + kMarkTimeEvery, [this] { keep_time(); }));
}

bool RegisterClerk::write_mark() {
  const Status kept = parts_.store.put_time_mark(parts_.time.mark(parts_.clock.read()));
  note(kept);
  return kept.ok();
}

void RegisterClerk::write_ledger() {
  const Status kept = parts_.store.write_ledger();
  if (!kept) parts_.log.error(kept.error().what());
}

void RegisterClerk::flush() {
  write_bindings();
  write_blocks();
  const bool nothing_held = held_.empty() && held_data_users_.empty();
  if ((!nothing_held && write_held().ok()) || write_mark()) write_ledger();
}

}  // namespace akgate
