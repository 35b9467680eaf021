// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/simulation/machine.hpp"
#include "tests/simulation/world.hpp"

namespace akgate {

/// What kind of clock the device has.
enum class ClockKind {
  disciplined,  ///< A time service, always there.
  battery,      ///< Right, but nobody says so; `time.rtc` is set.
  software,     ///< Goes on at boot from where the disk says; a time service now and then.
  none          ///< Boots in 1970; a time service now and then.
};

/// All that differs from seed to seed, but for what happens.
struct Character {
  Machine::Settings agent;
  World::Character world;
  ClockKind clock = ClockKind::disciplined;
  bool clock_is_set_by_hand = false;
  bool time_service_lies = false;
  bool crashes = true;
  bool disk_fails = false;
  Dice::Span between_bursts{std::chrono::minutes(10)};
  bool rhythmic = false;
  Dice::Span between_crashes{std::chrono::hours(4)};
  Dice::Span between_disk_troubles{std::chrono::hours(10)};
  bool has_time_service = true;
  /// Nothing need be forgotten for want of room.
  [[nodiscard]] bool ample_room() const {
    const auto& rooms = agent.desk.rooms;
    const bool in_memory = rooms.active >= 100 && rooms.others >= 100;
    return agent.max_records >= 100 && (in_memory || !disk_fails);
  }
  /// Where nothing is wrong, nobody can be kept from an answer.
  [[nodiscard]] bool is_quick() const {
    return ample_room() && !clock_is_set_by_hand && !time_service_lies &&
           !world.climate.clock_errs && !world.loses_some && !world.keeps_time_to_itself &&
           agent.desk.max_requests_per_second >= 20 && agent.desk.max_in_flight >= 8;
  }
};

[[nodiscard]] Character draw_character(Dice dice);

/// One question of a random client.
[[nodiscard]] Question draw_question(Dice& dice, std::size_t key,
                                     const std::optional<AccessRecord>& record,
                                     const Policy& policy);

}  // namespace akgate
