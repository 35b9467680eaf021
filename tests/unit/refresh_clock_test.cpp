// SPDX-License-Identifier: Apache-2.0
// Stories of clocks that are wrong, absent or set by anybody, told to the real desk, clerk and
// cache in simulated time (I8). Grace is 24 h, a boot with a clock that nobody vouches for costs 2.
#include "refresh_story.hpp"

namespace akgate {
namespace {

constexpr Timestamp k1970{};

class ClockStory : public AgentStory {
 protected:
  [[nodiscard]] Timestamp wall() const { return agent.clock.read().wall; }
  [[nodiscard]] Timestamp true_time() const {
    return began_ + std::chrono::floor<milliseconds>(agent.loop.now() - loop_began_);
  }

  /// Now the register says what time it really is, or that much more, and goes on to.
  void register_answers(milliseconds off_by = milliseconds(0)) {
    agent.register_.mood = Mood::answers;
    agent.register_.clock_error = true_time() + off_by - wall();
  }
  void link_is_cut() { agent.register_.mood = Mood::dead; }

  void record_ends_in(milliseconds time) {
    agent.register_.records.at(kKey).expiry = Expiry::at_instant(true_time() + time);
  }

  /// No time service, and no battery: the clock goes on at boot from where the disk says.
  void machine_has_a_software_clock() { agent.clock.synchronised = false; }
  void machine_is_off_for(milliseconds time) { agent.reboots(time, wall()); }

 private:
  Timestamp began_ = wall();
  BootTime loop_began_ = agent.loop.now();
};

TEST_F(ClockStory, I8_a_software_clock_hides_no_more_than_a_boot_costs) {
  machine_has_a_software_clock();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  link_is_cut();
  agent.time_passes(hours(20));
  machine_is_off_for(days(7));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace") << "20 h of age, 2 h for the boot";
  machine_is_off_for(days(7));
  EXPECT_EQ(agent.ask(kKey), "DENY stale cache");
}

TEST_F(ClockStory, I8_what_may_have_ended_while_the_machine_was_off_is_not_allowed) {
  machine_has_a_software_clock();
  record_ends_in(hours(3));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  link_is_cut();
  agent.time_passes(minutes(70));
  machine_is_off_for(hours(1));
  EXPECT_EQ(agent.ask(kKey), "DENY clock-untrusted grace");
  register_answers();
  agent.time_passes(seconds(31));
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register") << "it has 49 minutes left";
}

TEST_F(ClockStory, I8_power_cycled_every_23_hours_while_offline_does_not_allow_for_ever) {
  machine_has_a_software_clock();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  link_is_cut();
  int allowed = 0;
  for (int day = 0; day < 60; ++day) {
    agent.time_passes(minutes(10));
    machine_is_off_for(hours(23) - minutes(10));
    const bool allows = agent.ask(kKey).starts_with("ALLOW");
    EXPECT_EQ(allows, day < 11) << "after boot " << day + 1;
    if (allows) ++allowed;
  }
  EXPECT_EQ(allowed, 11) << "24 h of grace, 2:10 for each cycle";
}

TEST_F(ClockStory, I8_a_software_clock_that_was_saved_before_the_mark_is_not_trusted) {
  machine_has_a_software_clock();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  link_is_cut();
  const Timestamp saved = wall();
  agent.time_passes(hours(1));
  agent.reboots(hours(1), saved);
  EXPECT_EQ(agent.ask(kKey), "DENY clock-untrusted grace");
}

TEST_F(ClockStory, I8_boots_in_1970_for_a_week_allow_nothing_and_end_with_the_registers_word) {
  machine_has_a_software_clock();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  link_is_cut();
  for (int day = 0; day < 7; ++day) {
    agent.reboots(hours(1), k1970);
    EXPECT_EQ(agent.ask(kKey).substr(0, 4), "DENY");
    agent.time_passes(hours(23));
  }
  register_answers();
  agent.time_passes(seconds(31));
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
}

TEST_F(ClockStory, I8_a_step_back_by_three_days_revives_nothing) {
  record_ends_in(hours(2));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  link_is_cut();
  agent.time_passes(hours(25));
  for (const bool synchronised : {true, false}) {
    agent.clock.synchronised = synchronised;
    agent.clock.step(-days(3));
    EXPECT_EQ(agent.ask(kKey), "DENY expired cache");
    EXPECT_EQ(agent.ask(kOther), "DENY stale cache");
    agent.crashes_and_restarts();
    EXPECT_EQ(agent.ask(kKey), "DENY expired cache");
    EXPECT_EQ(agent.ask(kOther), "DENY stale cache");
  }
  agent.reboots(minutes(1), wall());
  EXPECT_EQ(agent.ask(kKey), "DENY expired cache");
  EXPECT_EQ(agent.ask(kOther).substr(0, 4), "DENY");
}

TEST_F(ClockStory, I8_set_by_hand_ten_years_ahead_and_back_changes_nothing) {
  record_ends_in(days(300));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.clock.synchronised = false;  // The kernel knows that somebody has set it.
  agent.clock.step(days(3652));
  register_answers();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  agent.clock.step(-days(3652));
  register_answers();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
}

TEST_F(ClockStory, I8_a_time_service_ten_years_ahead_denies_and_the_register_puts_it_right) {
  record_ends_in(days(300));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  link_is_cut();
  agent.clock.step(days(3652));
  EXPECT_EQ(agent.ask(kKey), "DENY expired cache");
  agent.clock.step(-days(3652));
  EXPECT_EQ(agent.ask(kKey), "DENY expired cache") << "setting it back revives nothing";
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY expired cache");
  register_answers();
  agent.time_passes(seconds(31));
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register") << "the mark is not poisoned";
  link_is_cut();
  agent.reboots(minutes(1), true_time());
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
}

TEST_F(ClockStory, a_time_service_ten_years_ahead_is_no_match_for_a_register_that_answers) {
  record_ends_in(days(300));
  agent.clock.step(days(3652));
  register_answers();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  agent.clock.step(-days(3652));
  register_answers();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
}

TEST_F(ClockStory, I8_a_week_of_suspend_counts) {
  record_ends_in(days(6));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  agent.clock.synchronised = false;
  link_is_cut();
  agent.loop.sleep(days(7));
  EXPECT_EQ(agent.ask(kKey), "DENY expired cache");
  EXPECT_EQ(agent.ask(kOther), "DENY stale cache");
}

TEST_F(ClockStory, I8_a_register_an_hour_ahead_ends_records_early_and_is_survived) {
  record_ends_in(minutes(90));
  register_answers(hours(1));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(31));
  EXPECT_EQ(agent.ask(kKey), "DENY expired register") << "time is never behind what it said";

