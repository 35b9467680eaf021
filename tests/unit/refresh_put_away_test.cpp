// SPDX-License-Identifier: Apache-2.0
// Stories of keys that are not at hand any more: what the register said of them is on disk, and how
// they are used is remembered.
#include <gtest/gtest.h>

#include "refresh_proofs_story.hpp"

namespace akgate {
namespace {

constexpr int kCrowd = 6;

std::string key_in_crowd(int number) {
  return "ak_00000000000000000000c00" + std::to_string(number);
}

class PutAway : public Proofs {
 protected:
  void SetUp() override {
    agent.settings.rooms.at_hand = 3;  // A record, its meter point, its Data User.
    agent.settings.keep_warm = false;
    Proofs::SetUp();
    for (int i = 0; i < kCrowd; ++i) agent.register_has(key_in_crowd(i));
  }

  /// After this nothing else is at hand.
  void crowd_asks() {
    agent.time_passes(seconds(3));  // Good news is on disk by then.
    for (int i = 0; i < kCrowd; ++i) {
      ASSERT_EQ(agent.ask(key_in_crowd(i)).substr(0, 12), "ALLOW active");
      agent.time_passes(seconds(3));
    }
    ASSERT_FALSE(agent.desk->verdict_at_once(SimulatedAgent::question_about(kKey)));
  }
};

TEST_F(PutAway, costs_no_request) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  crowd_asks();
  const int requests = agent.register_.requests;
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  EXPECT_EQ(agent.register_.requests, requests);
  EXPECT_TRUE(agent.desk->verdict_at_once(SimulatedAgent::question_about(kKey)))
      << "it is at hand again";
}

TEST_F(PutAway, I5_revocation_stays) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_revokes(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
  crowd_asks();
  agent.register_has(kKey);  // A replica that lags behind.
  EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
}

// The clerk holds good news for the disk for a moment. Until it is there the disk has an older
// word, or none.
TEST_F(PutAway, I5_not_before_it_is_on_disk) {
  const AccessRecord record = agent.register_.records.at(kKey);
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(3));
  agent.register_.records.erase(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY not-found register");
  agent.register_.records[kKey] = record;
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  for (int i = 0; i < kCrowd; ++i) agent.ask(key_in_crowd(i));
  EXPECT_EQ(agent.ask(kKey, Mode::cached), "ALLOW active cache");
  agent.register_.records.erase(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY not-found register");
  crowd_asks();
  EXPECT_EQ(agent.ask(kKey, Mode::cached), "DENY not-found cache");
}

TEST_F(PutAway, blocked_meter_point_blocks_a_key_whose_tie_to_it_is_not_on_disk_yet) {
  EXPECT_EQ(ask_at(kHome).substr(0, 12), "ALLOW active");
  for (int i = 0; i < kCrowd; ++i) agent.ask(key_in_crowd(i));
  agent.desk->block(*Mpxn::parse(kHome), [](const std::optional<Refusal>&) {});
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "DENY blocked");
}

TEST_F(PutAway, trouble_stays) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood_about[kKey] = Mood::talks_rubbish;
  EXPECT_EQ(agent.ask(kKey, Mode::fresh).substr(0, 23), "DENY register-malformed");
  crowd_asks();
  EXPECT_EQ(agent.ask(kKey, Mode::cached).substr(0, 23), "DENY register-malformed");
  agent.register_.mood_about.erase(kKey);
  agent.time_passes(seconds(2));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  crowd_asks();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
}

TEST_F(PutAway, blocked_meter_point_stays_blocked) {
  EXPECT_EQ(ask_at(kHome).substr(0, 12), "ALLOW active");
  crowd_asks();
  agent.desk->block(*Mpxn::parse(kHome), [](const std::optional<Refusal>&) {});
  agent.loop.settle();
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "DENY blocked");
}

TEST_F(PutAway, forgotten_is_forgotten) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  for (const bool all : {false, true}) {
    crowd_asks();
    const auto done = [](const std::optional<Refusal>&) {};
    if (all) {
      agent.desk->forget_all(done);
    } else {
      agent.desk->forget(*AccessKey::parse(kKey), done);
    }
    agent.loop.settle();
    EXPECT_EQ(agent.ask(kKey, Mode::cached), "DENY not-cached local") << all;
    EXPECT_EQ(agent.ask(kKey), "ALLOW active register") << all;
  }
}

TEST_F(PutAway, is_refreshed_ahead_of_its_rhythm) {
  for (int night = 1; night <= 6; ++night) {
    const auto reply = agent.asked(kKey);
    agent.time_passes(hours(12));
    crowd_asks();
    const int requests = agent.register_.requests;
    agent.time_passes(hours(12));
    if (night < 3) continue;
    EXPECT_EQ(reply->text, "ALLOW active cache") << "night " << night;
    EXPECT_EQ(agent.register_.requests, requests + 1) << "night " << night;
  }
}

