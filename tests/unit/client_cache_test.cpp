// SPDX-License-Identifier: Apache-2.0
// The client's own memory of answers: off by default, and never good for longer than the agent
// said.
#include <future>
#include <map>

#include "tests/unit/client_fake_agent.hpp"

namespace akgate {
namespace {

class ClientCache : public ClientTest {
 protected:
  static constexpr int kGoodFor = 300;

  akgate_answer ask_about(const char* key, const char* type = nullptr,
                          akgate_mode mode = AKGATE_NORMAL) const {
    const char* const types[] = {type, nullptr};
    akgate_question question = question_about(key);
    question.data_types = types;
    question.mode = mode;
    return ask(question);
  }

  static FakeAgent::Script allows_for(int seconds) {
    return FakeAgent::answers([=](const std::string& line) { return allow(line, seconds); });
  }
};

TEST_F(ClientCache, is_off_unless_wanted) {
  FakeAgent agent(path, allows_for(kGoodFor));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(ask().remembered);
}

TEST_F(ClientCache, answers_the_same_question_and_no_other) {
  open(64);
  FakeAgent agent(path, allows_for(kGoodFor));
  const akgate_answer first = ask_about("ak_1", "A");
  EXPECT_FALSE(first.remembered);
  const akgate_answer again = ask_about("ak_1", "A");
  EXPECT_TRUE(again.remembered);
  EXPECT_TRUE(again.allowed);
  EXPECT_EQ(again.good_until_ms, first.good_until_ms);
  EXPECT_GE(again.age_s, first.age_s);
  EXPECT_STREQ(again.transactions, first.transactions);
  EXPECT_FALSE(ask_about("ak_1", "B").remembered);
  EXPECT_FALSE(ask_about("ak_1").remembered);
  EXPECT_FALSE(ask_about("ak_1 data-type=A").remembered);
  EXPECT_FALSE(ask_about("ak_2", "A").remembered);
  akgate_question more = question_about("ak_1");
  const char* const types[] = {"A", nullptr};
  more.data_types = types;
  more.mpxn = "1234567890123";
  EXPECT_FALSE(ask(more).remembered);
}

TEST_F(ClientCache, an_answer_is_forgotten_when_its_time_is_over) {
  open(64);
  FakeAgent agent(path, allows_for(1));
  const std::int64_t until = ask().good_until_ms;
  akgate_answer answer = ask();
  EXPECT_TRUE(answer.remembered || boot_clock_ms() >= until);
  while (answer.remembered) answer = ask();
  EXPECT_GE(boot_clock_ms(), until);
  EXPECT_TRUE(answer.allowed);
}

TEST_F(ClientCache, what_is_good_for_no_time_is_not_kept) {
  open(64);
  FakeAgent agent(path, allows_for(0));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(ask().remembered);
}

TEST_F(ClientCache, denials_are_kept_too_and_failures_are_not) {
  open(64);
  EXPECT_STREQ(ask().reason, "agent-unreachable");
  FakeAgent agent(path,
                  FakeAgent::answers([](const std::string& line) { return deny(line, kGoodFor); }));
  EXPECT_FALSE(ask().remembered);
  const akgate_answer denied = ask();
  EXPECT_TRUE(denied.remembered);
  EXPECT_TRUE(denied.answered);
  EXPECT_FALSE(denied.allowed);
}

TEST_F(ClientCache, a_fresh_question_is_always_asked_and_its_answer_counts) {
  open(64);
  std::atomic<bool> revoked = false;
  FakeAgent agent(path, FakeAgent::answers([&](const std::string& line) {
                    return revoked ? deny(line, kGoodFor) : allow(line, kGoodFor);
                  }));
  EXPECT_TRUE(ask_about("ak_1").allowed);
  revoked = true;
  EXPECT_TRUE(ask_about("ak_1").allowed) << "as the agent promised";
  EXPECT_FALSE(ask_about("ak_1", nullptr, AKGATE_FRESH).remembered);
  EXPECT_FALSE(ask_about("ak_1").allowed);
}

TEST_F(ClientCache, I5_a_denial_ends_what_was_allowed_under_the_same_key) {
  open(64);
  FakeAgent agent(path, FakeAgent::answers([&](const std::string& line) {
                    return value_in(line, "data-type") == "B" ? deny(line) : allow(line, kGoodFor);
                  }));
  EXPECT_TRUE(ask_about("ak_1", "A").allowed);
  EXPECT_TRUE(ask_about("ak_2", "A").allowed);
  EXPECT_FALSE(ask_about("ak_1", "B").allowed);
  EXPECT_FALSE(ask_about("ak_1", "A").remembered);
  EXPECT_TRUE(ask_about("ak_2", "A").remembered);
}

TEST_F(ClientCache, I5_an_allowance_from_before_a_denial_is_not_kept) {
  open(64);
  std::promise<void> asked;
  std::promise<void> denied;
  std::atomic<int> allowances = 0;
  FakeAgent agent(path, FakeAgent::answers([&](const std::string& line) {
                    if (value_in(line, "data-type") == "B") return deny(line);
                    if (++allowances == 1) {
                      asked.set_value();
                      denied.get_future().wait();
                    }
                    return allow(line, kGoodFor);
                  }));
  auto early = std::async(std::launch::async, [&] { return ask_about("ak_1", "A").allowed; });
  asked.get_future().wait();
  EXPECT_FALSE(ask_about("ak_1", "B").allowed);
  denied.set_value();
  EXPECT_TRUE(early.get());
  EXPECT_FALSE(ask_about("ak_1", "A").remembered);
}

TEST_F(ClientCache, I12_it_keeps_no_more_than_it_was_given_room_for) {
  constexpr int kRoom = 8;
  constexpr int kKeys = 100;
  open(kRoom);
  FakeAgent agent(path, allows_for(kGoodFor));
  for (int i = 0; i < kKeys; ++i) ask_about(("ak_" + std::to_string(i)).c_str());
  int remembered = 0;
  // Newest first, up to the first that has to be asked again and thereby displaces another.
  for (int i = kKeys - 1; i >= 0; --i) {
    if (!ask_about(("ak_" + std::to_string(i)).c_str()).remembered) break;
    ++remembered;
  }
  EXPECT_GT(remembered, 0);
  EXPECT_LE(remembered, kRoom);
}

TEST_F(ClientCache, threads_may_share_it) {
  open(16);
  FakeAgent agent(path, FakeAgent::answers([](const std::string& line) {
                    const std::string key = line.substr(6, line.find(' ', 6) - 6);
                    return key.ends_with('3') ? deny(line, 1) : allow(line, kGoodFor, "tid_" + key);
                  }));
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 400; ++i) {
        const std::string key = "ak_" + std::to_string(i % 40);
        const akgate_answer answer = ask_about(key.c_str());
        const bool denied = key.ends_with('3');
        if (answer.allowed == denied || (!denied && answer.transactions != "tid_" + key)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace akgate
