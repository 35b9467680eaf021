// SPDX-License-Identifier: Apache-2.0
// What the service manager gives the agent and hears of it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "daemon/given_sockets.hpp"
#include "daemon/standing_news.hpp"
#include "daemon/watchdog.hpp"
#include "tests/support/simulated_loop.hpp"

namespace akgate {
namespace {

using std::chrono::seconds;

// --- the watchdog --------------------------------------------------------------------------------

/// A loop that can be stuck: what it is given waits for as long.
class StuckableLoop final : public Loop {
 public:
  explicit StuckableLoop(SimulatedLoop& time) : time_(time) {}

  void post(Task task) override {
    time_.post([this, task = std::move(task)] { run_when_free(task); });
  }
  TimerId at(BootTime when, Task task) override {
    return time_.at(when, [this, task = std::move(task)] { run_when_free(task); });
  }
  void cancel(TimerId timer) override { time_.cancel(timer); }
  [[nodiscard]] BootTime now() const override { return time_.now(); }

  void stick() { stuck_ = true; }
  void go_on() {
    stuck_ = false;
    for (const Task& task : std::exchange(waiting_, {})) task();
  }

 private:
  void run_when_free(const Task& task) {
    if (stuck_) return waiting_.push_back(task);
    task();
  }

  SimulatedLoop& time_;
  bool stuck_ = false;
  std::vector<Task> waiting_;
};

class Watched : public testing::Test {
 protected:
  SimulatedLoop time_;
  StuckableLoop desk_{time_};
  StuckableLoop clerk_{time_};
  int fed_ = 0;
  Watchdog watchdog_{desk_, clerk_, seconds(10), [this] { ++fed_; }};
};

TEST_F(Watched, is_fed_at_half_its_time_while_both_move) {
  watchdog_.start();
  time_.settle();
  EXPECT_EQ(fed_, 1) << "at once";
  time_.pass(seconds(50));
  EXPECT_EQ(fed_, 11);
}

TEST_F(Watched, is_not_fed_while_the_clerk_is_stuck) {
  watchdog_.start();
  time_.pass(seconds(7));
  const int before = fed_;
  clerk_.stick();
  time_.pass(seconds(600));
  EXPECT_EQ(fed_, before);
  clerk_.go_on();
  time_.pass(seconds(50));
  EXPECT_EQ(fed_, before + 11) << "no more than it would have been";
}

TEST_F(Watched, is_not_fed_while_the_desk_is_stuck) {
  watchdog_.start();
  time_.pass(seconds(7));
  const int before = fed_;
  desk_.stick();
  time_.pass(seconds(600));
  EXPECT_EQ(fed_, before);
  desk_.go_on();
  time_.pass(seconds(50));
  EXPECT_EQ(fed_, before + 11);
}

TEST_F(Watched, asks_a_stuck_clerk_once_only) {
  watchdog_.start();
  time_.settle();
  clerk_.stick();
  time_.pass(seconds(600));
  EXPECT_EQ(time_.pending(), 0U) << "what waits for the clerk is one task, and no timer";
}

// --- the sentence --------------------------------------------------------------------------------

TEST(News, come_when_the_register_falls_silent_and_when_it_answers_again) {
  SimulatedLoop loop;
  const SimulatedClock clock(loop, std::chrono::sys_days(std::chrono::year(2026) / 11 / 22));
  RegisterStanding standing;
  std::vector<std::string> told;
  StandingNews news(
      loop, clock, [&] { return standing; },
      [&](const std::string& sentence) { told.push_back(sentence); });
  news.start();
  loop.pass(seconds(100));
  EXPECT_EQ(told, std::vector<std::string>{"Answering."});

  standing.silent_for = seconds(50);
  standing.since_last_answer = seconds(60);
  loop.pass(seconds(100));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1],
            "The register has not answered since 2026-11-22T00:00:50Z: what is known counts within "
            "its grace, all else is denied.");

  standing.silent_for.reset();
  loop.pass(seconds(100));
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[2], "Answering.");
}

// --- the sockets ---------------------------------------------------------------------------------

class Given : public testing::Test {
 protected:
  /// Any descriptor will do.
  static InheritedSocket socket(const char* name, const char* path) {
    return {.name = name, .path = path, .socket = Fd(dup(0))};
  }
  template <typename... Sockets>
  Result<GivenSockets> told_apart(Sockets... sockets) {
    std::vector<InheritedSocket> list;
    (list.push_back(std::move(sockets)), ...);
    return tell_apart(std::move(list), config_);
  }

  Config config_;
};

TEST_F(Given, are_known_by_name_whatever_their_path) {
  config_.http.listen = "unix:/run/akgate/http.sock";
  const auto given = told_apart(socket("http", "/elsewhere/h"), socket("control", "/elsewhere/c"),
                                socket("gate", "/run/akgate/control.sock"));
  ASSERT_TRUE(given.ok()) << given.error().what();
  EXPECT_TRUE(given->gate.valid() && given->control.valid() && given->http.valid());
}

// systemd calls a socket by its unit where that gives it no name.
TEST_F(Given, are_known_by_the_configured_path_where_the_name_says_nothing) {
  config_.http.listen = "unix:/run/akgate/http.sock";
  const auto given = told_apart(socket("akgated-gate.socket", "/run/akgate/gate.sock"),
                                socket("", "/run/akgate/http.sock"));
  ASSERT_TRUE(given.ok()) << given.error().what();
  EXPECT_TRUE(given->gate.valid() && given->http.valid());
  EXPECT_FALSE(given->control.valid());
}

TEST_F(Given, none_is_no_fault) {
  const auto given = told_apart();
  ASSERT_TRUE(given.ok());
  EXPECT_FALSE(given->gate.valid() || given->control.valid() || given->http.valid());
}

TEST_F(Given, are_refused_where_it_is_not_clear_what_they_are_for) {
  EXPECT_FALSE(told_apart(socket("gat", "/elsewhere/g")).ok());
  EXPECT_FALSE(told_apart(socket("", "")).ok());
  EXPECT_FALSE(told_apart(socket("gate", "/a"), socket("gate", "/b")).ok());
  EXPECT_FALSE(told_apart(socket("gate", "/a"), socket("", "/run/akgate/gate.sock")).ok());
}

TEST_F(Given, need_a_path_where_peers_must_be_known) {
  EXPECT_FALSE(told_apart(socket("gate", "")).ok());
  EXPECT_FALSE(told_apart(socket("control", "")).ok());
  EXPECT_FALSE(told_apart(socket("http", "")).ok());
  config_.http.allow_any_local_user = true;
  EXPECT_TRUE(told_apart(socket("http", "")).ok());
}

}  // namespace
}  // namespace akgate