TEST_F(PutAway, meter_point_is_refreshed_ahead_too) {
  EXPECT_EQ(ask_at(kHome).substr(0, 12), "ALLOW active");
  for (int i = 0; i < 8; ++i) {
    crowd_asks();
    agent.time_passes(minutes(14));
    EXPECT_EQ(ask_at(kHome), "ALLOW active cache") << i;
  }
}

TEST_F(PutAway, does_not_disturb_the_answers_of_others) {
  EXPECT_EQ(agent.ask(key_in_crowd(1)), "ALLOW active register");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  const auto answer = agent.desk->verdict_at_once(SimulatedAgent::question_about(kKey));
  ASSERT_TRUE(answer);
  for (int i = 2; i < 4; ++i) EXPECT_EQ(agent.ask(key_in_crowd(i)), "ALLOW active register");
  EXPECT_TRUE(agent.desk->still_holds(answer->grounds));
  crowd_asks();
  EXPECT_FALSE(agent.desk->still_holds(answer->grounds)) << "its own place is another's now (I5)";
}

class Table : public ::testing::Test {
 protected:
  static IndexKey index(unsigned number) { return {.bytes = {static_cast<std::uint8_t>(number)}}; }

  void learn(unsigned number, OnDisk on_disk = OnDisk::up_to_date) {
    learn(table, number, on_disk);
  }
  static void learn(KnowledgeTable& table, unsigned number, OnDisk on_disk) {
    Remembered* const remembered = table.remember(index(number));
    ASSERT_NE(remembered, nullptr);
    remembered->set(*AccessKey::parse(kKey));
    remembered->habit->usage.asked(BootTime(minutes(number)), minutes(15));
    table.note_disk(index(number), on_disk);
    auto known = std::make_shared<Knowledge>();
    known->record.emplace().complete = true;
    table.learn(index(number), KnowledgePtr(std::move(known)));
  }
  std::size_t at_hand() { return at_hand(table); }
  static std::size_t at_hand(KnowledgeTable& table) {
    std::size_t count = 0;
    for (unsigned i = 0; i < 256; ++i) {
      if (table.peek(index(i)) != nullptr) ++count;
    }
    return count;
  }

  Load load;
  KnowledgeTable table{{.active = 32, .at_hand = 4, .others = 2}, load};
};

TEST_F(Table, I12_holds_no_more_than_it_has_room_for) {
  for (unsigned i = 0; i < 256; ++i) learn(i);
  EXPECT_EQ(at_hand(), 4U);
  std::size_t habits = 0;
  for (unsigned i = 0; i < 252; ++i) {
    Remembered* const remembered = table.remember(index(i));
    ASSERT_NE(remembered, nullptr);
    if (remembered->habit->usage.last() != kNever) ++habits;
  }
  EXPECT_EQ(habits, 28U);
}

TEST_F(Table, I5_what_must_not_be_forgotten_takes_more_room_for_a_while) {
  for (unsigned i = 0; i < 16; ++i) learn(i, OnDisk::lacks_bad);
  EXPECT_EQ(at_hand(), 16U);
  table.disk_has_caught_up();
  EXPECT_EQ(at_hand(), 4U);
}

// More of it than is looked at for one that may give way.
TEST_F(Table, I12_what_must_not_be_forgotten_keeps_nothing_else_at_hand) {
  KnowledgeTable large({.active = 256, .at_hand = 4, .others = 2}, load);
  constexpr unsigned kStays = 100;
  for (unsigned i = 0; i < kStays; ++i) {
    learn(large, i, i % 2 == 0 ? OnDisk::lacks_bad : OnDisk::lacks_good);
  }
  for (unsigned i = kStays; i < 250; ++i) learn(large, i, OnDisk::up_to_date);
  EXPECT_LT(at_hand(large), kStays + 70) << "nearly all that came last gave way";
}

TEST_F(Table, I5_good_news_that_the_disk_lacks_gives_way_where_there_is_no_other_room) {
  for (unsigned i = 0; i < 31; ++i) learn(i, OnDisk::lacks_bad);
  for (unsigned i = 31; i < 64; ++i) learn(i, OnDisk::lacks_good);
  for (unsigned i = 0; i < 31; ++i) EXPECT_NE(table.peek(index(i)), nullptr) << i;
  EXPECT_NE(table.peek(index(63)), nullptr);
}

}  // namespace
}  // namespace akgate
