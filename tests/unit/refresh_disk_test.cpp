// SPDX-License-Identifier: Apache-2.0
// Stories of flash that is full or has become read-only, told to the real desk, clerk and cache in
// simulated time. Grace is 24 h, a boot with a clock that nobody vouches for costs 2.
#include <algorithm>
#include <cerrno>

#include "refresh_story.hpp"
#include "tests/support/failing_disk.hpp"

namespace akgate {
namespace {

class DiskStory : public AgentStory {
 protected:
  ~DiskStory() override { FailingDisk::failure = 0; }

  static void disk_is_full() { FailingDisk::failure = ENOSPC; }
  static void disk_turns_read_only() { FailingDisk::failure = EROFS; }
  static void disk_is_well() { FailingDisk::failure = 0; }
  void link_is_cut() { agent.register_.mood = Mood::dead; }
  void link_is_back() {
    agent.register_.mood = Mood::answers;
    agent.time_passes(seconds(31));  // one step of back-off
  }
  /// An outage has gone on for long enough that answers rest on grace.
  void an_outage_begins() {
    link_is_cut();
    agent.time_passes(minutes(20));
    EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  }
  void machine_is_off_for(milliseconds time) { agent.reboots(time, agent.clock.read().wall); }
};

TEST_F(DiskStory, full_disk_and_a_register_that_answers_go_on_as_ever) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  disk_is_full();
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  for (int hour = 0; hour < 5; ++hour) {
    agent.time_passes(hours(1));
    EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
    EXPECT_EQ(agent.ask(kOther, Mode::fresh), "ALLOW active register");
    EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  }
}

TEST_F(DiskStory, I6_a_cache_removed_under_a_running_agent_is_missed_at_the_next_start_alone) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  std::filesystem::remove_all(agent.directory.path());
  an_outage_begins();
  link_is_back();
  agent.register_revokes(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
  link_is_cut();
  agent.ends_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY register-unreachable local");
}

TEST_F(DiskStory, I5_revoked_on_a_full_disk_is_denied_and_ends_grace_until_it_is_written) {
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(1));
  disk_is_full();
  agent.register_revokes(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
  link_is_cut();
  agent.time_passes(minutes(20));
  EXPECT_EQ(agent.ask(kOther), "DENY stale cache") << "who knows what else could not be written";
  EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
  disk_is_well();
  agent.time_passes(seconds(36));  // it is tried again, and a report of the clerk says so
  EXPECT_EQ(agent.ask(kOther), "ALLOW active grace");
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
  EXPECT_EQ(agent.ask(kOther), "ALLOW active grace");
}

TEST_F(DiskStory, I5_narrowed_on_a_full_disk_is_not_forgotten_under_a_flood_of_other_keys) {
  agent.settings.rooms = {.active = 3, .others = 3};
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(1));
  disk_is_full();
  agent.register_.records.at(kKey).data_types = {};
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY data-type-not-covered register");
  for (int i = 10; i < 30; ++i) {
    const std::string other = "ak_0000000000000000000000" + std::to_string(i);
    agent.register_has(other);
    static_cast<void>(agent.ask(other));
  }
  EXPECT_EQ(agent.ask(kKey, Mode::cached), "DENY data-type-not-covered cache");
}

TEST_F(DiskStory, I5_a_denial_that_a_crash_swallowed_leaves_no_grace_while_nothing_can_be_written) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(kLongUnasked);
  disk_turns_read_only();
  agent.register_revokes(kKey);
  EXPECT_EQ(agent.ask(kKey), "DENY revoked register");
  link_is_cut();
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY stale cache");
  link_is_back();
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
}

TEST_F(DiskStory, I8_grace_ends_when_the_time_mark_is_an_hour_old_and_comes_back_with_the_next) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  disk_turns_read_only();
  an_outage_begins();
  agent.time_passes(minutes(35));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace") << "the mark is younger than an hour";
  agent.time_passes(minutes(10));
  EXPECT_EQ(agent.ask(kKey), "DENY stale cache");
  disk_is_well();
  agent.time_passes(seconds(36));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
}

TEST_F(DiskStory, I8_power_cycled_each_half_hour_on_read_only_flash_allows_nothing_under_grace) {
  agent.clock.synchronised = false;
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  link_is_cut();
  machine_is_off_for(days(1));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace") << "charged 2 h, which the disk has";
  disk_turns_read_only();
  for (int cycle = 0; cycle < 50; ++cycle) {
    machine_is_off_for(days(1));
    EXPECT_EQ(agent.ask(kKey), "DENY stale cache") << "no boot from here on can be charged";
    agent.time_passes(minutes(30));
    EXPECT_EQ(agent.ask(kKey), "DENY stale cache");
  }
  link_is_back();
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
}

TEST_F(DiskStory, I8_time_that_the_register_attested_and_the_disk_did_not_take_ends_grace) {
  agent.clock.synchronised = false;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  disk_is_full();
  agent.register_.clock_error = hours(3);
  EXPECT_EQ(agent.ask(kOther), "DENY not-found register");
  link_is_cut();
  agent.time_passes(minutes(1));
  EXPECT_EQ(agent.ask(kKey), "DENY stale cache") << "a crash would set time back by 3 hours";
  disk_is_well();
  agent.time_passes(seconds(36));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
}

TEST_F(DiskStory, a_day_of_trouble_is_said_once_and_so_is_its_end) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  testing::internal::CaptureStderr();
  disk_turns_read_only();
  agent.register_revokes(kKey);
  for (int quarter = 0; quarter < 96; ++quarter) {
    static_cast<void>(agent.ask(kKey, Mode::fresh));
    agent.time_passes(minutes(15));
  }
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 2) << said;
  EXPECT_NE(said.find("read-only; remount it writable"), std::string::npos) << said;
  EXPECT_NE(said.find("no grace for any key until it can be"), std::string::npos) << said;
}

}  // namespace
}  // namespace akgate
