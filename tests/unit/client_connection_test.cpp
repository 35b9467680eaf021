// SPDX-License-Identifier: Apache-2.0
// Time, lost connections, restarts, forks and threads.
#include <sys/time.h>
#include <sys/wait.h>

#include <chrono>
#include <future>

#include "tests/unit/client_fake_agent.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

class Connections : public ClientTest {
 protected:
  static FakeAgent::Script always_allows() {
    return FakeAgent::answers([](const std::string& question) { return allow(question); });
  }

  /// Asks somebody who gives no answer: denied as a timeout, neither early nor late.
  void expect_timeout() const {
    const auto began = Clock::now();
    EXPECT_STREQ(ask(kShort).reason, "agent-timeout");
    const auto took = Clock::now() - began;
    // The deadline and the clock are cut to whole milliseconds.
    EXPECT_GE(took, milliseconds(kShort - 2));
    EXPECT_LT(took, milliseconds(kShort) + std::chrono::seconds(2));
  }
};

TEST_F(Connections, one_connection_serves_many_questions) {
  FakeAgent agent(path, always_allows());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(ask().allowed);
  EXPECT_EQ(agent.connections(), 1);
}

TEST_F(Connections, nobody_there_is_a_denial_until_somebody_is) {
  const akgate_answer answer = ask();
  EXPECT_STREQ(answer.reason, "agent-unreachable");
  EXPECT_NE(std::string(answer.detail).find("is akgated running?"), std::string::npos);
  FakeAgent agent(path, always_allows());
  EXPECT_TRUE(ask().allowed);
}

TEST_F(Connections, a_path_that_is_none_makes_no_client) {
  EXPECT_EQ(akgate_open("", 0), nullptr);
  EXPECT_EQ(akgate_open(std::string(108, 'x').c_str(), 0), nullptr);
  akgate_client* const longest = akgate_open(std::string(107, 'x').c_str(), 0);
  EXPECT_NE(longest, nullptr);
  akgate_close(longest);
  akgate_close(nullptr);
}

TEST_F(Connections, silence_ends_in_time) {
  FakeAgent agent(path, [](Peer& peer) {
    while (peer.question()) {
    }
  });
  expect_timeout();
}

TEST_F(Connections, a_slow_trickle_ends_in_time) {
  FakeAgent agent(path, [](Peer& peer) {
    const auto question = peer.question();
    // Far slower than the asker's patience, and stopped by its hanging up.
    for (const char c : allow(*question)) {
      if (!peer.say(std::string(1, c))) return;
      std::this_thread::sleep_for(milliseconds(10));
    }
  });
  expect_timeout();
}

