// SPDX-License-Identifier: Apache-2.0
// Users share a server's places.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "gate/gate_dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate/server.hpp"
#include "gate_harness.hpp"
#include "gate_person.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

const std::string kSharersCheck = "CHECK " + std::string(kKeyText) + "\n";
constexpr uid_t kGreedy = 1000;
constexpr uid_t kOther = 1001;

class Share : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can be many users";
    ASSERT_EQ(chmod(directory_.path().c_str(), 0755), 0);
    settings_.socket_path = directory_ / "gate.sock";
    settings_.mode = 0666;
    settings_.max_connections = 4;
  }

  void open() { server_ = GateServer::open(settings_, {*loop_, dialogue_, log_}).value(); }

  Asker connected_as(uid_t uid) {
    Asker asker = connect_as({.uid = uid, .gid = uid, .groups = {}}, settings_.socket_path);
    go_round(*loop_);
    return asker;
  }

  std::string exchange(Asker& asker, std::string_view text) {
    asker.say(text);
    go_round(*loop_);
    return asker.hear();
  }

  TemporaryDirectory directory_;
  std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
  FakeAnswers answers_;
  FixedClock clock_;
  Log log_{LogLevel::error, LogFormat::text};
  GateSettings gate_settings_;
  GateDialogue dialogue_{answers_, clock_, *loop_, gate_settings_};
  ServerSettings settings_;
  std::unique_ptr<GateServer> server_;
};

TEST_F(Share, I12_a_newcomer_gets_the_place_of_the_connection_that_is_idle_longest) {
  open();
  std::vector<Asker> greedy;
  for (int i = 0; i < 4; ++i) greedy.push_back(connected_as(kGreedy));
  exchange(greedy[1], kSharersCheck);  // Idle longest, but for an answer that it awaits.
  for (const std::size_t asks : {2U, 0U, 3U}) {
    EXPECT_EQ(exchange(greedy[asks], "PING\n"), "PONG\n");
  }

  Asker other = connected_as(kOther);
  EXPECT_EQ(exchange(other, "PING\n"), "PONG\n");
  EXPECT_EQ(greedy[2].hear(), kOverloaded);
  EXPECT_TRUE(greedy[2].ended());
  for (const std::size_t kept : {0U, 1U, 3U}) {
    EXPECT_EQ(greedy[kept].hear(), "");
    EXPECT_FALSE(greedy[kept].ended());
  }

  Asker one_more = connected_as(kGreedy);
  EXPECT_EQ(one_more.hear(), kOverloaded) << "who holds most takes from nobody";
  EXPECT_TRUE(one_more.ended());
}

TEST_F(Share, I12_up_to_its_share_and_no_further) {
  open();
  std::vector<Asker> greedy;
  std::vector<Asker> others;
  for (int i = 0; i < 4; ++i) greedy.push_back(connected_as(kGreedy));
  for (int i = 0; i < 3; ++i) others.push_back(connected_as(kOther));
  EXPECT_EQ(exchange(others[0], "PING\n"), "PONG\n");
  EXPECT_EQ(exchange(others[1], "PING\n"), "PONG\n");
  EXPECT_EQ(others[2].hear(), kOverloaded);
  EXPECT_TRUE(others[2].ended());
}

TEST_F(Share, I10_a_question_that_waits_is_answered_before_its_place_goes) {
  settings_.max_connections = 2;
  open();
  Asker first = connected_as(kGreedy);
  Asker second = connected_as(kGreedy);
  exchange(second, kSharersCheck);
  exchange(first, kSharersCheck);
  Asker other = connected_as(kOther);
  EXPECT_EQ(exchange(other, "PING\n"), "PONG\n");
  const std::string heard = second.hear();
  EXPECT_TRUE(heard.starts_with("DENY reason=timeout ")) << heard;
  EXPECT_TRUE(heard.ends_with(kOverloaded)) << heard;
  EXPECT_TRUE(second.ended());
  EXPECT_EQ(answers_.cancelled, 1U);
}

TEST_F(Share, I12_who_takes_no_replies_counts_as_idle) {
  settings_.max_connections = 2;
  answers_.settles_at_once = true;
  open();
  Asker deaf = connected_as(kGreedy);
  std::string questions;
  for (int i = 0; i < 100; ++i) questions += kSharersCheck;
  while (deaf.say(questions) == questions.size()) go_round(*loop_);
  go_round(*loop_);
  answers_.settles_at_once = false;
  Asker waiting = connected_as(kGreedy);
  exchange(waiting, kSharersCheck);
  Asker other = connected_as(kOther);
  EXPECT_EQ(exchange(other, "PING\n"), "PONG\n");
  answers_.settle(answers_.asked.size() - 1);
  go_round(*loop_);
  EXPECT_TRUE(waiting.hear().starts_with("ALLOW ")) << "it has kept its place";
}

TEST_F(Share, I12_the_cap_of_a_user_holds_where_there_is_room) {
  settings_.max_connections_per_uid = 2;
  open();
  std::vector<Asker> greedy;
  for (int i = 0; i < 3; ++i) greedy.push_back(connected_as(kGreedy));
  EXPECT_EQ(greedy[2].hear(), kOverloaded);
  EXPECT_TRUE(greedy[2].ended());
  Asker other = connected_as(kOther);
  EXPECT_EQ(exchange(other, "PING\n"), "PONG\n");

  greedy[0].close();
  go_round(*loop_);
  Asker again = connected_as(kGreedy);
  EXPECT_EQ(exchange(again, "PING\n"), "PONG\n");
}

}  // namespace
}  // namespace akgate
