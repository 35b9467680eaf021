// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "platform/fd.hpp"
#include "tests/bench/load_histogram.hpp"
#include "tests/bench/load_protocol.hpp"

namespace akgate {

/// The questions of a load in one text, so that any so many in a row are one piece of it.
class LoadQuestions {
 public:
  LoadQuestions(const LoadProtocol& protocol, const std::vector<std::string>& keys,
                std::size_t most_in_a_row);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view in_a_row(std::size_t first, std::size_t count) const {
    return std::string_view(text_).substr(starts_[first], starts_[first + count] - starts_[first]);
  }

 private:
  std::string text_;
  std::vector<std::size_t> starts_;
  std::size_t size_;
};

struct LoadPlan {
  std::size_t connections = 1;
  std::size_t depth = 1;     ///< Questions in one write; all are answered before the next.
  std::size_t requests = 0;  ///< Of each connection, and then it ends; 0: until told.
  /// Where set, one question is due each so often, on whichever connection is free; latency is
  /// counted from then where all were busy. Else each connection asks anew at once.
  std::chrono::nanoseconds every{0};
};

/// One thread's connections, and what it measures. Nothing is allocated while it runs.
class LoadClient {
 public:
  using Clock = std::chrono::steady_clock;

  /// What it refers to outlives it. Ends the program where it cannot connect.
  LoadClient(const std::string& socket, const LoadProtocol& protocol,
             const LoadQuestions& questions, const LoadPlan& plan);

  /// Asks until all is asked, or it is told to end. Answers before `count_from` are not counted.
  void run(Clock::time_point count_from, Clock::time_point end);

  /// How many answers came in the time that counts.
  [[nodiscard]] std::size_t answers() const { return answers_; }
  /// Of these, and of those that came after the end.
  [[nodiscard]] const LoadHistogram& latencies() const { return latencies_; }
  /// Of what ended badly, a sentence; all figures are void then.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  static constexpr std::size_t kBuffer = 65'536;

  struct Connection {
    Fd socket;
    std::size_t next_question = 0;
    std::size_t awaited = 0;  ///< Answers.
    std::size_t left = 0;     ///< Requests, where they are counted.
    std::size_t held = 0;     ///< Bytes of `buffer` that are no whole answer yet.
    Clock::time_point asked_at{};
    Clock::time_point free_since{};
    std::unique_ptr<char[]> buffer;
  };

  void ask(Connection& connection, Clock::time_point at);
  void ask_what_is_due(Clock::time_point now);
  void take_answers(Connection& connection);
  void fail(const std::string& why);

  const LoadProtocol& protocol_;
  const LoadQuestions& questions_;
  const LoadPlan plan_;
  Fd epoll_;
  std::vector<Connection> connections_;
  std::vector<Connection*> idle_;  ///< Where they ask when it is due.
  std::size_t busy_ = 0;
  Clock::time_point due_{};
  Clock::time_point count_from_{};
  Clock::time_point end_{};
  bool over_ = false;
  std::size_t answers_ = 0;
  LoadHistogram latencies_;
  std::string failure_;
};

}  // namespace akgate
