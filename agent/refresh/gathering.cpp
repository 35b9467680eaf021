// SPDX-License-Identifier: Apache-2.0
// What the desk knows, and how the register stands towards it.
#include <algorithm>
#include <utility>

#include "refresh/desk.hpp"
#include "verdict/proofs.hpp"

namespace akgate {

using std::chrono::milliseconds;

namespace {

// What the register's last answer made no sense about is not asked for again before this has
// passed.
constexpr std::chrono::seconds kPauseAfterTrouble{1};
// A reply that is written within this was not held up.
constexpr milliseconds kImmediately{100};

milliseconds back_off(int failures) {
  constexpr int kMostDoublings = 5;
  return std::chrono::seconds(1) * (1 << std::min(failures - 1, kMostDoublings));
}

bool is_silent(Standing standing) {
  return standing == Standing::silent || standing == Standing::silent_for_key;
}

}  // namespace

Evidence Desk::Gathered::evidence() const {
  return {.record = {.known = known_in<Knowledge>(record), .standing = how.record.standing},
          .binding = {.known = known_in<Binding>(binding), .standing = how.binding.standing},
          .data_user = {.known = known_in<DataUserStanding>(data_user),
                        .standing = how.data_user.standing}};
}

Present Desk::present() {
  const TrustedNow now = parts_.time.now(parts_.clock.read());
  return {.now = now.now, .clock_trusted = now.trusted, .unaccounted = now.unaccounted};
}

IndexKey Desk::index_of(const Subject& subject) const {
  if (const auto* const record = std::get_if<AboutRecord>(&subject)) {
    return memo_.of(record->key).record;
  }
  if (const auto* const meter_point = std::get_if<AboutMeterPoint>(&subject)) {
    return memo_.of(meter_point->key).binding;
  }
  return memo_.of(std::get_if<AboutDataUser>(&subject)->duid);
}

std::optional<Subject> Desk::meter_point_of(const Question& question, const Fact& record) const {
  const auto* const known = known_in<Knowledge>(record);
  const std::optional<Mpxn> mpxn = meter_point_in_question(question, settings_.policy);
  if (!mpxn || known == nullptr || !known->record) return std::nullopt;
  return AboutMeterPoint{.key = *question.key,
                         .record = memo_.of(*question.key).record,
                         .mpxn = *mpxn,
                         .identity_record_ref = known->record->identity_record_ref};
}

std::optional<Subject> Desk::data_user_of(const Question& question, const Fact& record) const {
  const auto* const known = known_in<Knowledge>(record);
  if (known == nullptr || !known->record) return std::nullopt;
  const auto duid = data_user_in_question(*known->record, question, settings_.policy);
  return duid ? std::optional<Subject>(AboutDataUser{*duid}) : std::nullopt;
}

Settled::Part& Desk::part_of(Settled& settled, const Subject& subject) {
  if (std::holds_alternative<AboutRecord>(subject)) return settled.record;
  return std::holds_alternative<AboutMeterPoint>(subject) ? settled.binding : settled.data_user;
}

BootTime& Desk::pause_of(const Subject& subject) {
  return std::holds_alternative<AboutMeterPoint>(subject) ? no_meter_points_before_
                                                          : no_data_users_before_;
}

// --- memory and disk -----------------------------------------------------------------------------

Remembered* Desk::recall(const IndexKey& index, const Subject& subject) {
  if (Remembered* const remembered = table_.find(index)) return remembered;
  Fact stored = read_from_disk(index, subject);
  if (!is_known(stored)) return nullptr;
  Remembered* const remembered = table_.remember(index);
  if (remembered == nullptr) return nullptr;
  table_.learn(index, std::move(stored));
  remembered->set(whose(subject));
  const auto* const about = std::get_if<AboutRecord>(&subject);
  if (about != nullptr && is_worth_keeping(remembered->known)) {
    witnesses_.remember(index, about->key);
  }
  return remembered;
}

Fact Desk::read_from_disk(const IndexKey& index, const Subject& subject) {
  if (std::holds_alternative<AboutDataUser>(subject)) {
    auto stored = parts_.store.find_data_user(index);
    if (!stored) return {};
    return std::make_shared<const DataUserStanding>(std::move(stored->standing));
  }
  if (const auto* const meter_point = std::get_if<AboutMeterPoint>(&subject)) {
    return read_binding_from_disk(meter_point->record);
  }
  auto stored = parts_.store.find(index);
  if (!stored || !stored->knowledge) return {};
  return std::make_shared<const Knowledge>(std::move(*stored->knowledge));
}

Fact Desk::read_binding_from_disk(const IndexKey& record) {
  auto stored = parts_.store.find(record);
  if (!stored || !stored->binding) return {};
  return std::make_shared<const Binding>(std::move(*stored->binding));
}

// --- standing ------------------------------------------------------------------------------------

Standing Desk::standing_towards(const Remembered* remembered) const {
  if (remembered != nullptr && remembered->mishaps.trouble) {
    return *remembered->mishaps.trouble;
  }
  return breaker_.silent() ? silence_towards(remembered) : Standing::answers;
}

Standing Desk::silence_towards(const Remembered* remembered) const {
  constexpr int kFailuresOfItsOwn = 3;
  const bool no_grace =
      disk_owes_ || (remembered != nullptr &&
                     remembered->mishaps.failures_while_others_succeed >= kFailuresOfItsOwn);
  return no_grace ? Standing::silent_for_key : Standing::silent;
}

// `paused`: until when nothing of this kind is asked about; null for records.
Standing Desk::standing_before_asking(const Remembered* remembered, const BootTime* paused,
                                      Mode mode, BootTime deadline) {
  if (mode == Mode::fresh) {
    // It waits its turn under back-off, but not for a turn that comes too late.
    const bool too_late = breaker_.silent() && *breaker_.retry_at() > deadline;
    return too_late ? standing_towards(remembered) : Standing::answers;
  }
  if (breaker_.silent() || mode == Mode::cached) return standing_towards(remembered);
  const BootTime now = parts_.loop.now();
  if (paused != nullptr) {
    if (now < *paused) return Standing::refused;
    // Their trouble silences nobody else, so each has a back-off of its own.
    const int failures = remembered == nullptr ? 0 : remembered->mishaps.failures_in_a_row;
    if (failures > 0 && now < remembered->mishaps.failed_at + back_off(failures)) {
      return silence_towards(remembered);
    }
  }
  if (remembered == nullptr || !remembered->mishaps.trouble) return Standing::answers;
  const Standing trouble = *remembered->mishaps.trouble;
  // A meter point or Data User that we may not ask about now is not asked about at each question.
  milliseconds pause = kPauseAfterTrouble;
  if (trouble == Standing::refused && paused != nullptr) {
    pause = std::max(pause, settings_.policy.freshness.not_found_for);
  }
  const bool pausing = now < remembered->mishaps.trouble_since + pause;
  return pausing ? trouble : Standing::answers;
}

// A reply may have waited for its turn on the connection since its question was settled. Meanwhile
// the register may have spoken, and what the reply rests on may have grown old (I3).
Standing Desk::standing_at_writing(const Settled::Part& part, const Settled& settled,
                                   const Remembered* remembered, const Present& at) const {
  if (remembered != nullptr && remembered->mishaps.trouble) {
    return *remembered->mishaps.trouble;
  }
  const bool has_waited = parts_.loop.now() > settled.at + kImmediately;
  switch (part.standing) {
    case Standing::answered_now: {
      // It may have been pushed out meanwhile, and an older word read back from disk.
      const bool is_that_answer = remembered != nullptr && is_known(remembered->known) &&
                                  date_of(remembered->known) >= part.answer_of;
      const bool still_new =
          is_that_answer && (!has_waited || at.now - date_of(remembered->known) <
                                                settings_.policy.freshness.fresh_for);
      return still_new ? Standing::answered_now : standing_towards(remembered);
    }
    case Standing::silent:
    case Standing::silent_for_key:
      return answers_ > settled.answers ? standing_towards(remembered) : part.standing;
    case Standing::answers:
    case Standing::refused:
    case Standing::malformed:
      break;
  }
  return standing_towards(remembered);
}

// --- gathering -----------------------------------------------------------------------------------

Standing Desk::standing_of(const Subject& subject, Standing to_record, const Remembered* remembered,
                           const Waiter& waiter) {
  if (std::holds_alternative<AboutRecord>(subject)) {
    return standing_before_asking(remembered, nullptr, waiter.question.mode, waiter.deadline);
  }
  // Where the record could not be had just now, there is no sense in asking for more.
  if (is_silent(to_record)) return silence_towards(remembered);
  if (to_record != Standing::answers && to_record != Standing::answered_now) return to_record;
  return standing_before_asking(remembered, &pause_of(subject), waiter.question.mode,
                                waiter.deadline);
}

Desk::Gathered Desk::gather_before_asking(const Waiter& waiter, bool is_new) {
  Gathered known;
  known.how = waiter.so_far;
  known.how.at = parts_.loop.now();
  known.how.answers = answers_;
  if (!waiter.question.key) return known;
  const auto gather = [&](const Subject& subject, Fact& fact) {
    const IndexKey index = index_of(subject);
    Remembered* const remembered = recall(index, subject);
    if (is_new && remembered != nullptr) note_use(index, *remembered);
    Standing& standing = part_of(known.how, subject).standing;
    const Standing to_record = known.how.record.standing;
    if (standing == Standing::answers) {
      standing = standing_of(subject, to_record, remembered, waiter);
    }
    if (remembered != nullptr && is_used(*remembered, standing)) fact = remembered->known;
  };
  gather(AboutRecord{*waiter.question.key}, known.record);
  if (const auto subject = meter_point_of(waiter.question, known.record)) {
    gather(*subject, known.binding);
  }
  if (const auto subject = data_user_of(waiter.question, known.record)) {
    gather(*subject, known.data_user);
  }
  return known;
}

Desk::Gathered Desk::gather_at_writing(const Question& question, const Settled& settled,
                                       const Present& at) {
  Gathered known;
  known.how = settled;
  const auto gather = [&](const Subject& subject, Fact& fact) {
    const Remembered* const remembered = recall(index_of(subject), subject);
    Settled::Part& part = part_of(known.how, subject);
    part.standing = standing_at_writing(part, settled, remembered, at);
    if (remembered != nullptr) fact = remembered->known;
  };
  gather(AboutRecord{*question.key}, known.record);
  if (const auto subject = meter_point_of(question, known.record)) gather(*subject, known.binding);
  if (const auto subject = data_user_of(question, known.record)) gather(*subject, known.data_user);
  return known;
}

}  // namespace akgate
