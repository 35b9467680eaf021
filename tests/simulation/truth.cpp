// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/truth.hpp"

#include <array>
#include <string_view>

namespace akgate {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

template <typename Name>
std::size_t number_among(std::size_t count, std::string_view text, const Name& name) {
  for (std::size_t i = 0; i < count; ++i) {
    if (name(i) == text) return i;
  }
  return count;
}

Expiry some_expiry(Dice& dice, Timestamp from) {
  if (dice.percent(50)) return Expiry::never();
  return Expiry::at_instant(from + dice.about(dice.pick<Dice::Span>({hours(5), hours(40)})));
}

void draw_basis(Dice& dice, AccessRecord& record) {
  record.legal_basis = dice.percent(50)
                           ? LegalBasis::uk_contract
                           : dice.pick({LegalBasis::uk_consent, LegalBasis::uk_consent,
                                        LegalBasis::uk_explicit_consent, LegalBasis::uk_public_task,
                                        LegalBasis::uk_legitimate_interests, LegalBasis::other});
  record.consent_type = dice.percent(80)
                            ? ConsentType::explicit_consent
                            : dice.pick({ConsentType::missing, ConsentType::expressed_consent});
  record.lead_has_lia_reference = dice.percent(90);
  record.lead_has_statutory_reference = dice.percent(90);
}

void draw_types(Dice& dice, AccessRecord& record) {
  record.data_types = {};
  do {
    for (std::size_t type = 0; type < 4; ++type) {
      if (dice.percent(80)) static_cast<void>(record.data_types.add(cast::data_type(type)));
    }
  } while (record.data_types.empty() && dice.percent(95));
}

void draw_controllers(Dice& dice, AccessRecord& record) {
  record.arrangement =
      dice.pick({Arrangement::sole, Arrangement::sole, Arrangement::joint, Arrangement::group});
  const std::size_t count = record.arrangement == Arrangement::sole ? 1 : 2;
  record.controllers.clear();
  for (std::size_t i = 0; i < count; ++i) record.controllers.push_back(cast::controller(i));
  if (dice.percent(30)) std::swap(record.controllers.front(), record.controllers.back());
  record.lead = dice.percent(90) ? std::optional<std::size_t>(0) : std::nullopt;
}

AccessRecord new_record(Dice& dice, Timestamp from) {
  AccessRecord record;
  record.state = State::active;
  record.expiry = some_expiry(dice, from);
  draw_basis(dice, record);
  draw_controllers(dice, record);
  draw_types(dice, record);
  record.identity_record_ref = dice.percent(90) ? "ir_1" : "";
  if (dice.percent(40)) record.duid = cast::duid(dice.below(cast::kDataUsers));
  record.complete = true;
  return record;
}

// One thing that happens to a record that is ACTIVE.
void change(Dice& dice, AccessRecord& record, Timestamp now) {
  switch (dice.below(12)) {
    case 0:
      record.state = dice.percent(80) ? State::revoked : State::active;
      record.revoked_at_set = record.state == State::active;
      record.complete = record.revoked_at_set || dice.percent(80);
      return;
    case 1:
    case 2:
      record.state = dice.pick({State::expired, State::discovered, State::other});
      return;
    case 3:
    case 4:
    case 10:
      record.expiry = Expiry::at_instant(now + dice.between(minutes(0), hours(3)));
      return;
    case 5:
      return draw_basis(dice, record);
    case 6:
      record.identity_record_ref = dice.pick({"ir_1", "ir_2", "ir_3", ""});
      return;
    case 7:
      record.duid = dice.percent(30) ? "" : cast::duid(dice.below(cast::kDataUsers));
      return;
    case 8:
      return draw_controllers(dice, record);
    case 9:
      record.expiry = some_expiry(dice, now);
      return;
    default:
      return draw_types(dice, record);
  }
}

std::optional<AccessRecord> after(Dice& dice, const std::optional<AccessRecord>& before,
                                  Timestamp now) {
  if (!before) return dice.percent(60) ? std::optional(new_record(dice, now)) : std::nullopt;
  AccessRecord record = *before;
  const bool over = record.expiry.passed(now);
  if (record.state == State::revoked || record.revoked_at_set) {
    // There is no way back, but for the register's own mistakes.
    return dice.percent(30) ? new_record(dice, now) : record;
  }
  if (dice.percent(5)) return std::nullopt;
  if (record.state != State::active || !record.complete) return new_record(dice, now);
  if (over && dice.percent(80)) {
    record.expiry = Expiry::at_instant(now + dice.about(hours(10)));  // renewed
    if (dice.percent(30)) record.state = State::expired;
    return record;
  }
  change(dice, record, now);
  return record;
}

Timeline<std::optional<AccessRecord>> life_of_record(Dice& dice, Timestamp begin, Timestamp end,
                                                     Dice::Span given_pace) {
  const bool at_first = dice.percent(85);
  Timeline<std::optional<AccessRecord>> life(at_first ? std::optional(new_record(dice, begin))
                                                      : std::nullopt);
  const auto own = dice.pick<Dice::Span>({hours(2), hours(8), hours(24), hours(100)});
  const Dice::Span pace = given_pace > Dice::Span(0) ? given_pace : own;
  for (Timestamp now = begin + dice.about(pace); now < end; now += dice.about(pace)) {
    life.then(now, after(dice, life.last(), now));
  }
  return life;
}

}  // namespace

