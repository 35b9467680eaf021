// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "register/outcome.hpp"
#include "tests/simulation/rules.hpp"
#include "tests/simulation/statement.hpp"

namespace akgate {

/// How the agent behaves towards the register (I11), and whether the register gave it reason to
/// fall back on grace (I3).
class Conduct {
 public:
  using Span = std::chrono::milliseconds;
  struct Limits {
    std::size_t requests_per_second;
    std::size_t in_flight;
    Span check_timeout;
  };

  explicit Conduct(const Limits& limits) : limits_(limits) {}

  [[nodiscard]] std::optional<Violation> sent(std::uint64_t request, const Topic& topic,
                                              Timestamp now);
  /// Gives what it was about.
  Topic ended(std::uint64_t request, const Ending& ending, Timestamp now);
  /// Whether there is or was just trouble, with the register or with this topic alone.
  [[nodiscard]] bool excuses_grace(const Topic& topic, Timestamp now) const;
  /// The process is another: it knows nothing of this.
  void process_ended() { *this = Conduct(limits_); }

  Conduct(const Conduct&) = default;
  Conduct& operator=(const Conduct& other);
  ~Conduct() = default;

 private:
  struct Request {
    Topic topic;
    Timestamp sent;
  };
  /// One flight a key, whatever meter point it is about.
  struct Subject {
    Topic::Kind kind;
    std::size_t number;
    auto operator<=>(const Subject&) const = default;
  };
  static Subject subject_of(const Topic& topic) {
    return {topic.kind, topic.kind == Topic::Kind::data_user ? topic.other : topic.key};
  }
  [[nodiscard]] std::optional<Violation> against_back_off(Timestamp now) const;
  void failed(const Ending& ending, Timestamp now);

  Limits limits_;
  std::map<std::uint64_t, Request> under_way_;
  std::deque<Timestamp> recent_;
  std::map<Subject, bool> troubled_;  ///< Whether the last request about it failed.
  int answers_needed_ = 0;            ///< In time, until nothing excuses grace.
  int link_failures_ = 0;             ///< Since the last answer in time.
  Timestamp last_link_failure_{};
  Timestamp not_before_{};  ///< As the register asked for.
};

}  // namespace akgate
