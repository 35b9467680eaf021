// SPDX-License-Identifier: Apache-2.0
//
// Answers from memory, and how long they hold. That they are what is answered in full,
// SimulatedAgent checks at each question of every story.
#include <functional>
#include <string>
#include <vector>

#include "refresh_proofs_story.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class AtOnce : public Proofs {
 protected:
  [[nodiscard]] std::optional<Answers::AtOnce> at_once(const std::string& key = kKey,
                                                       Mode mode = Mode::normal) {
    return agent.desk->verdict_at_once(SimulatedAgent::question_about(key, mode));
  }
};

TEST_F(AtOnce, answers_what_is_known_and_nothing_else) {
  EXPECT_FALSE(at_once()) << "nobody has asked yet";
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  ASSERT_TRUE(at_once());
  EXPECT_TRUE(at_once()->verdict.allows());
  EXPECT_FALSE(at_once(kKey, Mode::fresh)) << "the register is to be asked";
}

TEST_F(AtOnce, I3_not_what_must_be_asked_for) {
  agent.register_.mood = Mood::answers;
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.loop.sleep(minutes(16));
  EXPECT_FALSE(at_once());
}

TEST_F(AtOnce, holds_while_nothing_happens) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  const auto answer = at_once();
  ASSERT_TRUE(answer);
  agent.time_passes(seconds(5));
  const auto now = agent.desk->still_holds(answer->grounds);
  ASSERT_TRUE(now);
  EXPECT_EQ(*now, answer->verdict.at + seconds(5));
}

TEST_F(AtOnce, I4_holds_under_grace_until_the_register_speaks_again) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood = Mood::dead;
  agent.time_passes(hours(1));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  const auto answer = at_once();
  ASSERT_TRUE(answer);
  EXPECT_GT(answer->verdict.steady_for, hours(1));
  agent.time_passes(seconds(1));
  EXPECT_TRUE(agent.desk->still_holds(answer->grounds));
  agent.register_.mood = Mood::answers;
  agent.time_passes(minutes(2));
  EXPECT_FALSE(agent.desk->still_holds(answer->grounds));
}

// Whatever is said or done about it ends it.
TEST_F(AtOnce, I5_holds_no_more_once_something_has_happened) {
  const auto key = *AccessKey::parse(kKey);
  const auto other = *AccessKey::parse("ak_ffffffffffffffffffffffff");
  const auto nothing = [](const std::optional<Refusal>&) {};
  struct Row {
    std::string what;
    std::function<void()> done;
  };
  const std::vector<Row> rows = {
      {"the register was asked again", [&] { agent.ask(kKey, Mode::fresh); }},
      {"it has been revoked",
       [&] {
         agent.register_revokes(kKey);
         agent.ask(kKey, Mode::fresh);
         agent.register_has(kKey);
       }},
      {"it is blocked", [&] { agent.desk->block(key, nothing); }},
      {"another is blocked", [&] { agent.desk->block(other, nothing); }},
      {"it is bound", [&] { agent.desk->bind(key, *Mpxn::parse("1234567890123"), nothing); }},
      {"it is unbound", [&] { agent.desk->unbind(key, nothing); }},
      {"it is forgotten", [&] { agent.desk->forget(key, nothing); }},
      {"all is forgotten", [&] { agent.desk->forget_all(nothing); }},
      {"the policy is another", [&] { agent.desk->reconfigure(agent.settings); }},
      {"the register has fallen silent",
       [&] {
         agent.register_.mood = Mood::dead;
         for (int i = 0; i < 5; ++i) agent.ask(kKey, Mode::fresh);
       }},
  };
  for (const Row& row : rows) {
    agent.register_.mood = Mood::answers;
    agent.time_passes(hours(2));
    agent.register_has(kKey);
    agent.ask(kKey, Mode::fresh);
    const auto answer = at_once();
    ASSERT_TRUE(answer) << row.what;
    row.done();
    agent.loop.settle();
    EXPECT_FALSE(agent.desk->still_holds(answer->grounds)) << row.what;
    agent.desk->unblock(key, nothing);
    agent.loop.settle();
  }
}

// What it points to may be gone.
TEST_F(AtOnce, I5_holds_no_more_once_anything_was_pushed_out_of_memory) {
  agent.settings.rooms = {.active = 2, .others = 2};
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  const auto answer = at_once();
  ASSERT_TRUE(answer);
  for (int i = 0; i < 8; ++i) {
    const std::string key = "ak_00000000000000000000000" + std::to_string(i);
    agent.register_has(key);
    agent.time_passes(seconds(3));  // What is not on disk yet stays.
    EXPECT_EQ(agent.ask(key), "ALLOW active register");
  }
  EXPECT_FALSE(agent.desk->still_holds(answer->grounds));
}

TEST_F(AtOnce, I8_holds_no_more_where_the_clock_is_not_trusted) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  const auto answer = at_once();
  ASSERT_TRUE(answer);
  Answers::Grounds grounds = answer->grounds;
  grounds.unaccounted = hours(2);
  EXPECT_FALSE(agent.desk->still_holds(grounds));
}

}  // namespace
}  // namespace akgate