  record_ends_in(hours(20));
  register_answers();
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  agent.reboots(minutes(1), wall() + minutes(1));
  register_answers();
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register")
      << "a good clock is behind the mark now, and good all the same";
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
}

TEST_F(ClockStory, I8_the_registers_own_word_heals_what_its_hour_ahead_did_to_a_clockless_machine) {
  machine_has_a_software_clock();
  record_ends_in(hours(20));
  register_answers(hours(1));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.reboots(minutes(1), k1970);
  register_answers();
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
}

TEST_F(ClockStory, I8_a_register_an_hour_behind_puts_no_end_off) {
  for (const bool synchronised : {true, false}) {
    agent.clock.synchronised = synchronised;
    register_answers();
    record_ends_in(hours(2));
    EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
    register_answers(-hours(1));
    agent.time_passes(hours(2) - seconds(1));
    EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
    agent.time_passes(seconds(1));
    EXPECT_EQ(agent.ask(kKey), "DENY expired register");
  }
}

// Where a 32-bit count of seconds ends, an unsigned one, and a leap year that is none.
TEST_F(ClockStory, I8_2038_2100_and_2106_are_years_like_any_other) {
  using std::chrono::sys_days;
  using std::chrono::year;
  constexpr Timestamp kEnds[] = {
      sys_days{year{2038} / 1 / 19} + hours(3) + minutes(14) + seconds(8),
      sys_days{year{2100} / 3 / 1},
      sys_days{year{2106} / 2 / 7} + hours(6) + minutes(28) + seconds(16),
  };
  for (const Timestamp end : kEnds) {
    agent.reboots(minutes(1), end - hours(1));
    agent.register_.mood = Mood::answers;
    agent.register_.records.at(kKey).expiry = Expiry::at_instant(end + hours(1));
    EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
    link_is_cut();
    agent.time_passes(hours(1) + seconds(1));
    EXPECT_EQ(agent.ask(kKey), "ALLOW active grace") << format_timestamp(wall());
    agent.crashes_and_restarts();
    EXPECT_EQ(agent.ask(kKey), "ALLOW active grace") << format_timestamp(wall());
    agent.time_passes(hours(1));
    EXPECT_EQ(agent.ask(kKey), "DENY expired grace") << format_timestamp(wall());
  }
}

}  // namespace
}  // namespace akgate
