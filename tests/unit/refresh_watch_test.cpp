// SPDX-License-Identifier: Apache-2.0
// Stories of news: who watches a key hears when its answer may have changed, and only then.
#include "refresh_proofs_story.hpp"

namespace akgate {
namespace {

class News : public Proofs {
 protected:
  void watch(const std::string& key) {
    heard_ = 0;
    ASSERT_NE(
        agent.desk->watch(SimulatedAgent::question_about(key), agent.uid, [this] { ++heard_; }),
        Answers::kNoRoom);
  }
  int heard() {
    agent.loop.settle();
    return std::exchange(heard_, 0);
  }

 private:
  int heard_ = 0;
};

TEST_F(News, comes_with_what_the_register_says_anew_and_not_with_what_it_says_again) {
  watch(kKey);
  agent.ask(kKey);
  EXPECT_EQ(heard(), 1);
  agent.ask(kKey, Mode::fresh);
  EXPECT_EQ(heard(), 0);
  agent.register_revokes(kKey);
  agent.ask(kKey, Mode::fresh);
  EXPECT_EQ(heard(), 1);
}

TEST_F(News, of_one_key_is_no_news_for_another) {
  watch(kOther);
  agent.ask(kKey);
  EXPECT_EQ(heard(), 0);
}

TEST_F(News, comes_when_the_register_falls_silent_and_when_it_answers_again) {
  agent.ask(kKey);
  watch(kKey);
  agent.register_.mood = Mood::dead;
  agent.ask(kKey, Mode::fresh);
  EXPECT_GE(heard(), 1);
  agent.register_.mood = Mood::answers;
  agent.time_passes(seconds(31));
  EXPECT_GE(heard(), 1);
}

// Else its watchers would ask again at once, and it would be silent again.
TEST_F(News, is_none_that_the_register_is_silent_about_one_key_again) {
  agent.ask(kOther);
  agent.register_.mood_about[kKey] = Mood::fails;
  agent.ask(kKey);
  watch(kKey);
  for (int i = 0; i < 20; ++i) {
    agent.ask(kKey);
    agent.ask(kOther, Mode::fresh);
  }
  EXPECT_LE(heard(), 1) << "at most, that it is the key's own trouble";
}

TEST_F(News, comes_with_the_operators_word) {
  agent.ask(kKey);
  watch(kKey);
  bind(kKey, kHome);
  EXPECT_EQ(heard(), 1);
  unbind(kKey);
  EXPECT_GE(heard(), 1);
  agent.desk->block(*AccessKey::parse(kKey), [](const auto&) {});
  EXPECT_EQ(heard(), 1);
}

TEST_F(News, is_told_once_however_much_there_is_at_a_time) {
  agent.ask(kKey);
  watch(kKey);
  for (int i = 0; i < 5; ++i) agent.desk->block(*AccessKey::parse(kKey), [](const auto&) {});
  EXPECT_EQ(heard(), 1);
}

TEST_F(News, I12_nobody_holds_more_than_half_of_the_places) {
  agent.settings.max_watches = 4;
  agent.crashes_and_restarts();
  const Question question = SimulatedAgent::question_about(kKey);
  const auto watch_as = [&](Uid uid) { return agent.desk->watch(question, uid, [] {}); };
  const auto first = watch_as(1);
  EXPECT_NE(watch_as(1), Answers::kNoRoom);
  EXPECT_EQ(watch_as(1), Answers::kNoRoom);
  EXPECT_NE(watch_as(2), Answers::kNoRoom);
  EXPECT_NE(watch_as(3), Answers::kNoRoom);
  EXPECT_EQ(watch_as(4), Answers::kNoRoom);
  agent.desk->unwatch(first);
  EXPECT_NE(watch_as(4), Answers::kNoRoom);
}

}  // namespace
}  // namespace akgate
