// SPDX-License-Identifier: Apache-2.0
#include "refresh/register_clerk.hpp"

#include <utility>

namespace akgate {

using std::chrono::milliseconds;

namespace {

// A key's first knowledge, or one that has widened, reaches the disk within this.
constexpr milliseconds kWriteNewsWithin = std::chrono::seconds(1);
// "Still active, nothing that matters changed" can wait long: losing it costs freshness at most
// (I6).
constexpr milliseconds kWriteConfirmationsWithin = std::chrono::minutes(10);
// After a write that failed.
constexpr milliseconds kRetryWriteAfter = std::chrono::seconds(5);
// The mark moves on while offline too (I8).
constexpr milliseconds kMarkTimeEvery = std::chrono::minutes(30);

bool same_record(const KnowledgePtr& known, const Knowledge& knowledge) {
  return known && known->record == knowledge.record;
}

// While the disk fails: more good news than this is not held for it.
constexpr std::size_t kMostHeld = 10'000;

}  // namespace

RegisterClerk::RegisterClerk(Parts parts) : parts_(parts) {
  parts_.own.post([this] { keep_time(); });
}

void RegisterClerk::run(Errand errand, OnReport on_report) {
  // Bounded by the desk: one errand a flight, at most `max-in-flight` flights under way.
  parts_.own.post([this, errand = std::move(errand), on_report = std::move(on_report)] {
    ask(errand, on_report);
  });
}

void RegisterClerk::ask(const Errand& errand, const OnReport& on_report) {
  const BootTime sent_at = parts_.clock.read().boot;
  parts_.verifier.verify(errand.key, [this, errand, on_report, sent_at](VerifyOutcome outcome) {
    parts_.desk.post(
        [on_report, report = conclude(errand, sent_at, std::move(outcome))] { on_report(report); });
  });
}

Report RegisterClerk::conclude(const Errand& errand, BootTime sent_at, VerifyOutcome outcome) {
  heed_register_clock(outcome);
  Report report{.index = errand.index, .outcome = std::move(outcome), .knowledge = nullptr};
  const bool is_record = report.outcome.outcome == Outcome::record;
  if (is_record || report.outcome.outcome == Outcome::not_found) {
    // Dated by the sending, in time as we know it since the answer told us.
    const ClockReading reading = parts_.clock.read();
    Knowledge fresh{.record = std::nullopt,
                    .as_of = parts_.time.now(reading).now -
                             std::chrono::ceil<milliseconds>(reading.boot - sent_at),
                    .transaction_id = report.outcome.transaction_id};
    if (is_record) fresh.record = std::move(report.outcome.record);
    const KnowledgePtr known = known_about(errand);
    report.knowledge = std::make_shared<const Knowledge>(adopt(known.get(), std::move(fresh)));
    report.durable = keep(errand, known, report.knowledge);
  }
  report.disk_owes = owes_;
  return report;
}

// What is held for the disk is newer than what the desk may have read from there.
KnowledgePtr RegisterClerk::known_about(const Errand& errand) const {
  const auto held = held_.find(errand.index);
  return held != held_.end() ? held->second.knowledge : errand.known;
}

void RegisterClerk::heed_register_clock(const VerifyOutcome& outcome) {
  // A jump must survive a crash, else what had expired by the new time came back to life (I8).
  if (outcome.attested) attest(*outcome.attested);
  if (parts_.time.has_jumped(parts_.clock.read())) write_mark();
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

// False where bad news could not be made durable.
bool RegisterClerk::keep(const Errand& errand, const KnowledgePtr& known,
                         const KnowledgePtr& knowledge) {
  if (!was_ever_active(known) && !was_ever_active(knowledge)) return true;
  const bool bad_news = takes_away(known.get(), *knowledge);
  if (!bad_news && held_.size() >= kMostHeld && !held_.contains(errand.index)) return true;
  held_.insert_or_assign(errand.index, Held{.key = errand.key, .knowledge = knowledge});
  if (bad_news) {
    owes_ = true;
    return write_held().ok();
  }
  write_within(same_record(known, *knowledge) ? kWriteConfirmationsWithin : kWriteNewsWithin);
  return true;
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
  std::vector<Store::Entry> entries;
  entries.reserve(held_.size());
  for (const auto& [index, held] : held_) {
    entries.push_back({.index = index, .record = {.key = held.key, .knowledge = *held.knowledge}});
  }
  Status written = parts_.store.put(entries, parts_.time.mark(parts_.clock.read()));
  if (written) {
    held_.clear();
    owes_ = false;
    parts_.own.cancel(write_timer_);
    write_timer_ = 0;
  } else {
    parts_.log.error(written.error().what());
    write_within(kRetryWriteAfter);
  }
  return written;
}

void RegisterClerk::keep_time() {
  write_mark();
  static_cast<void>(parts_.own.at(parts_.own.now() + kMarkTimeEvery, [this] { keep_time(); }));
}

void RegisterClerk::write_mark() {
  const Status kept = parts_.store.put_time_mark(parts_.time.mark(parts_.clock.read()));
  if (!kept) parts_.log.error(kept.error().what());
}

void RegisterClerk::flush() {
  if (held_.empty() || !write_held().ok()) write_mark();
}

}  // namespace akgate
