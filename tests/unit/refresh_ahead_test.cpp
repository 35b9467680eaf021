// SPDX-License-Identifier: Apache-2.0
// Stories of keys that are asked about before anybody has to wait for them.
#include <gtest/gtest.h>

#include <vector>

#include "refresh_story.hpp"

namespace akgate {
namespace {

class Ahead : public AgentStory {
 protected:
  static std::vector<std::string> some_keys(std::size_t count) {
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      keys.push_back("ak_" + std::string(24 - number.size(), '0') + number);
    }
    return keys;
  }
};

TEST_F(Ahead, a_key_asked_for_once_per_fresh_for_never_makes_its_asker_wait) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  for (const int gap : {15, 1, 8, 14, 15, 15, 15, 9, 12, 15, 3, 15}) {
    agent.time_passes(minutes(gap));
    EXPECT_EQ(agent.asked(kKey)->text, "ALLOW active cache") << "after " << gap << " minutes";
  }
}

TEST_F(Ahead, a_key_asked_for_all_the_time_costs_one_request_in_the_last_fifth_of_fresh_for) {
  for (int i = 0; i < 24 * 60; ++i) {
    agent.ask(kKey);
    agent.time_passes(minutes(1));
  }
  EXPECT_LE(agent.register_.requests, 24 * 60 / 12 + 1);
}

TEST_F(Ahead, a_key_nobody_asks_for_any_more_is_left_alone) {
  agent.settings.keep_warm = false;
  agent.crashes_and_restarts();
  for (int i = 0; i < 10; ++i) {
    agent.ask(kKey);
    agent.time_passes(minutes(1));
  }
  agent.time_passes(minutes(15));
  const int requests = agent.register_.requests;
  agent.time_passes(hours(24));
  EXPECT_EQ(agent.register_.requests, requests);
}

TEST_F(Ahead, a_nightly_key_is_refreshed_before_its_hour_and_not_in_between) {
  agent.settings.keep_warm = false;
  agent.crashes_and_restarts();
  for (int night = 1; night <= 10; ++night) {
    const int requests = agent.register_.requests;
    const auto reply = agent.asked(kKey);
    agent.time_passes(hours(24));
    if (night < 3) continue;
    EXPECT_EQ(reply->text, "ALLOW active cache") << "night " << night;
    EXPECT_EQ(agent.register_.requests, requests + 1) << "night " << night;
  }
}

// 10,000 keys each half hour, at the default limits, by eight askers who wait for their replies.
TEST_F(Ahead, a_release_run_finds_its_keys_fresh_from_the_third_on) {
  constexpr std::size_t kKeys = 10'000;
  constexpr std::size_t kAskers = 8;
  agent.max_records = kKeys + 10;
  agent.crashes_and_restarts();
  const std::vector<std::string> keys = some_keys(kKeys);
  for (const std::string& key : keys) agent.register_has(key);
  const BootTime start = agent.loop.now();
  for (int run = 1; run <= 5; ++run) {
    const int requests = agent.register_.requests;
    std::size_t fresh = 0;
    for (std::size_t at = 0; at < kKeys; at += kAskers) {
      std::vector<std::shared_ptr<SimulatedAgent::Reply>> replies;
      for (std::size_t i = at; i < at + kAskers; ++i) replies.push_back(agent.asked(keys[i]));
      agent.loop.pass_until([&] { return replies.back()->text != "none"; }, seconds(3));
      for (const auto& reply : replies) {
        if (reply->text == "ALLOW active cache") ++fresh;
      }
    }
    agent.time_passes(start + run * minutes(30) - agent.loop.now());
    if (run < 3) continue;
    EXPECT_GE(fresh, kKeys * 99 / 100) << "run " << run;
    EXPECT_LE(agent.register_.requests, requests + static_cast<int>(kKeys) * 101 / 100);
  }
  EXPECT_LE(agent.desk->register_standing().requests_per_second_needed, 20);
}

TEST_F(Ahead, an_outage_finds_active_keys_young_whoever_asked_for_them_last) {
  const std::vector<std::string> keys = some_keys(100);
  for (const std::string& key : keys) {
    agent.register_has(key);
    EXPECT_EQ(agent.ask(key), "ALLOW active register");
  }
  const milliseconds grace = hours(6);
  agent.settings.policy.freshness
      .grace_by_legal_basis[static_cast<std::size_t>(LegalBasis::uk_contract)] = grace;
  agent.ends_and_restarts();
  for (int day = 1; day <= 3; ++day) {
    agent.time_passes(hours(24) + minutes(37));
    agent.register_.mood = Mood::dead;
    agent.ask("ak_ffffffffffffffffffffffff");  // somebody notices
    const auto reply = agent.asked(keys[static_cast<std::size_t>(day)]);
    EXPECT_TRUE(reply->verdict.allows()) << reply->text;
    EXPECT_LE(reply->verdict.age, grace / 4);
    agent.register_.mood = Mood::answers;
  }
  EXPECT_LE(agent.register_.requests, 100 * (1 + 75 * 6 / 5)) << "not more often than it takes";
}

TEST_F(Ahead, warmth_is_not_kept_where_it_is_not_wanted) {
  agent.settings.keep_warm = false;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(30));
  const int requests = agent.register_.requests;
  agent.time_passes(hours(72));
  EXPECT_EQ(agent.register_.requests, requests);
}

TEST_F(Ahead, I12_a_flood_of_guesses_leaves_half_of_the_requests_to_what_is_known) {
  const std::vector<std::string> keys = some_keys(5'000);
  for (const std::string& key : keys) agent.register_has(key);
  agent.settings.max_requests_per_second = 1'000;
  agent.crashes_and_restarts();
  for (const std::string& key : keys) agent.ask(key);
  agent.settings.max_requests_per_second = 20;
  agent.settings.keep_warm = false;
  agent.ends_and_restarts();
  agent.time_passes(minutes(16));

  int guess = 1'000'000;
  const int requests = agent.register_.requests;
  std::vector<std::shared_ptr<SimulatedAgent::Reply>> replies;
  for (std::size_t second = 0; second < 60; ++second) {
    agent.uid = 666;
    for (int i = 0; i < 200; ++i) agent.asked("ak_00000000000000000" + std::to_string(++guess));
    agent.uid = 1000;
    for (std::size_t i = 0; i < 8; ++i) replies.push_back(agent.asked(keys[second * 8 + i]));
    agent.time_passes(seconds(1));
  }
  agent.time_passes(seconds(2));
  for (const auto& reply : replies) EXPECT_EQ(reply->text, "ALLOW active register");
  EXPECT_LE(agent.register_.requests - requests, 20 * 63);
}

TEST_F(Ahead, I12_who_asks_for_thousands_does_not_hold_up_who_asks_for_one) {
  std::vector<std::shared_ptr<SimulatedAgent::Reply>> flood;
  agent.uid = 666;
  for (int i = 0; i < 3'000; ++i) {
    flood.push_back(agent.asked("ak_00000000000000000000" + std::to_string(1'000 + i)));
  }
  agent.uid = 1000;
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
}

}  // namespace
}  // namespace akgate
