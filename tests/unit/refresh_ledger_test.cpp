// SPDX-License-Identifier: Apache-2.0
// Stories of records that do not change: what that costs the disk, and what a restart costs.
#include <fstream>
#include <functional>
#include <sstream>
#include <vector>

#include "refresh_story.hpp"

namespace akgate {
namespace {

class Unchanged : public AgentStory {
 protected:
  /// The key is asked for each five minutes, and the register says the same each time.
  void is_confirmed_for(minutes how_long) {
    for (minutes passed{0}; passed < how_long; passed += minutes(5)) {
      EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
      agent.time_passes(minutes(5));
    }
  }
  [[nodiscard]] std::string data_file() const {
    std::ostringstream content;
    content << std::ifstream(agent.directory / "cache/data.mdb", std::ios::binary).rdbuf();
    return content.str();
  }
  [[nodiscard]] Timestamp date_on_disk() const {
    const auto found = agent.store->find(agent.keys().index_of(*AccessKey::parse(kKey)));
    return found ? found->knowledge->as_of : Timestamp();
  }
  [[nodiscard]] milliseconds age_on_disk() const {
    return agent.clock.read().wall - date_on_disk();
  }
};

TEST_F(Unchanged, confirming_writes_nothing_between_two_time_marks) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(1));
  const std::string before = data_file();
  is_confirmed_for(minutes(25));
  EXPECT_EQ(data_file(), before);
  EXPECT_FALSE(std::filesystem::exists(agent.directory / "ledger"));
}

TEST_F(Unchanged, freshness_survives_sigterm) {
  is_confirmed_for(minutes(45));
  agent.ends_and_restarts();
  EXPECT_LE(age_on_disk(), minutes(5) + seconds(1));
  EXPECT_EQ(agent.ask(kKey, Mode::cached), "ALLOW active cache");
}

TEST_F(Unchanged, I6_a_crash_costs_an_hour_of_freshness_at_most) {
  agent.settings.policy.freshness.grace = minutes(66);
  agent.crashes_and_restarts();
  is_confirmed_for(hours(5) - minutes(10));
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_GT(age_on_disk(), minutes(15)) << "the test does not hit what it means";
  EXPECT_LE(age_on_disk(), minutes(65));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
}

TEST_F(Unchanged, I8_what_is_confirmed_on_disk_never_lies_ahead_of_the_time_mark) {
  const AccessKey key = *AccessKey::parse(kKey);
  const auto nothing = [] {};
  const auto bind = [&] {
    agent.desk->bind(key, *Mpxn::parse("1234567890123"), [](const auto&) {});
    agent.loop.settle();
  };
  const auto unbind = [&] {
    agent.desk->unbind(key, [](const auto&) {});
    agent.loop.settle();
  };
  const std::vector<std::function<void()>> writings = {nothing, bind, unbind};
  for (const minutes how_long : {minutes(20), minutes(55), minutes(65), minutes(80)}) {
    for (const auto& write : writings) {
      is_confirmed_for(how_long);
      write();
      agent.crashes_and_restarts();
      EXPECT_LE(date_on_disk(), agent.store->time_mark()->at) << how_long.count();
    }
  }
}

TEST_F(Unchanged, I5_revoked_after_an_hour_of_confirmations_it_stays_so) {
  for (const minutes how_long : {minutes(5), minutes(55), minutes(60), minutes(65)}) {
    is_confirmed_for(how_long);
    agent.register_revokes(kKey);
    EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
    agent.register_.mood = Mood::dead;
    agent.crashes_and_restarts();
    EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
    agent.time_passes(hours(30));
    agent.ends_and_restarts();
    EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");

    agent.stop();
    std::filesystem::remove_all(agent.directory / "cache");
    agent.register_.mood = Mood::answers;
    agent.register_.records.at(kKey).state = State::active;
    agent.start();
  }
}

TEST_F(Unchanged, a_ledger_that_cannot_be_written_costs_no_grace) {
  std::filesystem::create_directories(agent.directory / "ledger/in the way");
  is_confirmed_for(hours(3));
  agent.register_.mood = Mood::dead;
  agent.time_passes(minutes(20));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  agent.register_.mood = Mood::answers;
  agent.time_passes(minutes(1));
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  agent.ends_and_restarts();
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "ALLOW active");
}

TEST_F(Unchanged, what_was_pushed_out_of_a_full_cache_is_written_again) {
  agent.max_records = 1;
  agent.crashes_and_restarts();
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(1));
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  agent.time_passes(minutes(1));
  EXPECT_EQ(date_on_disk(), Timestamp()) << "the test does not hit what it means";
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  agent.time_passes(hours(1));
  EXPECT_NE(date_on_disk(), Timestamp());
}

TEST_F(Unchanged, I12_a_flood_of_guessed_keys_reaches_neither_cache_nor_ledger) {
  agent.settings.max_requests_per_second = 1000;
  agent.settings.policy.freshness.not_found_for = minutes(1);
  agent.crashes_and_restarts();
  const std::string before = data_file();
  for (int round = 0; round < 5; ++round) {
    for (int i = 100; i < 400; ++i) {
      const std::string guess = "ak_000000000000000000000" + std::to_string(i);
      EXPECT_EQ(agent.ask(guess, Mode::fresh), "DENY not-found register");
    }
  }
  EXPECT_EQ(data_file(), before);
  agent.ends_and_restarts();
  EXPECT_FALSE(std::filesystem::exists(agent.directory / "ledger"));
  EXPECT_EQ(agent.store->size(), 0U);
}

}  // namespace
}  // namespace akgate
