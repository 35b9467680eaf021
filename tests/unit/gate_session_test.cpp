// SPDX-License-Identifier: Apache-2.0
#include "gate/session.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gate/gate_dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate_harness.hpp"

namespace akgate {
namespace {

const std::string kSessionsCheck = "CHECK " + std::string(kKeyText);

/// `CHECK` with a controller by which its reply can be told, and more.
std::string check(const std::string& controller, const std::string& more = "") {
  return kSessionsCheck + " controller=" + controller + (more.empty() ? "" : " " + more) + "\n";
}

std::string allow(const std::string& controller, const std::string& id = "") {
  return "ALLOW reason=active source=local txn=" + controller + (id.empty() ? "" : " id=" + id) +
         "\n";
}

class GateSession : public testing::Test {
 protected:
  std::string hear() {
    go_round(*loop_);
    return connection_.asker.hear();
  }

  std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
  FakeAnswers answers_;
  FixedClock clock_;
  GateSettings settings_;
  GateDialogue dialogue_{answers_, clock_, *loop_, settings_};
  Connection connection_{*loop_, dialogue_};
};

TEST_F(GateSession, answers_what_the_desk_knows) {
  answers_.settles_at_once = true;
  EXPECT_EQ(connection_.exchange(check("A") + "PING\n" + check("B", "id=b")),
            allow("A") + "PONG\n" + allow("B", "b"));
}

TEST_F(GateSession, puts_lines_together_from_fragments) {
  answers_.settles_at_once = true;
  std::string replies;
  for (const char c : check("A", "data-type=HH") + "HELLO\r\n") {
    replies += connection_.exchange(std::string_view(&c, 1));
  }
  EXPECT_EQ(replies, allow("A") + std::string(kHello));
}

TEST_F(GateSession, a_question_waits_as_long_as_it_says_or_as_is_usual) {
  settings_.check_timeout = std::chrono::milliseconds(1234);
  connection_.exchange(check("A") + check("B", "timeout=77"));
  ASSERT_EQ(answers_.asked.size(), 2U);
  EXPECT_EQ(answers_.asked[0].timeout.count(), 1234);
  EXPECT_EQ(answers_.asked[1].timeout.count(), 77);
}

TEST_F(GateSession, settings_that_change_count_from_the_next_question_on) {
  answers_.settles_at_once = true;
  EXPECT_TRUE(connection_.exchange(kSessionsCheck + " mpxn=1234567890\n").starts_with("ALLOW "));
  settings_.demands.mpxn = Demand::off;
  EXPECT_TRUE(connection_.exchange(kSessionsCheck + " mpxn=1234567890\n").starts_with("ERROR "));
}

// --- order ---------------------------------------------------------------------------------------

TEST_F(GateSession, replies_without_id_come_in_the_order_asked) {
  connection_.exchange(check("A") + check("B") + "PING\nnonsense\n" + check("C"));
  answers_.settle(2);
  answers_.settle(1);
  EXPECT_EQ(hear(), "");
  answers_.settle(0);
  const std::string replies = hear();
  EXPECT_TRUE(replies.starts_with(allow("A") + allow("B") + "PONG\nERROR reason=bad-request "));
  EXPECT_TRUE(replies.ends_with("\n" + allow("C"))) << replies;
}

TEST_F(GateSession, a_reply_with_an_id_overtakes) {
  connection_.exchange(check("A") + check("B", "id=b") + check("C", "id=c"));
  answers_.settle(2);
  EXPECT_EQ(hear(), allow("C", "c"));
  answers_.settle(1);
  EXPECT_EQ(hear(), allow("B", "b"));
  EXPECT_EQ(connection_.exchange(kSessionsCheck + " oops=1 id=d\n").substr(0, 25),
            "ERROR reason=bad-request ");
  answers_.settle(0);
  EXPECT_EQ(hear(), allow("A"));
}

TEST_F(GateSession, an_id_in_flight_is_refused_until_its_reply) {
  const std::string refused = connection_.exchange(check("A", "id=x") + check("B", "id=x"));
  EXPECT_TRUE(refused.starts_with("ERROR reason=bad-request detail=id")) << refused;
  EXPECT_TRUE(refused.ends_with(" id=x\n"));
  EXPECT_EQ(answers_.asked.size(), 1U);

  answers_.settle(0);
  EXPECT_EQ(hear(), allow("A", "x"));
  connection_.exchange(check("C", "id=x"));
  EXPECT_EQ(answers_.asked.size(), 2U);
}

TEST_F(GateSession, I2_the_verdict_is_that_of_the_moment_it_is_written) {
  connection_.exchange(check("A") + check("B"));
  answers_.settle(1);  // allowed, but A's reply comes first
  EXPECT_EQ(hear(), "");
  answers_.reason = Reason::expired;
  answers_.settle(0);
  EXPECT_EQ(hear(),
            "DENY reason=expired source=local txn=A\nDENY reason=expired source=local txn=B\n");
}

TEST_F(GateSession, I10_what_the_desk_could_not_answer_is_told) {
  connection_.exchange(check("A", "id=a") + check("B", "id=b"));
  answers_.settle(0, {.local = Reason::timeout});
  answers_.settle(1, {.local = Reason::overloaded});
  EXPECT_EQ(hear(),
            "DENY reason=timeout source=local txn=A id=a\n"
            "DENY reason=overloaded source=local txn=B id=b\n");
}

// --- ends ----------------------------------------------------------------------------------------

TEST_F(GateSession, who_stops_asking_still_gets_all_answers) {
  connection_.exchange(check("A") + check("B", "id=b") + "PING\n");
  connection_.asker.half_close();
  EXPECT_EQ(hear(), "");
  answers_.settle(1);
  EXPECT_EQ(hear(), allow("B", "b"));
  EXPECT_FALSE(connection_.asker.ended());
  answers_.settle(0);
  EXPECT_EQ(hear(), allow("A") + "PONG\n");
  EXPECT_TRUE(connection_.asker.ended());
  EXPECT_FALSE(connection_.session.has_value());
}

TEST_F(GateSession, who_asks_and_stops_at_once_gets_an_answer) {
  answers_.settles_at_once = true;
  std::string many;
  for (std::size_t i = 0; i < 3 * Session::kExchangesPerTurn; ++i) many += "PING\n";
  connection_.asker.say(many);
  connection_.asker.half_close();
  EXPECT_EQ(count_lines(hear()), 3 * Session::kExchangesPerTurn);
  EXPECT_TRUE(connection_.asker.ended());
}

TEST_F(GateSession, a_line_without_end_is_not_taken_for_a_whole_one) {
  connection_.exchange(kSessionsCheck);  // a restriction may have been cut off
  connection_.asker.half_close();
  EXPECT_TRUE(hear().starts_with("ERROR reason=bad-request "));
  EXPECT_TRUE(connection_.asker.ended());
  EXPECT_TRUE(answers_.asked.empty());
}

TEST_F(GateSession, who_is_gone_is_no_longer_waited_for) {
  connection_.exchange(check("A") + check("B", "id=b") + check("C", "id=c"));
  answers_.settle(1);
  hear();
  connection_.asker.close();
  go_round(*loop_);
  EXPECT_EQ(answers_.cancelled, 2U);
  EXPECT_FALSE(connection_.session.has_value());
}

TEST_F(GateSession, who_is_gone_before_the_reply_harms_nobody) {
  connection_.exchange(check("A", "id=a") + check("B", "id=b"));
  answers_.settle(0);
  connection_.asker.close();
  go_round(*loop_);
  EXPECT_EQ(answers_.cancelled, 1U);
  EXPECT_FALSE(connection_.session.has_value());
}

TEST_F(GateSession, a_destroyed_session_cancels_and_closes) {
  connection_.exchange(check("A"));
  connection_.session.reset();
  EXPECT_EQ(answers_.cancelled, 1U);
  EXPECT_EQ(hear(), "");
  EXPECT_TRUE(connection_.asker.ended());
}

TEST_F(GateSession, draining_answers_what_has_arrived_and_ends) {
  connection_.exchange(check("A"));
  connection_.asker.say(check("B", "id=b") + "PING\nHEL");
  connection_.session->drain();
  EXPECT_EQ(hear(), "");
  EXPECT_EQ(answers_.asked.size(), 2U);
  connection_.asker.say(check("C"));
  answers_.settle(0);
  answers_.settle(1);
  EXPECT_EQ(hear(), allow("A") + allow("B", "b") + "PONG\n");
  EXPECT_TRUE(connection_.asker.ended());
  EXPECT_EQ(answers_.asked.size(), 2U);
}

// --- bad input -----------------------------------------------------------------------------------

TEST_F(GateSession, a_line_of_1024_bytes_is_taken_and_one_of_1025_ends_the_connection) {
  answers_.settles_at_once = true;
  std::string line = kSessionsCheck + " controller=";
  line.append(1023 - line.size(), 'x');
  EXPECT_TRUE(connection_.exchange(line + "\n").starts_with("ALLOW "));
  EXPECT_EQ(connection_.exchange(line + "x\nPING\n"), kLineTooLong);
  EXPECT_TRUE(connection_.asker.ended());
}

TEST_F(GateSession, after_a_line_too_long_earlier_questions_are_still_answered) {
  connection_.exchange(check("A") + check("B", "id=b"));
  EXPECT_EQ(connection_.exchange(std::string(20000, 'x')), "");
  answers_.settle(0);
  EXPECT_EQ(hear(), allow("A") + std::string(kLineTooLong));
  EXPECT_FALSE(connection_.asker.ended());
  answers_.settle(1);
  EXPECT_EQ(hear(), allow("B", "b"));
  EXPECT_TRUE(connection_.asker.ended());
}

TEST_F(GateSession, bytes_that_are_no_text_end_the_connection) {
  using namespace std::string_view_literals;
  answers_.settles_at_once = true;
  for (const std::string_view bytes : {"PI\xffNG"sv, "\xc0\xaf"sv, "\xed\xa0\x80"sv, "PING\0"sv,
                                       "PING\tPING"sv, "\x1b[2J"sv, "PING\r"sv, "\x7f"sv}) {
    Connection connection(*loop_, dialogue_);
    const std::string replies = connection.exchange(check("A") + std::string(bytes) + "\r\nPING\n");
    EXPECT_TRUE(replies.starts_with(allow("A") + "ERROR reason=bad-request detail=")) << replies;
    EXPECT_EQ(count_lines(replies), 2U);
    EXPECT_TRUE(connection.asker.ended());
  }
}

TEST_F(GateSession, other_errors_keep_the_connection) {
  for (const std::string line : {"\n", "\r\n", "nonsense\n", "CHECK\n"}) {
    EXPECT_TRUE(connection_.exchange(line).starts_with("ERROR reason=bad-request ")) << line;
  }
  EXPECT_EQ(connection_.exchange("PING\n"), "PONG\n");
}

// --- bounds --------------------------------------------------------------------------------------

TEST_F(GateSession, I12_from_who_takes_no_replies_nothing_more_is_read) {
  const std::string lines = "PING\nHELLO\nnonsense\n";
  std::size_t said = 0;
  std::size_t idle = 0;
  std::size_t at = 0;
  // Says as much as the connection takes, until it has taken nothing for long.
  while (idle < 100) {
    ASSERT_LT(said, 50'000'000U) << "read without end";
    const std::size_t taken = connection_.asker.say(std::string_view(lines).substr(at));
    said += taken;
    at = (at + taken) % lines.size();
    idle = taken == 0 ? idle + 1 : 0;
    go_round(*loop_, 1);
  }
  EXPECT_TRUE(sleeps(*loop_));
  // All that was taken gets its reply once replies are.
  connection_.asker.half_close();
  std::size_t replies = 0;
  EXPECT_TRUE(go_round_until(*loop_, [&] {
    replies += count_lines(connection_.asker.hear());
    return connection_.asker.ended();
  }));
  const std::size_t left_over =
      at == 0 ? 0 : count_lines(lines.substr(0, at)) + (lines[at - 1] != '\n' ? 1 : 0);
  EXPECT_EQ(replies, said / lines.size() * 3 + left_over);
}

TEST_F(GateSession, replies_that_go_out_in_pieces_come_whole_and_once) {
  const int few = 4096;
  Connection narrow(*loop_, dialogue_, [few](int fd) {
    EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &few, sizeof few), 0);
  });
  std::string expected;
  constexpr std::size_t kMany = 120;
  for (std::size_t i = 0; i < kMany; ++i) {
    const std::string controller = std::to_string(i) + std::string(180, 'x');
    EXPECT_EQ(narrow.exchange(check(controller)), "");
    expected += allow(controller);
  }
  for (std::size_t i = 0; i < kMany; ++i) answers_.settle(i);
  go_round(*loop_);
  narrow.asker.say("PING\n");
  expected += kPong;
  EXPECT_TRUE(sleeps(*loop_)) << "nothing can be sent, so nothing is to be read";
  std::string replies;
  EXPECT_TRUE(go_round_until(*loop_, [&] {
    replies += narrow.asker.hear();
    return replies.size() >= expected.size();
  }));
  EXPECT_EQ(replies, expected);
}

