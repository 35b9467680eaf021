// SPDX-License-Identifier: Apache-2.0
// Watches: the first reply, and then changes only.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "gate/gate_dialogue.hpp"
#include "gate_harness.hpp"
#include "tests/support/simulated_loop.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kAllowed = "ALLOW reason=active source=local";
const std::string kRevoked = "DENY reason=revoked source=local";

/// The connection lives on a real loop, the watches' time passes on a simulated one.
class GateWatch : public testing::Test {
 protected:
  GateWatch() { answers_.settles_at_once = true; }

  std::string say(const std::string& line) { return connection_.exchange(line + "\n"); }
  std::string watch(const std::string& id) {
    return say("WATCH " + std::string(kKeyText) + " id=" + id);
  }

  /// Lets time pass for the watches, and gives what was said meanwhile.
  std::string after(std::chrono::nanoseconds time) {
    time_.pass(time);
    return hear();
  }

  std::string hear() {
    go_round(*loop_);
    return connection_.asker.hear();
  }

  std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
  SimulatedLoop time_;
  FakeAnswers answers_;
  FixedClock clock_;
  GateSettings settings_;
  GateDialogue dialogue_{answers_, clock_, time_, settings_};
  Connection connection_{*loop_, dialogue_};
};

TEST_F(GateWatch, first_answers_as_a_check_and_then_tells_changes_only) {
  EXPECT_EQ(watch("w"), kAllowed + " id=w\n");
  answers_.tell_news();
  EXPECT_EQ(hear(), "") << "news that changes nothing";
  answers_.reason = Reason::revoked;
  answers_.tell_news();
  EXPECT_EQ(hear(), "CHANGED " + kRevoked + " id=w\n");
  answers_.tell_news();
  EXPECT_EQ(hear(), "");
  answers_.reason = Reason::active;
  answers_.tell_news();
  EXPECT_EQ(hear(), "CHANGED " + kAllowed + " id=w\n");
}

TEST_F(GateWatch, looks_again_when_the_answer_may_no_longer_be_relied_on) {
  answers_.good_for = seconds(30);
  watch("w");
  answers_.reason = Reason::expired;
  EXPECT_EQ(after(milliseconds(29'999)), "");
  EXPECT_EQ(after(milliseconds(1)),
            "CHANGED DENY reason=expired source=local for=30 until=2026-11-22T10:00:30Z id=w\n");
}

TEST_F(GateWatch, under_grace_looks_each_second_so_that_its_end_is_told) {
  answers_.good_for = milliseconds::zero();
  watch("w");
  EXPECT_EQ(after(seconds(59)), "");
  answers_.reason = Reason::stale;
  EXPECT_TRUE(after(seconds(1)).starts_with("CHANGED DENY reason=stale "));
}

TEST_F(GateWatch, a_change_that_came_and_went_unread_is_not_told) {
  watch("w");
  answers_.reason = Reason::revoked;
  answers_.tell_news();
  answers_.reason = Reason::active;
  EXPECT_EQ(hear(), "");
}

TEST_F(GateWatch, fresh_asks_the_register_for_the_first_reply_only) {
  say("WATCH " + std::string(kKeyText) + " mode=fresh id=w");
  answers_.tell_news();
  hear();
  ASSERT_EQ(answers_.asked.size(), 2U);
  EXPECT_EQ(answers_.asked[0].question.mode, Mode::fresh);
  EXPECT_EQ(answers_.asked[1].question.mode, Mode::normal);
}

TEST_F(GateWatch, news_while_it_is_being_asked_makes_it_ask_once_more) {
  watch("w");
  answers_.settles_at_once = false;
  answers_.tell_news();
  answers_.tell_news();
  answers_.tell_news();
  ASSERT_EQ(answers_.asked.size(), 2U);
  answers_.settle(1);
  EXPECT_EQ(hear(), "");
  time_.pass(seconds(1));
  EXPECT_EQ(answers_.asked.size(), 3U);
}

TEST_F(GateWatch, ends_with_unwatch_and_its_id_is_free_again) {
  watch("w");
  EXPECT_EQ(say("UNWATCH id=w"), "OK id=w\n");
  EXPECT_TRUE(answers_.watches.empty());
  EXPECT_EQ(watch("w"), kAllowed + " id=w\n");
}

TEST_F(GateWatch, an_id_is_taken_while_its_watch_lives) {
  watch("w");
  EXPECT_TRUE(watch("w").starts_with("ERROR reason=bad-request "));
  EXPECT_TRUE(
      say("CHECK " + std::string(kKeyText) + " id=w").starts_with("ERROR reason=bad-request "));
  EXPECT_EQ(answers_.watches.size(), 1U);
}

TEST_F(GateWatch, I10_unwatch_before_the_first_reply_still_gets_both) {
  answers_.settles_at_once = false;
  EXPECT_EQ(watch("w"), "");
  EXPECT_EQ(say("UNWATCH id=w"), "DENY reason=timeout source=local id=w\nOK id=w\n");
  EXPECT_EQ(answers_.cancelled, 1U);
  EXPECT_TRUE(answers_.watches.empty());
}

TEST_F(GateWatch, needs_an_id_and_unwatch_one_that_is_watched) {
  EXPECT_TRUE(say("WATCH " + std::string(kKeyText)).starts_with("ERROR reason=bad-request "));
  EXPECT_TRUE(say("UNWATCH").starts_with("ERROR reason=bad-request "));
  EXPECT_TRUE(say("UNWATCH id=w more=1").starts_with("ERROR reason=bad-request "));
  EXPECT_TRUE(say("UNWATCH id=nobody").ends_with(" id=nobody\n"));
}

TEST_F(GateWatch, one_too_many_is_told_and_the_connection_ends) {
  answers_.room_for_watches = 1;
  watch("a");
  EXPECT_EQ(watch("b"), "ERROR reason=overloaded id=b\n");
  EXPECT_TRUE(connection_.asker.ended());
  EXPECT_TRUE(answers_.watches.empty()) << "the other one ended with it";
}

TEST_F(GateWatch, ends_with_the_connection_whatever_it_was_doing) {
  watch("a");
  answers_.settles_at_once = false;
  answers_.tell_news();
  connection_.asker.close();
  go_round(*loop_);
  EXPECT_TRUE(answers_.watches.empty());
  EXPECT_EQ(answers_.cancelled, 1U);
  time_.pass(std::chrono::hours(1));
}

TEST(GateWatchStall, I12_a_watcher_that_takes_nothing_loses_the_connection) {
  const auto loop = EventLoop::create().value();
  FakeAnswers answers;
  answers.settles_at_once = true;
  const FixedClock clock;
  const GateSettings settings;
  GateDialogue dialogue(answers, clock, *loop, settings);
  Connection connection(*loop, dialogue, [](int) {}, {.stall_time = milliseconds(20)});
  connection.exchange("WATCH " + std::string(kKeyText) + " id=w\n");
  const std::string flood = "CHECK " + std::string(kKeyText) + "\n";
  EXPECT_TRUE(go_round_until(*loop, [&] {
    connection.asker.say(flood);
    return !connection.session;
  }));
  EXPECT_TRUE(answers.watches.empty());
}

}  // namespace
}  // namespace akgate
