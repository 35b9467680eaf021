// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

#include "cache/keys.hpp"
#include "platform/clock.hpp"
#include "register/outcome.hpp"

namespace akgate {

/// Decides whether the register answers. While it does not, grace applies (I4) and it is asked no
/// more than one question at a time, at growing intervals with jitter (I11).
///
/// Only dispatched requests count, from dispatch: a client's own short timeout or a queue on our
/// side never opens grace. One key's trouble is its own: what may be this one request's fault (an
/// error, a hang, slowness) silences the register only once it has happened to two keys that were
/// ever active, or where there is no second one to ask about. So nobody can open grace for others
/// with a key that the register stumbles over.
class Breaker {
 public:
  struct Limits {
    std::chrono::milliseconds first_retry{
        1000};  ///< Upper end; jitter takes up to half of it away.
    std::chrono::milliseconds longest_retry{30'000};
    std::chrono::milliseconds longest_retry_after{
        300'000};              ///< What a register's `Retry-After` may cost us at most.
    int slow_to_open = 3;      ///< Requests in a row that exceed `gate.check-timeout`: a half-alive
                               ///< link is worse than a dead one.
    int in_time_to_close = 2;  ///< … and how many in time it takes to believe in it again.
    int failures_to_open = 3;  ///< Failing requests in a row, where there is one key only.
  };

  /// Whom a request in trouble was about.
  struct Subject {
    IndexKey key;
    bool seen_active = false;  ///< A guess proves nothing about the register.
    bool alone = false;        ///< There is no other key, ever active, to ask about.
  };

  Breaker(Limits limits, std::uint64_t seed)
      : limits_(limits), random_(static_cast<std::uint32_t>(seed % std::minstd_rand::modulus)) {}

  /// Whether the register counts as not answering.
  [[nodiscard]] bool silent() const { return retry_at_.has_value(); }
  /// Whether a request may go out at this moment.
  [[nodiscard]] bool may_send(BootTime now) const;
  /// While silent: when the next attempt is due (also in the past, while one is under way).
  [[nodiscard]] std::optional<BootTime> retry_at() const { return retry_at_; }

  void sent();
  /// What was said to be sent was not: it was known that it would be refused.
  void not_sent() { --under_way_; }
  /// A request came back with an answer, of whatever kind; `in_time`: within `gate.check-timeout`.
  void answered(bool in_time);
  /// A request ended in Outcome::silent.
  void failed(const Subject& subject, Silence silence,
              std::optional<std::chrono::milliseconds> retry_after, BootTime now);
  /// A request has been under way for longer than `gate.check-timeout`. Once a request.
  void slow(const Subject& subject, BootTime now);

 private:
  void note(const Subject& subject);
  [[nodiscard]] bool concerns_all(const Subject& subject, int times, int times_alone) const;
  void open(BootTime now, std::chrono::milliseconds at_least);

  const Limits limits_;
  std::minstd_rand random_;
  std::optional<BootTime> retry_at_;
  int step_ = 0;
  int under_way_ = 0;
  int failures_in_a_row_ = 0;
  std::optional<IndexKey> troubled_;  ///< An active key in trouble since the last answer in time,
  bool another_troubled_ = false;     ///< and whether there is a second one.
  int slow_in_a_row_ = 0;
  int in_time_needed_ = 0;  ///< Until then, the link is known to be slow.
};

}  // namespace akgate