TEST_F(GateSession, I12_so_many_questions_in_flight_and_no_more) {
  const std::size_t asked = 2 * SessionLimits().max_pending + 10;
  std::string replies;
  for (std::size_t i = 0; i < asked; ++i) replies += connection_.exchange(check(std::to_string(i)));
  EXPECT_TRUE(sleeps(*loop_));
  EXPECT_EQ(answers_.asked.size(), SessionLimits().max_pending);
  std::string expected;
  for (std::size_t i = 0; i < asked; ++i) {
    answers_.settle(i);
    replies += hear();
    expected += allow(std::to_string(i));
  }
  EXPECT_EQ(replies, expected);
}

TEST_F(GateSession, I12_a_flood_gets_no_more_than_its_turn) {
  answers_.settles_at_once = true;
  Connection polite(*loop_, dialogue_);
  std::string flood;
  for (int i = 0; i < 50; ++i) flood += check("F");
  connection_.asker.say(flood);
  polite.asker.say("PING\n");
  go_round(*loop_, 1);
  EXPECT_EQ(polite.asker.hear(), "PONG\n");
  EXPECT_EQ(answers_.asked.size(), Session::kExchangesPerTurn);
  go_round(*loop_, 50);
  EXPECT_EQ(answers_.asked.size(), 50U);
}

}  // namespace
}  // namespace akgate
