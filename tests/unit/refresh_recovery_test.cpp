// SPDX-License-Identifier: Apache-2.0
// Stories of what comes after: the reboot in the midst of an outage, the crash in the midst of a
// denial, the register that is back and must not be overrun.
#include <algorithm>
#include <vector>

#include "refresh_story.hpp"

namespace akgate {
namespace {

class Recovery : public AgentStory {
 protected:
  void link_is_cut() { agent.register_.mood = Mood::dead; }
  void link_is_back() { agent.register_.mood = Mood::answers; }

  /// So many keys that the agent knows, none of them asked for lately.
  std::vector<std::string> known_keys(int count) {
    std::vector<std::string> keys;
    for (int i = 0; i < count; ++i) {
      keys.push_back("ak_000000000000000000000" + std::to_string(100 + i));
      agent.register_has(keys.back());
      EXPECT_EQ(agent.ask(keys.back()), "ALLOW active register");
    }
    return keys;
  }

  /// Lets that many seconds pass. Gives the most requests that the register saw in one of them.
  int most_requests_in_a_second(int how_many) {
    int most = 0;
    agent.time_passes(milliseconds(1));  // So that no request falls on two seconds.
    for (int second = 0; second < how_many; ++second) {
      const int before = agent.register_.requests;
      agent.time_passes(seconds(1));
      most = std::max(most, agent.register_.requests - before);
    }
    return most;
  }
};

TEST_F(Recovery, reboot_while_offline_with_a_good_clock_answers_as_before) {
  agent.time_settings.rtc = true;
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.register_revokes(kOther);
  EXPECT_EQ(agent.ask(kOther, Mode::fresh), "DENY revoked register");
  link_is_cut();
  agent.clock.synchronised = false;
  agent.reboots(hours(20), agent.clock.read().wall + hours(20));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  EXPECT_EQ(agent.ask(kOther), "DENY revoked cache");
  agent.reboots(hours(4), agent.clock.read().wall + hours(4));
  EXPECT_EQ(agent.ask(kKey), "DENY stale cache") << "time went on while it was off";
}

TEST_F(Recovery, I5_crash_at_any_moment_of_a_denial_never_takes_it_back) {
  int told = 0;
  for (milliseconds crash{0}; crash < milliseconds(60); crash += milliseconds(1)) {
    agent.register_.records.at(kKey).state = State::active;
    std::filesystem::remove_all(agent.directory / "cache");
    agent.crashes_and_restarts();
    EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
    agent.time_passes(seconds(2));
    agent.register_revokes(kKey);
    const auto reply = agent.asked(kKey, Mode::fresh);
    agent.time_passes(crash);
    link_is_cut();
    const bool denied = reply->text.starts_with("DENY revoked");
    agent.crashes_and_restarts();
    EXPECT_EQ(agent.ask(kKey, Mode::cached), denied ? "DENY revoked cache" : "ALLOW active cache");
    if (denied) ++told;
    link_is_back();
  }
  EXPECT_GT(told, 0);
  EXPECT_LT(told, 60);
}

TEST_F(Recovery, I11_the_register_that_is_back_is_noticed_within_a_step_and_not_overrun) {
  const std::vector<std::string> keys = known_keys(300);
  link_is_cut();
  agent.time_passes(hours(2));
  for (const std::string& key : keys) EXPECT_EQ(agent.ask(key), "ALLOW active grace");
  link_is_back();
  agent.register_.most_at_once = 0;
  EXPECT_LE(most_requests_in_a_second(31), 20);
  for (const std::string& key : keys) {
    const auto reply = agent.asked(key, Mode::normal, seconds(60));
    EXPECT_FALSE(reply->text.ends_with("grace")) << "it has been noticed";
  }
  EXPECT_LE(most_requests_in_a_second(60), 20);
  EXPECT_LE(agent.register_.most_at_once, 8);
  for (const std::string& key : keys) EXPECT_EQ(agent.ask(key), "ALLOW active cache");
}

TEST_F(Recovery, a_question_does_not_wait_behind_what_an_outage_left_to_be_refreshed) {
  const std::vector<std::string> keys = known_keys(300);
  link_is_cut();
  agent.time_passes(hours(8));
  link_is_back();
  agent.time_passes(seconds(31));
  const BootTime asked_at = agent.loop.now();
  EXPECT_EQ(agent.ask(kOther), "DENY not-found register");
  EXPECT_EQ(agent.ask(keys.back()).substr(0, 12), "ALLOW active");
  EXPECT_LE(agent.loop.now() - asked_at, seconds(1));
}

TEST_F(Recovery, I3_a_link_that_comes_and_goes_lends_no_grace_while_it_is_there) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  for (int round = 0; round < 10; ++round) {
    link_is_cut();
    agent.time_passes(minutes(16));
    EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
    link_is_back();
    agent.time_passes(seconds(31));
    EXPECT_FALSE(agent.ask(kKey).ends_with("grace")) << round;
  }
  link_is_cut();
  agent.register_revokes(kKey);
  agent.time_passes(minutes(16));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace") << "nobody can know";
  link_is_back();
  agent.time_passes(seconds(31));
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "DENY revoked");
}

TEST_F(Recovery, I5_a_replica_that_lags_behind_does_not_undo_what_an_outage_interrupted) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.register_revokes(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
  link_is_cut();
  agent.reboots(hours(1), agent.clock.read().wall + hours(1));
  EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
  agent.register_.records.at(kKey).state = State::active;  // another replica than before
  link_is_back();
  agent.time_passes(hours(2));
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "DENY revoked");
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
}

}  // namespace
}  // namespace akgate
