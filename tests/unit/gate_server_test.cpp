// SPDX-License-Identifier: Apache-2.0
#include "gate/server.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "gate/gate_dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate_harness.hpp"

namespace akgate {
namespace {

const std::string kServersCheck = "CHECK " + std::string(kKeyText) + "\n";

/// Gone with all that is in it when the test is over.
struct ScratchDirectory {
  ScratchDirectory() { EXPECT_NE(mkdtemp(path.data()), nullptr); }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() { std::filesystem::remove_all(path); }

  std::string path = (std::filesystem::temp_directory_path() / "akgate-gate-XXXXXX").string();
};

class GateServerTest : public testing::Test {
 protected:
  GateServerTest() {
    settings_.socket_path = directory_.path + "/gate.sock";
    settings_.mode = 0600;
    settings_.drain_time = std::chrono::milliseconds(50);
  }

  void open() {
    auto server = GateServer::open(settings_, {*loop_, dialogue_, log_});
    ASSERT_TRUE(server.ok()) << server.error().what();
    server_ = std::move(server).value();
  }

  Asker connect() {
    auto socket = connect_unix(settings_.socket_path);
    EXPECT_TRUE(socket.ok());
    return socket ? Asker(std::move(socket).value()) : Asker();
  }

  std::string exchange(Asker& asker, std::string_view text) {
    asker.say(text);
    go_round(*loop_);
    return asker.hear();
  }

  [[nodiscard]] bool socket_file_exists() const {
    return std::filesystem::exists(settings_.socket_path);
  }

  ScratchDirectory directory_;
  std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
  FakeAnswers answers_;
  FixedClock clock_;
  Log log_{LogLevel::error, LogFormat::text};
  GateSettings gate_settings_;
  GateDialogue dialogue_{answers_, clock_, *loop_, gate_settings_};
  ServerSettings settings_;
  std::unique_ptr<GateServer> server_;
};

TEST_F(GateServerTest, serves_many_connections_under_the_mode_set) {
  open();
  struct stat facts {};
  ASSERT_EQ(stat(settings_.socket_path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);

  std::array<Asker, 40> askers;
  for (Asker& asker : askers) asker = connect();
  for (Asker& asker : askers) EXPECT_EQ(exchange(asker, "PING\n"), "PONG\n");
}

TEST_F(GateServerTest, a_second_gate_on_the_same_socket_is_refused) {
  open();
  EXPECT_FALSE(GateServer::open(settings_, {*loop_, dialogue_, log_}).ok());
  Asker asker = connect();
  EXPECT_EQ(exchange(asker, "PING\n"), "PONG\n");
}

TEST_F(GateServerTest, I12_a_connection_too_many_is_told_so) {
  settings_.max_connections = 2;
  open();
  Asker first = connect();
  Asker second = connect();
  Asker third = connect();
  third.say("PING\n");
  EXPECT_EQ(exchange(first, "PING\n"), "PONG\n");
  EXPECT_EQ(exchange(second, "PING\n"), "PONG\n");
  EXPECT_EQ(third.hear(), kOverloaded);
  EXPECT_TRUE(third.ended());

  second.close();
  go_round(*loop_);
  Asker fourth = connect();
  EXPECT_EQ(exchange(fourth, "PING\n"), "PONG\n");
}

TEST_F(GateServerTest, I12_however_many_flood_another_waits_for_one_turn_of_theirs_at_most) {
  answers_.settles_at_once = true;
  open();
  std::array<Asker, 20> floods;
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += kServersCheck;
  for (Asker& flood : floods) {
    flood = connect();
    EXPECT_GT(flood.say(lines), 1000U);
  }
  Asker other = connect();
  exchange(other, "PING\n");

  for (int i = 0; i < 20; ++i) {
    other.say("PING\n");
    const std::size_t before = answers_.asked.size();
    go_round(*loop_, 1);
    EXPECT_EQ(other.hear(), "PONG\n");
    EXPECT_LE(answers_.asked.size() - before, Session::kExchangesPerTurn);
  }
  go_round(*loop_, 200);
  for (Asker& flood : floods) {
    EXPECT_GE(count_lines(flood.hear()), 10 * Session::kExchangesPerTurn) << "and they take turns";
  }
}

TEST_F(GateServerTest, goes_without_trace) {
  open();
  Asker asker = connect();
  exchange(asker, kServersCheck);
  server_.reset();
  EXPECT_FALSE(socket_file_exists());
  EXPECT_EQ(asker.hear(), "");
  EXPECT_TRUE(asker.ended());
  EXPECT_EQ(answers_.cancelled, 1U);
}

TEST_F(GateServerTest, draining_answers_what_is_in_flight) {
  settings_.drain_time = std::chrono::hours(1);
  open();
  Asker idle = connect();
  Asker waiting = connect();
  exchange(waiting, kServersCheck);
  int drained = 0;
  server_->drain([&] { ++drained; });
  EXPECT_FALSE(socket_file_exists());
  EXPECT_EQ(exchange(idle, ""), "");
  EXPECT_TRUE(idle.ended());
  EXPECT_EQ(drained, 0);

  answers_.settle(0);
  EXPECT_TRUE(exchange(waiting, "").starts_with("ALLOW "));
  EXPECT_TRUE(waiting.ended());
  EXPECT_EQ(drained, 1);
}

TEST_F(GateServerTest, draining_takes_no_longer_than_it_may) {
  open();
  Asker asker = connect();
  exchange(asker, kServersCheck);
  int drained = 0;
  server_->drain([&] { ++drained; });
  EXPECT_TRUE(go_round_until(*loop_, [&] { return drained > 0; }));
  EXPECT_TRUE(asker.hear().starts_with("DENY reason=timeout "))
      << "every question gets a reply (I10)";
  EXPECT_TRUE(asker.ended());
  EXPECT_EQ(answers_.cancelled, 1U);
  go_round(*loop_);
  EXPECT_EQ(drained, 1);
}

TEST_F(GateServerTest, draining_a_quiet_gate_ends_at_once) {
  settings_.drain_time = std::chrono::hours(1);
  open();
  bool drained = false;
  // The daemon lets the gate go as soon as it has drained.
  server_->drain([&] {
    drained = true;
    server_.reset();
  });
  EXPECT_FALSE(drained) << "not from within drain()";
  go_round(*loop_);
  EXPECT_TRUE(drained);
}

/// No descriptor to be had while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    const int next = dup(0);
    ::close(next);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(next);
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0); }

 private:
  rlimit before_{};
};

TEST_F(GateServerTest, pauses_where_descriptors_ran_out_and_goes_on_when_there_are_some) {
  open();
  Asker before = connect();
  exchange(before, "PING\n");
  Asker asker = connect();
  asker.say("PING\n");
  const BootTime began = loop_->now();
  {
    const NoDescriptors none;
    EXPECT_EQ(exchange(before, "PING\n"), "PONG\n") << "open connections do not suffer";
    EXPECT_TRUE(sleeps(*loop_));
  }
  std::string heard;
  EXPECT_TRUE(go_round_until(*loop_, [&] { return !(heard = asker.hear()).empty(); }));
  EXPECT_EQ(heard, "PONG\n");
  EXPECT_GE(loop_->now() - began, std::chrono::milliseconds(200)) << "no pause";
}

}  // namespace
}  // namespace akgate