namespace cast {

std::string key(std::size_t number) {
  return "ak_00000000000000000000000" + std::to_string(number);
}
std::string mpxn(std::size_t number) { return "120000000000" + std::to_string(number); }
std::string duid(std::size_t number) { return "duid_" + std::to_string(number); }
std::string controller(std::size_t number) { return number == 0 ? "Bright Ltd" : "Dark Ltd"; }
std::string data_type(std::size_t number) {
  constexpr std::array<const char*, 5> kNames = {"HH-CONSUMPTION", "HH-EXPORT", "TARIFF-IMPORT",
                                                 "PROFILE", "NEVER-GRANTED"};
  return kNames.at(number);
}
std::size_t number_of_key(std::string_view text) { return number_among(kKeys, text, key); }
std::size_t number_of_mpxn(std::string_view text) { return number_among(kMeterPoints, text, mpxn); }
std::size_t number_of_duid(std::string_view text) { return number_among(kDataUsers, text, duid); }

}  // namespace cast

Truth::Truth(Dice dice, Timestamp begin, Dice::Span how_long, Dice::Span pace) {
  const Timestamp end = begin + how_long;
  for (std::size_t key = 0; key < cast::kKeys; ++key) {
    records_.push_back(key < cast::kRecords ? life_of_record(dice, begin, end, pace)
                                            : Timeline<std::optional<AccessRecord>>(std::nullopt));
    for (std::size_t mpxn = 0; mpxn < cast::kMeterPoints; ++mpxn) {
      Timeline<bool>& listed = listings_.emplace_back(key < cast::kRecords && dice.percent(50));
      for (Timestamp now = begin + dice.about(hours(30)); now < end; now += dice.about(hours(30))) {
        listed.then(now, key < cast::kRecords && dice.percent(60));
      }
    }
  }
  for (std::size_t duid = 0; duid < cast::kDataUsers; ++duid) {
    Timeline<DataUserStatus>& status = data_users_.emplace_back(DataUserStatus::active);
    for (Timestamp now = begin + dice.about(hours(20)); now < end; now += dice.about(hours(20))) {
      status.then(now, dice.pick({DataUserStatus::active, DataUserStatus::active,
                                  DataUserStatus::suspended, DataUserStatus::terminated,
                                  DataUserStatus::unknown, DataUserStatus::other}));
    }
  }
}

}  // namespace akgate
