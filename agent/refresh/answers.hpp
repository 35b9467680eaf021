// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "platform/clock.hpp"
#include "refresh/line.hpp"
#include "verdict/judge.hpp"
#include "verdict/question.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// How the wait for a question's answer ended. The gate hands it back to Answers::verdict() when
/// the reply is written; it need not look inside.
struct Settled {
  /// How it ended for one part of the evidence.
  struct Part {
    Standing standing = Standing::answers;
    Timestamp answer_of{};  ///< For `answered_now`: the date of the answer.
  };
  Reason local = Reason::active;  ///< `timeout` or `overloaded`; `active` for "judge it".
  Part record{};
  Part binding{};
  Part data_user{};
  BootTime at{};              ///< When.
  std::uint64_t answers = 0;  ///< How many answers the register had given by then.
};

/// What the gate needs of the desk: answers to questions. All calls on the desk's loop.
class Answers {
 public:
  using Ticket = std::uint64_t;
  static constexpr Ticket kSettled = 0;
  using OnSettled = std::function<void(const Settled&)>;

  virtual ~Answers() = default;

  /// Calls `on_settled` exactly once (I10): before ask() returns, which then gives kSettled, or
  /// later, at the latest after `timeout`. A cancelled ticket is never called and frees its place.
  /// `uid` is whose question it is: users share what the agent has in turns.
  virtual Ticket ask(const Question& question, std::chrono::milliseconds timeout, Uid uid,
                     OnSettled on_settled) = 0;
  virtual void cancel(Ticket ticket) = 0;

  /// The verdict at this instant: to be computed when the reply is written, not when the question
  /// was queued.
  [[nodiscard]] virtual Verdict verdict(const Question& question, const Settled& settled) = 0;
};

}  // namespace akgate
