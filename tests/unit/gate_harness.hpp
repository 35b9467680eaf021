// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "gate/session.hpp"
#include "platform/clock.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "record/timestamp.hpp"
#include "refresh/answers.hpp"

namespace akgate {

inline constexpr std::string_view kKeyText = "ak_0123456789abcdef01234567";

/// 2026-11-22T10:00:00Z
inline constexpr Timestamp kTenOClock{std::chrono::seconds(1795341600)};

struct FixedClock final : Clock {
  [[nodiscard]] ClockReading read() const override { return {.wall = wall, .boot = boot}; }
  Timestamp wall = kTenOClock;
  BootTime boot{};
};

/// A desk that settles when the test says so. Its verdicts name the question's controller as their
/// transaction, so that replies can be told apart, and have the reason that holds at the moment.
class FakeAnswers final : public Answers {
 public:
  struct Asked {
    Ticket ticket;
    Question question;
    std::chrono::milliseconds timeout;
    OnSettled on_settled;
    bool open = true;
  };

  Ticket ask(const Question& question, std::chrono::milliseconds timeout, Uid uid,
             OnSettled on_settled) override {
    last_uid = uid;
    asked.push_back({asked.size() + 1, question, timeout, nullptr, !settles_at_once});
    if (settles_at_once) {
      on_settled({});
      return kSettled;
    }
    asked.back().on_settled = std::move(on_settled);
    return asked.back().ticket;
  }

  void cancel(Ticket ticket) override {
    Asked& gone = asked.at(ticket - 1);
    EXPECT_TRUE(gone.open) << "cancelled when it was settled already";
    gone.open = false;
    ++cancelled;
  }

  Verdict verdict(const Question& question, const Settled& settled) override {
    Verdict verdict;
    verdict.reason = settled.local == Reason::active ? reason : settled.local;
    verdict.at = kTenOClock;
    verdict.good_for = good_for;
    verdict.transaction_id = question.controller.value_or("");
    return verdict;
  }

  std::optional<AtOnce> verdict_at_once(const Question& question) override {
    if (!answers_at_once) return std::nullopt;
    AtOnce answer{.verdict = verdict(question, {}), .key = {}, .grounds = {}};
    answer.verdict.steady_for = std::chrono::minutes(1);
    return answer;
  }
  std::optional<Timestamp> still_holds(const Grounds&) override { return kTenOClock; }
  void note_told_again(const Question&, const Verdict&, const IndexKey&, Uid,
                       std::uint64_t&) override {
    ++told_again;
  }

  WatchId watch(const Question&, Uid, OnNews on_news) override {
    if (watches.size() >= room_for_watches) return kNoRoom;
    watches.emplace(++last_watch_, std::move(on_news));
    return last_watch_;
  }
  void unwatch(WatchId watch) override { EXPECT_EQ(watches.erase(watch), 1U); }

  /// There is news for everybody.
  void tell_news() {
    const auto now = watches;
    for (const auto& [id, on_news] : now) on_news();
  }

  /// Settles the question that was asked as the `index`th.
  void settle(std::size_t index, const Settled& how = {}) {
    ASSERT_LT(index, asked.size());
    ASSERT_TRUE(std::exchange(asked[index].open, false));
    asked[index].on_settled(how);
  }

  std::vector<Asked> asked;
  Uid last_uid = 0;
  std::size_t cancelled = 0;
  bool settles_at_once = false;
  bool answers_at_once = false;
  int told_again = 0;
  Reason reason = Reason::active;
  std::optional<std::chrono::milliseconds> good_for;
  std::map<WatchId, OnNews> watches;
  std::size_t room_for_watches = 1000;

 private:
  WatchId last_watch_ = 0;
};

/// Lets the loop go round that many times, with everything that is ready getting its turn each
/// time; never waits.
inline void go_round(EventLoop& loop, int times = 8) {
  for (int i = 0; i < times; ++i) {
    loop.stop();
    loop.run();
  }
}

/// Lets the loop go round until something holds that takes time; false if it does not within fifty
/// seconds.
template <typename Condition>
bool go_round_until(EventLoop& loop, Condition condition) {
  const BootTime give_up = loop.now() + std::chrono::seconds(50);
  while (!condition()) {
    if (loop.now() > give_up) return false;
    go_round(loop, 1);
  }
  return true;
}

/// Whether the loop sleeps when left alone for a while: it neither spins nor has anything to do.
inline bool sleeps(EventLoop& loop) {
  const auto cpu_time = [] {
    timespec used{};
    EXPECT_EQ(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used), 0);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
  };
  constexpr std::chrono::milliseconds kWhile{100};
  const auto before = cpu_time();
  loop.at(loop.now() + kWhile, [&loop] { loop.stop(); });
  loop.run();
  return cpu_time() - before < kWhile / 10;
}

/// The asker's end of a connection. Never waits.
class Asker {
 public:
  Asker() = default;
  explicit Asker(Fd socket) : socket_(std::move(socket)) {}

  /// How much of it the connection took.
  std::size_t say(std::string_view text) {
    const ssize_t sent =
        ::send(socket_.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }

  /// Everything that has arrived since the last time.
  std::string hear() {
    std::string heard;
    std::array<char, 4096> chunk{};
    for (;;) {
      const ssize_t got = ::recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
      if (got > 0) {
        heard.append(chunk.data(), static_cast<std::size_t>(got));
        continue;
      }
      if (got == 0) ended_ = true;
      return heard;
    }
  }

  /// Whether the last hear() came to an orderly end of the connection; a reset is none.
  [[nodiscard]] bool ended() const { return ended_; }

  void half_close() { EXPECT_EQ(::shutdown(socket_.get(), SHUT_WR), 0); }
  void close() { socket_.close(); }

 private:
  Fd socket_;
  bool ended_ = false;
};

inline std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// A connection served by a session.
struct Connection {
  /// `prepare` is shown the session's end before it is in use.
  Connection(
      EventLoop& loop, Dialogue& dialogue, const std::function<void(int)>& prepare = [](int) {},
      const SessionLimits& limits = {})
      : loop_(loop) {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    asker = Asker(Fd(ends[0]));
    prepare(ends[1]);
    session.emplace(Fd(ends[1]), loop, dialogue, limits);
    EXPECT_TRUE(session->start([this] { session.reset(); }).ok());
  }

  /// Says it, lets the session work, and gives back what it replied.
  std::string exchange(std::string_view text) {
    EXPECT_EQ(asker.say(text), text.size());
    go_round(loop_);
    return asker.hear();
  }

  EventLoop& loop_;
  Asker asker;
  std::optional<Session> session;
};

}  // namespace akgate
