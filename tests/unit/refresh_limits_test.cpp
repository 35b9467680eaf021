// SPDX-License-Identifier: Apache-2.0
// What the register and the askers may cost, and what they may not.
#include "refresh_story.hpp"

namespace akgate {
namespace {

using Limits = AgentStory;

TEST_F(Limits, cached_never_asks) {
  EXPECT_EQ(agent.ask(kKey, Mode::cached), "DENY not-cached local");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kKey, Mode::cached), "ALLOW active cache");
  agent.time_passes(kLongUnasked);
  const int requests = agent.register_.requests;
  EXPECT_EQ(agent.ask(kKey, Mode::cached), "DENY stale cache");
  EXPECT_EQ(agent.register_.requests, requests);
}

TEST_F(Limits, I11_forty_askers_of_one_cold_key_cost_one_request) {
  std::vector<std::shared_ptr<SimulatedAgent::Reply>> replies;
  for (int i = 0; i < 40; ++i) replies.push_back(agent.asked(kKey));
  agent.time_passes(seconds(1));
  for (const auto& reply : replies) EXPECT_EQ(reply->text, "ALLOW active register");
  EXPECT_EQ(agent.register_.requests, 1);
}

TEST_F(Limits, I11_the_register_sees_at_most_the_limit_in_any_second) {
  for (int i = 0; i < 200; ++i) {
    static_cast<void>(
        agent.asked("ak_" + std::to_string(100'000'000'000'000'000'000'000.0).substr(0, 21) +
                        std::to_string(100 + i),
                    Mode::normal, seconds(60)));
  }
  agent.time_passes(milliseconds(1));  // So that no request falls on two seconds.
  int before = agent.register_.requests;
  for (int second = 0; second < 10; ++second) {
    agent.time_passes(seconds(1));
    EXPECT_LE(agent.register_.requests - before, 20);
    before = agent.register_.requests;
  }
  EXPECT_GE(before, 190) << "and it does use it";
}

TEST_F(Limits, I11_back_off_grows_and_asks_one_question_at_a_time) {
  agent.register_.mood = Mood::dead;
  agent.ask(kKey);
  const int first = agent.register_.requests;
  agent.time_passes(seconds(1));
  EXPECT_EQ(agent.register_.requests, first + 1) << "first retry within a second";
  agent.time_passes(minutes(10));
  EXPECT_LE(agent.register_.requests, first + 50);
  EXPECT_GE(agent.register_.requests, first + 20)
      << "at least every 30 s, so that recovery is noticed";
  EXPECT_EQ(agent.register_.most_at_once, 1);
}

TEST_F(Limits, I11_retry_after_is_honoured_and_capped) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood = Mood::fails;
  agent.register_.retry_after = seconds(120);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY register-unreachable local");
  const int asked = agent.register_.requests;
  agent.time_passes(seconds(119));
  EXPECT_EQ(agent.register_.requests, asked);
  agent.register_.retry_after = days(365);
  agent.time_passes(seconds(2));
  EXPECT_EQ(agent.register_.requests, asked + 1);
  agent.register_.mood = Mood::answers;
  agent.time_passes(minutes(6));
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
}

TEST_F(Limits, I10_a_full_line_is_overloaded_at_once) {
  agent.settings.max_waiters = 4;
  agent.crashes_and_restarts();
  agent.register_.latency = seconds(1);
  std::vector<std::shared_ptr<SimulatedAgent::Reply>> replies;
  for (Uid uid = 1; uid <= 5; ++uid) {
    agent.uid = uid;
    replies.push_back(agent.asked(kKey));
  }
  EXPECT_EQ(replies[4]->text, "DENY overloaded local");
  agent.time_passes(seconds(2));
  EXPECT_EQ(replies[3]->text, "ALLOW active register");
}

TEST_F(Limits, I12_half_of_the_places_are_the_most_for_one_user) {
  agent.settings.max_waiters = 8;
  agent.crashes_and_restarts();
  agent.register_.latency = seconds(1);
  std::vector<std::shared_ptr<SimulatedAgent::Reply>> replies;
  for (int i = 0; i < 5; ++i) replies.push_back(agent.asked(kKey));
  EXPECT_EQ(replies[3]->text, "none");
  EXPECT_EQ(replies[4]->text, "DENY overloaded local");
  agent.uid = 2000;
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
}

TEST_F(Limits, cancelled_questions_free_their_places) {
  agent.settings.max_waiters = 1;
  agent.crashes_and_restarts();
  agent.register_.latency = seconds(1);
  Question question;
  question.key = AccessKey::parse(kKey);
  for (int i = 0; i < 5; ++i) {
    const auto ticket = agent.desk->ask(question, seconds(2), agent.uid,
                                        [](const Settled&) { FAIL() << "cancelled"; });
    ASSERT_NE(ticket, Answers::kSettled);
    agent.desk->cancel(ticket);
  }
  agent.time_passes(seconds(3));
}

TEST_F(Limits, I12_a_flood_of_guessed_keys_pushes_out_no_active_record_and_writes_nothing) {
  agent.settings.rooms.others = 16;
  agent.settings.max_requests_per_second = 1000;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  const std::size_t stored = agent.store->size();
  for (int i = 100; i < 400; ++i) {
    EXPECT_EQ(agent.ask("ak_000000000000000000000" + std::to_string(i)), "DENY not-found register");
  }
  agent.time_passes(minutes(11));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  EXPECT_EQ(agent.store->size(), stored);
}

}  // namespace
}  // namespace akgate
