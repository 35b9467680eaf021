// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <akgate/akgate.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "platform/fd.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {

/// One client's connection, as an agent has it.
class Peer {
 public:
  explicit Peer(Fd socket) : socket_(std::move(socket)) {}

  /// The next question, without its line end; nothing once the client has closed.
  std::optional<std::string> question() {
    while (unread_.find('\n') == std::string::npos) {
      char chunk[2048];
      const ssize_t got = ::recv(socket_.get(), chunk, sizeof chunk, 0);
      if (got <= 0) return std::nullopt;
      unread_.append(chunk, static_cast<std::size_t>(got));
    }
    const std::size_t end = unread_.find('\n');
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
  }

  /// False where the client has closed.
  bool say(std::string_view text) const {
    return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }

  void hang_up() const { ::shutdown(socket_.get(), SHUT_RDWR); }

 private:
  Fd socket_;
  std::string unread_;
};

/// The value that stands behind `name=` in a question.
inline std::string value_in(const std::string& question, const std::string& name) {
  const std::size_t at = question.find(" " + name + "=");
  if (at == std::string::npos) return "";
  const std::size_t from = at + name.size() + 2;
  return question.substr(from, question.find(' ', from) - from);
}

/// An allowance as the agent says it.
inline std::string allow(const std::string& question, int good_for = 0,
                         const std::string& transaction = "tid_1") {
  return "ALLOW reason=active source=cache age=1 for=" + std::to_string(good_for) +
         " until=2026-11-22T10:05:00Z expires=never txn=" + transaction +
         " id=" + value_in(question, "id") + "\n";
}

inline std::string deny(const std::string& question, int good_for = 0) {
  return "DENY reason=revoked source=register age=0 for=" + std::to_string(good_for) +
         " expires=never txn=tid_2 id=" + value_in(question, "id") + "\n";
}

inline std::int64_t boot_clock_ms() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

/// Listens like an agent, and runs the script on a thread of its own for each connection, which is
/// closed when the script returns.
class FakeAgent {
 public:
  using Script = std::function<void(Peer&)>;

  FakeAgent(const std::string& path, Script script)
      : script_(std::move(script)), listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ::unlink(path.c_str());
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    EXPECT_EQ(::listen(listener_.get(), 64), 0);
    // Signals are for the thread that asks: those that are begun here and there inherit this.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    acceptor_ = std::thread([this] { accept_all(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  FakeAgent(const FakeAgent&) = delete;
  FakeAgent& operator=(const FakeAgent&) = delete;
  ~FakeAgent() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    for (Session& session : sessions_) session.peer.hang_up();
    for (Session& session : sessions_) session.thread.join();
  }

  /// Answers each question with what that returns.
  static Script answers(std::function<std::string(const std::string& question)> reply) {
    return [reply = std::move(reply)](Peer& peer) {
      while (const auto question = peer.question()) {
        if (!peer.say(reply(*question))) return;
      }
    };
  }

  [[nodiscard]] int connections() const { return connections_; }

 private:
  struct Session {
    explicit Session(Fd socket) : peer(std::move(socket)) {}
    Peer peer;
    std::atomic<bool> over = false;
    std::thread thread;
  };

  void accept_all() {
    for (;;) {
      Fd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!socket.valid()) return;
      ++connections_;
      // A thousand stacks do not fit into 32 bits.
      sessions_.remove_if([](Session& session) {
        if (session.over) session.thread.join();
        return !session.thread.joinable();
      });
      Session& session = sessions_.emplace_back(std::move(socket));
      session.thread = std::thread([this, &session] {
        script_(session.peer);
        session.peer.hang_up();
        session.over = true;
      });
    }
  }

  const Script script_;
  Fd listener_;
  std::atomic<int> connections_ = 0;
  std::list<Session> sessions_;
  std::thread acceptor_;
};

/// A client, and where its agent has to listen.
class ClientTest : public ::testing::Test {
 protected:
  static constexpr unsigned kLong = 10'000;
  static constexpr unsigned kShort = 100;

  ~ClientTest() override { akgate_close(client); }

  void open(std::size_t cached_answers = 0) {
    akgate_close(client);
    client = akgate_open(path.c_str(), cached_answers);
    ASSERT_NE(client, nullptr);
  }

  void SetUp() override { open(); }

  static akgate_question question_about(const char* key) {
    akgate_question question{};
    question.access_key = key;
    return question;
  }

  akgate_answer ask(const akgate_question& question, unsigned timeout_ms = kLong) const {
    akgate_answer answer;
    const bool allowed = akgate_check(client, &question, timeout_ms, &answer);
    EXPECT_EQ(allowed, answer.allowed);
    if (!answer.answered) {
      EXPECT_FALSE(answer.allowed);
      EXPECT_EQ(answer.good_until_ms, 0);
      EXPECT_STRNE(answer.detail, "");
    }
    return answer;
  }

  akgate_answer ask(unsigned timeout_ms = kLong) const {
    return ask(question_about("ak_0123456789abcdef01234567"), timeout_ms);
  }

  TemporaryDirectory directory;
  const std::string path = directory / "gate.sock";
  akgate_client* client = nullptr;
};

}  // namespace akgate
