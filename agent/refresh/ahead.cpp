// SPDX-License-Identifier: Apache-2.0
// Asking ahead of need, so that nobody has to wait, and an outage finds what is known young.
#include <algorithm>
#include <utility>

#include "refresh/desk.hpp"

namespace akgate {

using std::chrono::milliseconds;

namespace {

// A refresh that failed is tried again after this at the soonest.
constexpr std::chrono::seconds kPauseAfterFailure{30};
// Until there is room for another meter point or Data User.
constexpr std::chrono::seconds kPauseForProofs{1};
// keep_warm() looks at records in such steps, so that a few cost few wake-ups.
constexpr std::size_t kWarmedAtOnce = 16;
// … and at each of them so many times within the shortest grace.
constexpr int kWarmRounds = 16;
constexpr std::chrono::seconds kRestWhileSilent{30};

// Whether there is any sense in keeping it fresh.
bool can_allow(const Fact& fact) {
  if (const auto* const knowledge = known_in<Knowledge>(fact)) {
    return is_worth_keeping(fact) && knowledge->record->state == State::active &&
           !knowledge->record->revoked_at_set;
  }
  if (const auto* const binding = known_in<Binding>(fact)) {
    return binding->word == Binding::Word::listed;
  }
  return is_worth_keeping(fact);
}

// From 0 to 1, and always the same: whoever plans anew what has not changed plans the same.
double jitter_of(const IndexKey& index) {
  const auto& bytes = index.bytes;  // A keyed hash: as good as drawn.
  return (bytes[bytes.size() - 1] * 256 + bytes[bytes.size() - 2]) / 65'535.0;
}

}  // namespace

// Does not send anything: that could push out what it is about.
void Desk::note_use(const IndexKey& index, Remembered& remembered) {
  Habit& habit = *remembered.habit;
  habit.usage.asked(parts_.loop.now(), settings_.policy.freshness.fresh_for);
  if (!std::exchange(habit.asked_since_planned, true)) plan(index);
}

void Desk::plan_after(const Report& report) {
  Remembered* const remembered = table_.peek(report.index);
  remembered->in_flight = false;  // Until here it could not be pushed out.
  remembered->habit->asked_since_planned = false;
  if (!is_known(report.fact)) {
    remembered->mishaps.refresh_not_before = parts_.loop.now() + kPauseAfterFailure;
  }
  plan(report.index);
}

void Desk::plan(const IndexKey& index) {
  Remembered* const remembered = table_.peek(index);
  if (remembered == nullptr || remembered->in_flight) return;
  Habit& habit = *remembered->habit;
  habit.refresh_due = refresh_due(*remembered);
  if (habit.refresh_due == kNever) {
    habit.load.end(load_);
  } else {
    habit.load.set(load_, habit.usage.interval(settings_.policy.freshness.fresh_for));
  }
  if (habit.refresh_due >= habit.planned) return;
  habit.planned = habit.refresh_due;
  schedule_.plan(remembered->number, habit.planned);
  if (!breaker_.silent() && (wake_timer_ == 0 || habit.planned < wake_due_)) {
    wake_at(std::max<BootTime>(habit.planned, pacer_.next()));
  }
}

Tick Desk::refresh_due(const Remembered& remembered) {
  const milliseconds fresh_for = settings_.policy.freshness.fresh_for;
  const Present at = present();
  if (!can_allow(remembered.known) || !at.clock_trusted || date_of(remembered.known) > at.now) {
    return kNever;
  }
  const BootTime confirmed = parts_.loop.now() - (at.now - date_of(remembered.known));
  const auto due =
      remembered.habit->usage.refresh_at(confirmed, fresh_for, jitter_of(remembered.habit->index));
  return due ? to_tick(std::max(*due, remembered.mishaps.refresh_not_before)) : kNever;
}

// What is remembered there, at hand or put away.
std::optional<Subject> Desk::subject_of(Number number) {
  const Remembered* const remembered = table_.at_hand(number);
  if (remembered != nullptr && remembered->data_user) {
    return AboutDataUser{*remembered->data_user};
  }
  const Habit& habit = table_.habit(number);
  if (!habit.key) return std::nullopt;
  const AccessKey key = *habit.key;
  const IndexKey record = parts_.keys.index_of(key);
  if (record == habit.index) return AboutRecord{key};
  Fact known = remembered == nullptr ? read_binding_from_disk(record) : remembered->known;
  const auto* const binding = known_in<Binding>(known);
  const Remembered* const about = recall(record, AboutRecord{key});
  const auto* const knowledge = about == nullptr ? nullptr : known_in<Knowledge>(about->known);
  if (binding == nullptr || knowledge == nullptr || !knowledge->record) return std::nullopt;
  return AboutMeterPoint{.key = key,
                         .record = record,
                         .mpxn = binding->mpxn,
                         .identity_record_ref = knowledge->record->identity_record_ref};
}

// What is due to be refreshed, as a flight to be sent now.
std::optional<IndexKey> Desk::next_refresh() {
  const Tick now = to_tick(parts_.loop.now());
  while (schedule_.next() && *schedule_.next() <= now) {
    const auto [due, number] = schedule_.take();
    Habit& habit = table_.habit(number);
    if (habit.planned != due) continue;  // planned anew since, or forgotten
    habit.planned = kNever;
    const Remembered* const remembered = table_.at_hand(number);
    if (remembered != nullptr && remembered->in_flight) continue;  // its landing plans
    if (habit.refresh_due > now) {
      postpone(number, habit.refresh_due);
      continue;
    }
    const IndexKey index = habit.index;
    const std::optional<Subject> subject = subject_of(number);
    if (!subject) continue;
    if (!std::holds_alternative<AboutRecord>(*subject) && !room_for_proof()) {
      postpone(number, now + kPauseForProofs);
      continue;
    }
    if (flight_for(*subject, kNobody) == nullptr) continue;
    line_.leave(index);
    return index;
  }
  return std::nullopt;
}

void Desk::postpone(Number number, Tick due) {
  Habit& habit = table_.habit(number);
  habit.refresh_due = due;
  habit.planned = due;
  schedule_.plan(number, due);
}

// Walks over all records on disk, round and round. What would be older than a quarter of its own
// grace at the next visit is asked for now. So an outage finds all active keys young, whoever asked
// for them last.
void Desk::keep_warm() {
  const Freshness& freshness = settings_.policy.freshness;
  const milliseconds shortest = freshness.shortest_grace();
  if (!settings_.keep_warm || shortest == milliseconds::zero()) return;
  const milliseconds round = shortest / kWarmRounds;
  const std::size_t records = std::max<std::size_t>(parts_.store.size(), 1);
  const std::size_t steps = (records + kWarmedAtOnce - 1) / kWarmedAtOnce;
  BootClock::duration rest = BootClock::duration(round) / static_cast<std::int64_t>(steps);
  if (breaker_.silent()) {
    rest = kRestWhileSilent;
  } else {
    for (std::size_t i = 0; i < std::min(records, kWarmedAtOnce); ++i) warm_next(round);
    pump();
  }
  keep_warm_after(rest);
}

void Desk::keep_warm_after(BootClock::duration rest) {
  parts_.loop.cancel(warm_timer_);
  warm_timer_ = parts_.loop.at(parts_.loop.now() + rest, [this] { keep_warm(); });
}

// At most, for what is not in use.
double Desk::requests_per_second_to_warm() const {
  const milliseconds shortest = settings_.policy.freshness.shortest_grace();
  const std::size_t records = parts_.store.size();
  if (!settings_.keep_warm || shortest == milliseconds::zero() || records <= load_.shares()) {
    return 0;
  }
  const std::chrono::duration<double> round = shortest / 4 - shortest / kWarmRounds;
  return static_cast<double>(records - load_.shares()) / round.count();
}

void Desk::warm_next(milliseconds round) {
  auto next = parts_.store.next_after(warmed_);
  warmed_ = next ? next->index : IndexKey{};
  if (!next || !next->record || !next->record->knowledge) return;
  const IndexKey index = next->index;
  StoredRecord& stored = *next->record;
  Fact fact = std::make_shared<const Knowledge>(std::move(*stored.knowledge));
  const Remembered* const remembered = table_.peek(index);
  if (remembered != nullptr && is_known(remembered->known)) fact = remembered->known;
  if (!can_allow(fact) || (remembered != nullptr && remembered->in_flight)) return;
  const auto* const knowledge = known_in<Knowledge>(fact);
  const milliseconds grace = settings_.policy.freshness.grace_of(knowledge->record->legal_basis);
  if (present().now - knowledge->as_of + round < grace / 4) return;
  if (flights_.size() >= settings_.max_flights / 2) return;
  static_cast<void>(flight_for(AboutRecord{stored.key}, kNobody));
}

}  // namespace akgate
