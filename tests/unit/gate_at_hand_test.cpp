// SPDX-License-Identifier: Apache-2.0
//
// Replies that are given again (gate/answers_at_hand.hpp).
#include <gtest/gtest.h>

#include "gate/answers_at_hand.hpp"
#include "gate_harness.hpp"
#include "tests/support/simulated_loop.hpp"

namespace akgate {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A desk for which nothing changes unless the test says so, and which counts.
class StandingAnswers final : public Answers {
 public:
  Ticket ask(const Question&, milliseconds, Uid, OnSettled on_settled) override {
    on_settled({});
    return kSettled;
  }
  void cancel(Ticket) override {}
  Verdict verdict(const Question&, const Settled&) override { return now(); }
  WatchId watch(const Question&, Uid, OnNews) override { return kNoRoom; }
  void unwatch(WatchId) override {}

  std::optional<Timestamp> still_holds(const Grounds& grounds) override {
    return grounds.common == changes ? std::optional(time) : std::nullopt;
  }
  void note_told_again(const Question&, const Verdict& verdict, const IndexKey&, Uid uid,
                       std::uint64_t&) override {
    ++told_again;
    last_uid = uid;
    EXPECT_EQ(verdict.at, time);
  }

  /// What would be said at this moment.
  [[nodiscard]] Verdict now() const {
    Verdict verdict;
    verdict.reason = Reason::active;
    verdict.source = Source::cache;
    verdict.at = time;
    verdict.age = time - confirmed;
    verdict.good_for = std::max(confirmed + minutes(15) - time, milliseconds(0));
    if (under_grace) verdict.source = Source::grace;
    verdict.steady_for = under_grace ? confirmed + hours(6) - time : *verdict.good_for;
    verdict.transaction_id = "tid_1";
    return verdict;
  }
  [[nodiscard]] AtOnce at_once() const {
    AtOnce answer{.verdict = now(), .key = {}, .grounds = {}};
    answer.grounds.common = changes;
    return answer;
  }

  bool under_grace = false;
  Timestamp confirmed = kTenOClock;
  Timestamp time = kTenOClock + milliseconds(250);
  std::uint64_t changes = 1;
  int told_again = 0;
  Uid last_uid = 0;
};

class AtHand : public testing::Test {
 protected:
  void keep(std::string_view line, Uid uid = 1000) {
    const LineAndId asked = split_off_id(line);
    std::string reply = anew();
    reply.pop_back();
    at_hand.keep(asked.line, uid, {}, answers.at_once(), reply);
  }
  /// What is at hand for the line, as the gate gives it; empty: nothing.
  std::string ask(std::string_view line, Uid uid = 1000) {
    const LineAndId asked = split_off_id(line);
    const auto reply = at_hand.reply_to(asked.line, uid);
    if (!reply) return "";
    const std::string id = asked.id.empty() ? "" : " id=" + std::string(asked.id);
    return std::string(*reply) + id + "\n";
  }
  [[nodiscard]] std::string anew(std::string_view id = {}) const {
    std::string reply;
    append_verdict(reply, answers.now(), id, clock.wall);
    return reply;
  }

  void expect_never_off_by_a_letter();