TEST_F(Connections, a_full_queue_of_connections_ends_in_time) {
  const Fd listener(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  ASSERT_EQ(::bind(listener.get(), generic, sizeof address), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  std::vector<Fd> waiting;
  do {
    waiting.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
  } while (::connect(waiting.back().get(), generic, sizeof address) == 0);
  expect_timeout();
}

TEST_F(Connections, a_reply_in_pieces_is_a_reply) {
  FakeAgent agent(path, [](Peer& peer) {
    while (const auto question = peer.question()) {
      for (const char c : allow(*question)) peer.say(std::string(1, c));
    }
  });
  EXPECT_TRUE(ask().allowed);
  EXPECT_TRUE(ask().allowed);
  EXPECT_EQ(agent.connections(), 1);
}

TEST_F(Connections, half_a_reply_is_none) {
  FakeAgent agent(path, [](Peer& peer) {
    const auto question = peer.question();
    const std::string reply = allow(*question);
    peer.say(reply.substr(0, reply.size() - 1));
  });
  EXPECT_STREQ(ask().reason, "agent-malformed");
}

TEST_F(Connections, a_late_reply_is_never_taken_for_the_next_questions) {
  std::promise<void> asked_again;
  std::atomic<int> connections = 0;
  FakeAgent agent(path, [&](Peer& peer) {
    const bool first = ++connections == 1;
    const auto question = peer.question();
    if (first) {
      // So late that the next question is there already; and the id of that is easily guessed.
      asked_again.get_future().wait_for(std::chrono::seconds(20));
      peer.say(allow(*question) + allow(" id=2"));
    } else {
      asked_again.set_value();
      peer.say(deny(*question));
    }
  });
  EXPECT_STREQ(ask(kShort).reason, "agent-timeout");
  EXPECT_STREQ(ask().reason, "revoked");
}

TEST_F(Connections, a_word_that_nobody_asked_for_is_never_taken_for_a_reply) {
  std::promise<void> answered;
  std::promise<void> unasked_said;
  std::atomic<int> connections = 0;
  FakeAgent agent(path, [&](Peer& peer) {
    const bool first = connections++ == 0;
    while (const auto question = peer.question()) {
      peer.say(first ? allow(*question) : deny(*question));
      if (!first) continue;
      answered.get_future().wait();
      peer.say(allow(" id=2"));  // The id that the next question would have.
      unasked_said.set_value();
    }
  });
  EXPECT_TRUE(ask().allowed);
  answered.set_value();
  unasked_said.get_future().wait();
  EXPECT_STREQ(ask().reason, "revoked");
}

TEST_F(Connections, an_agent_that_was_restarted_is_asked_again) {
  for (int restarts = 0; restarts < 3; ++restarts) {
    FakeAgent agent(path, always_allows());
    EXPECT_TRUE(ask().allowed);
    EXPECT_TRUE(ask().allowed);
    EXPECT_EQ(agent.connections(), 1);
  }
  EXPECT_STREQ(ask().reason, "agent-unreachable");
}

TEST_F(Connections, an_agent_that_ends_over_a_question_is_asked_once_more) {
  std::atomic<int> asked = 0;
  FakeAgent agent(path, [&](Peer& peer) {
    while (const auto question = peer.question()) {
      if (++asked == 2) return;
      peer.say(allow(*question));
    }
  });
  EXPECT_TRUE(ask().allowed);
  EXPECT_TRUE(ask().allowed) << "the connection was lost, and nothing had been said";
  EXPECT_EQ(asked, 3);
}

TEST_F(Connections, one_that_always_hangs_up_is_not_asked_for_ever) {
  std::atomic<int> asked = 0;
  FakeAgent agent(path, [&](Peer& peer) { asked += peer.question() ? 1 : 0; });
  EXPECT_STREQ(ask().reason, "agent-unreachable");
  EXPECT_EQ(asked, 1);
}

TEST_F(Connections, signals_neither_end_nor_prolong_a_question) {
  struct sigaction action {};
  action.sa_handler = [](int) {};  // Without SA_RESTART: each call in the way ends with EINTR.
  struct sigaction before {};
  ASSERT_EQ(sigaction(SIGALRM, &action, &before), 0);
  FakeAgent agent(path, [](Peer& peer) {
    std::this_thread::sleep_for(milliseconds(50));
    const auto question = peer.question();
    std::this_thread::sleep_for(milliseconds(50));
    peer.say(allow(*question));
    while (peer.question()) {
    }
  });
  const itimerval often{.it_interval = {.tv_sec = 0, .tv_usec = 1000},
                        .it_value = {.tv_sec = 0, .tv_usec = 1000}};
  setitimer(ITIMER_REAL, &often, nullptr);
  EXPECT_TRUE(ask().allowed);
  expect_timeout();
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &before, nullptr);
}

TEST_F(Connections, a_forked_child_asks_on_a_connection_of_its_own) {
  open(4);
  FakeAgent agent(path,
                  FakeAgent::answers([](const std::string& line) { return allow(line, 300); }));
  akgate_question fresh = question_about("ak_1");
  fresh.mode = AKGATE_FRESH;
  EXPECT_TRUE(ask(fresh).allowed);
  const pid_t child = fork();
  if (child == 0) {
    // Twice: over one connection; the parent's cache is not the child's.
    const akgate_question question = question_about("ak_1");
    akgate_answer answer;
    bool fine = true;
    for (int i = 0; i < 2; ++i) {
      fine = akgate_check(client, &question, kLong, &answer) && !answer.remembered && fine;
    }
    akgate_close(client);
    _exit(fine ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(agent.connections(), 2);
  EXPECT_TRUE(ask(fresh).allowed);
  EXPECT_EQ(agent.connections(), 2) << "the parent's was left alone";
}

TEST_F(Connections, a_thread_gets_its_own_answer_and_waits_for_no_other) {
  constexpr int kThreads = 8;
  constexpr int kQuestions = 200;
  // One question is kept waiting until all others were answered.
  std::promise<void> others_done;
  std::shared_future<void> done = others_done.get_future().share();
  FakeAgent agent(path, FakeAgent::answers([&](const std::string& line) {
                    const std::string key = line.substr(6, line.find(' ', 6) - 6);
                    if (key == "ak_slow") done.wait();
                    return allow(line, 0, "tid_" + key);
                  }));
  const auto asks_for = [this](const std::string& key) {
    return std::string(ask(question_about(key.c_str())).transactions) == "tid_" + key;
  };
  auto slow = std::async(std::launch::async, [&] { return asks_for("ak_slow"); });
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kQuestions; ++i) {
        if (asks_for("ak_" + std::to_string(t) + "_" + std::to_string(i))) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  others_done.set_value();
  EXPECT_TRUE(slow.get());
  EXPECT_EQ(right, kThreads * kQuestions);
}

}  // namespace
}  // namespace akgate
