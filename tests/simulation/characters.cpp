// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/characters.hpp"

namespace akgate {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Freshness draw_freshness(Dice& dice) {
  Freshness freshness;
  freshness.fresh_for = dice.pick<Dice::Span>({minutes(1), minutes(5), minutes(15), hours(1)});
  freshness.grace =
      dice.pick<Dice::Span>({hours(0), hours(1), hours(6), hours(24), hours(24), hours(72)});
  if (dice.percent(50)) {
    for (const auto basis :
         {LegalBasis::uk_consent, LegalBasis::uk_explicit_consent, LegalBasis::uk_public_task}) {
      freshness.grace_by_legal_basis.at(static_cast<std::size_t>(basis)) =
          dice.pick<Dice::Span>({hours(0), hours(2), hours(6), hours(48)});
    }
  }
  freshness.not_found_for = dice.pick<Dice::Span>({seconds(10), minutes(1), minutes(5)});
  freshness.denied_for = dice.pick<Dice::Span>({minutes(5), hours(1), hours(24)});
  return freshness;
}

Policy draw_policy(Dice& dice) {
  Policy policy;
  policy.freshness = draw_freshness(dice);
  policy.require_data_type = dice.percent(70);
  if (dice.percent(10)) policy.controllers = {cast::controller(0)};
  if (dice.percent(10)) policy.legal_bases = {LegalBasis::uk_contract, LegalBasis::uk_consent};
  if (dice.percent(20)) {
    static_cast<void>(policy.explicit_consent_data_types.add(cast::data_type(1)));
  }
  const auto demand = [&dice] {
    return dice.pick({Demand::when_given, Demand::when_given, Demand::when_given,
                      Demand::when_given, Demand::off, Demand::required});
  };
  policy.mpxn = demand();
  policy.data_user = demand();
  policy.has_account = dice.percent(80);
  return policy;
}

void draw_limits(Dice& dice, Desk::Settings& desk) {
  desk.check_timeout = seconds(2);
  desk.max_requests_per_second = dice.pick<std::size_t>({1, 2, 20, 20});
  desk.max_in_flight = dice.pick<std::size_t>({1, 2, 8, 8});
  desk.keep_warm = dice.percent(60);
  desk.rooms.active = dice.pick<std::size_t>({8, 1000, 1000});
  desk.rooms.others = dice.pick<std::size_t>({12, 1000, 1000});
  desk.rooms.at_hand = dice.pick<std::size_t>({3, 8, 1000});
  desk.seed = dice.next();
}

// A device far out: nearly always offline, often without power, and its clock proves nothing.
void live_far_out(Dice& dice, Character& character) {
  character.clock = ClockKind::software;
  character.has_time_service = false;
  character.clock_is_set_by_hand = false;
  character.time_service_lies = false;
  character.world.climate = {.kind = Climate::Kind::mostly_dead};
  character.world.pace = hours(100);
  character.agent.desk.policy.freshness.grace = dice.pick<Dice::Span>({hours(12), hours(24)});
  character.crashes = true;
  character.between_crashes = hours(4);
}

// Everything changes all the time, and nothing runs for long.
void live_in_turmoil(Dice& dice, Character& character) {
  character.world.climate = {.kind = Climate::Kind::on_and_off};
  character.world.pace = dice.pick<Dice::Span>({minutes(20), minutes(60)});
  character.agent.desk.policy.freshness.fresh_for = minutes(1);
  character.agent.desk.policy.freshness.denied_for = minutes(5);
  character.agent.desk.policy.freshness.grace = hours(24);
  character.between_bursts = minutes(4);
  character.rhythmic = false;
  character.crashes = dice.percent(80);
  character.between_crashes = minutes(15);
  character.disk_fails = dice.percent(50);
  character.between_disk_troubles = minutes(40);
}

}  // namespace

Character draw_character(Dice dice) {
  Character character;
  character.agent.desk.policy = draw_policy(dice);
  draw_limits(dice, character.agent.desk);
  character.agent.max_records = dice.percent(15) ? 3 : 1000;
  character.agent.time.unvouched_boot_costs =
      dice.pick<Dice::Span>({hours(0), hours(2), hours(2), hours(12)});
  character.world.climate.roughness = dice.pick({5U, 20U, 20U, 60U});
  character.world.most_lag =
      dice.pick<Dice::Span>({seconds(0), seconds(0), minutes(1), minutes(20), hours(3)});
  character.world.loses_some = dice.percent(50);
  character.world.climate.clock_errs = dice.percent(15);
  character.world.keeps_time_to_itself = dice.percent(15);
  character.clock = dice.pick({ClockKind::disciplined, ClockKind::disciplined, ClockKind::battery,
                               ClockKind::software, ClockKind::software, ClockKind::none});
  character.clock_is_set_by_hand = character.clock != ClockKind::battery && dice.percent(30);
  character.time_service_lies = character.clock != ClockKind::battery && dice.percent(10);
  character.crashes = dice.percent(85);
  character.disk_fails = dice.percent(25);
  character.between_bursts = dice.pick<Dice::Span>({minutes(4), minutes(15), minutes(40)});
  character.rhythmic = dice.percent(20);
  character.between_crashes = dice.pick<Dice::Span>({hours(1), hours(4), hours(15)});
  const std::size_t life = dice.below(10);
  if (life < 2) live_far_out(dice, character);
  if (life >= 7) live_in_turmoil(dice, character);
  character.agent.time.rtc = character.clock == ClockKind::battery;
  return character;
}

Question draw_question(Dice& dice, std::size_t key, const std::optional<AccessRecord>& record,
                       const Policy& policy) {
  Question question;
  question.key = AccessKey::parse(cast::key(key));
  const std::size_t types = dice.percent(80) ? 1 : dice.below(3);
  for (std::size_t i = 0; i < types; ++i) {
    // Mostly who asks knows what is granted.
    const bool knows = record && !record->data_types.empty() && dice.percent(80);
    const auto any = cast::data_type(dice.percent(3) ? 4 : dice.below(4));
    static_cast<void>(question.data_types.add(knows ? record->data_types.sorted().front() : any));
  }
  const auto wants = [&](Demand demand) {
    return demand != Demand::off && dice.percent(demand == Demand::required ? 90 : 20);
  };
  if (wants(policy.mpxn)) question.mpxn = cast::mpxn(dice.below(cast::kMeterPoints));
  if (wants(policy.data_user)) {
    const bool knows = record && !record->duid.empty() && dice.percent(80);
    question.duid = knows ? record->duid : cast::duid(dice.below(cast::kDataUsers));
  }
  if (dice.percent(10)) question.controller = cast::controller(dice.below(2));
  question.mode = dice.percent(75) ? Mode::normal : dice.percent(50) ? Mode::cached : Mode::fresh;
  return question;
}

}  // namespace akgate