  StandingAnswers answers;
  FixedClock clock;
  SimulatedLoop loop;
  AnswersAtHand at_hand{answers, clock, loop, 256};
};

const std::string kLine = "CHECK " + std::string(kKeyText) + " data-type=HH-CONSUMPTION";

TEST_F(AtHand, gives_again_what_would_be_said_anew_and_counts_it) {
  EXPECT_EQ(ask(kLine), "");
  keep(kLine);
  for (int i = 0; i < 5; ++i) {
    answers.time += milliseconds(100);
    EXPECT_EQ(ask(kLine), anew());
  }
  EXPECT_EQ(answers.told_again, 5);
}

// At each millisecond of a few seconds: what is given is what would be said, or nothing.
void AtHand::expect_never_off_by_a_letter() {
  int given = 0;
  for (int i = 0; i < 5'000; ++i, answers.time += milliseconds(1)) {
    clock.wall = answers.time - milliseconds(i % 3 == 0 ? 1'999 : 2'001);
    const std::string reply = ask(kLine);
    if (reply.empty()) {
      keep(kLine);
    } else {
      ASSERT_EQ(reply, anew()) << i;
      ++given;
    }
  }
  EXPECT_GT(given, 0);
}

TEST_F(AtHand, is_never_off_by_a_letter) { expect_never_off_by_a_letter(); }

// Where `for` is 0, and `until` goes with the clock.
TEST_F(AtHand, is_never_off_by_a_letter_under_grace) {
  answers.under_grace = true;
  answers.confirmed = kTenOClock - hours(1) - milliseconds(777);
  expect_never_off_by_a_letter();
}

TEST_F(AtHand, I4_ends_with_grace) {
  answers.under_grace = true;
  answers.time = kTenOClock + hours(6) - milliseconds(1);
  keep(kLine);
  EXPECT_EQ(ask(kLine), anew());
  answers.time += milliseconds(1);
  EXPECT_EQ(ask(kLine), "");
}

TEST_F(AtHand, I3_ends_with_what_it_rests_on) {
  answers.time = kTenOClock + minutes(15) - milliseconds(1);
  keep(kLine);
  EXPECT_EQ(ask(kLine), anew());
  answers.time += milliseconds(1);
  EXPECT_EQ(ask(kLine), "");
}

TEST_F(AtHand, I5_nothing_is_given_again_once_anything_has_changed) {
  keep(kLine);
  ++answers.changes;
  EXPECT_EQ(ask(kLine), "");
  EXPECT_EQ(answers.told_again, 0);
}

TEST_F(AtHand, I8_nor_where_time_went_back) {
  keep(kLine);
  answers.time -= milliseconds(1);
  EXPECT_EQ(ask(kLine), "");
}

TEST_F(AtHand, an_id_at_the_end_is_the_askers_own) {
  keep(kLine + " id=a1");
  EXPECT_EQ(ask(kLine + " id=b2"), anew("b2"));
  EXPECT_EQ(ask(kLine), anew());
  EXPECT_EQ(ask(kLine + " id=not/an/id"), "");
  EXPECT_EQ(ask(kLine + " id="), "");
}

TEST_F(AtHand, I1_every_letter_of_a_question_counts) {
  keep(kLine);
  EXPECT_EQ(ask(kLine + " mpxn=1234567890123"), "");
  EXPECT_EQ(ask(kLine + " "), "");
  EXPECT_EQ(ask(kLine.substr(0, kLine.size() - 1)), "");
  EXPECT_EQ(ask("WATCH" + kLine.substr(5)), "");
}

TEST_F(AtHand, each_user_has_its_own) {
  keep(kLine, 1000);
  EXPECT_EQ(ask(kLine, 1001), "");
  EXPECT_EQ(ask(kLine, 1000), anew());
  EXPECT_EQ(answers.last_uid, 1000U);
}

TEST_F(AtHand, I9_keeps_no_question_that_is_not_asked_any_more) {
  keep(kLine);
  EXPECT_EQ(loop.pending(), 1U);
  loop.pass(seconds(10));
  EXPECT_EQ(loop.pending(), 0U) << "and needs not wake up for it any more";
  EXPECT_EQ(ask(kLine), "");
}

TEST_F(AtHand, I12_a_user_with_many_lines_pushes_out_nobody_elses) {
  keep(kLine, 1000);
  for (int i = 0; i < 5'000; ++i) keep(kLine + " timeout=" + std::to_string(i + 1), 1001);
  EXPECT_EQ(ask(kLine, 1000), anew());
}

TEST_F(AtHand, what_holds_for_no_time_is_not_kept) {
  auto answer = answers.at_once();
  answer.verdict.steady_for = milliseconds(0);
  at_hand.keep(kLine, 1000, {}, answer, "ALLOW");
  EXPECT_EQ(ask(kLine), "");
}

TEST_F(AtHand, I12_however_many_lines_come_it_stays_small_and_keeps_the_last) {
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = kLine + " mpxn=" + std::to_string(100'000 + i);
    keep(line);
    EXPECT_EQ(ask(line), anew());
    answers.time += milliseconds(1);
    loop.pass(milliseconds(1));
  }
  int at_hand_still = 0;
  for (int i = 0; i < 20'000; ++i) {
    at_hand_still += ask(kLine + " mpxn=" + std::to_string(100'000 + i)).empty() ? 0 : 1;
  }
  EXPECT_LE(at_hand_still, 256);
  AnswersAtHand none(answers, clock, loop, 0);
  none.keep(kLine, 1000, {}, answers.at_once(), "ALLOW");
  EXPECT_FALSE(none.reply_to(kLine, 1000));
}

}  // namespace

}  // namespace akgate
