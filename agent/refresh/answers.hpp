// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "cache/keys.hpp"
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

  /// What a verdict rests on beside the time. While none of it has changed, the same question has
  /// the same answer for as long as the verdict itself says (Verdict::steady_for).
  struct Grounds {
    std::uint64_t common = 0;  ///< Counts what concerns every answer: policy, blocks, ….
    /// The facts' own stamps, each of which is another whenever something is said of it, and what
    /// they were. Null: rests on no such.
    std::array<const std::uint64_t*, 3> facts{};
    std::array<std::uint64_t, 3> then{};
    bool register_silent = false;
    std::chrono::milliseconds unaccounted{0};  ///< Present::unaccounted.
  };

  /// The verdict of this instant, where what is in memory is enough for it and nobody need be
  /// asked: what ask() and verdict() would give, in a fraction of the time. Nothing otherwise.
  struct AtOnce {
    Verdict verdict;
    IndexKey key;  ///< The question's.
    Grounds grounds;
  };
  [[nodiscard]] virtual std::optional<AtOnce> verdict_at_once(const Question& /*question*/) {
    return std::nullopt;
  }

  /// Who is told a verdict, and since when the question stood.
  struct Asker {
    Uid uid = kNobody;
    BootTime since{};
  };
  /// The verdict for a reply: to be called once for each that is sent, for whoever keeps count of
  /// them (I13).
  [[nodiscard]] virtual Verdict answer(const Question& question, const Settled& settled,
                                       const Asker& /*asker*/) {
    return verdict(question, settled);
  }
  /// The same at once, where that can be.
  [[nodiscard]] virtual std::optional<AtOnce> answer_at_once(const Question& question,
                                                             Uid /*uid*/) {
    return verdict_at_once(question);
  }

  /// Trusted time, if all that a verdict rests on is as it was.
  [[nodiscard]] virtual std::optional<Timestamp> still_holds(const Grounds& /*grounds*/) {
    return std::nullopt;
  }
  /// Counts a verdict that was told again, as answer() does. `key`: AtOnce's. `noted_as`, 0 at
  /// first, is kept for whoever counts beside this very verdict: by it they find where.
  virtual void note_told_again(const Question& /*question*/, const Verdict& /*verdict*/,
                               const IndexKey& /*key*/, Uid /*uid*/, std::uint64_t& /*noted_as*/) {}

  using WatchId = std::uint64_t;
  static constexpr WatchId kNoRoom = 0;
  using OnNews = std::function<void()>;

  /// Calls `on_news` whenever the answer may have become another one by what somebody said or did:
  /// the register, the operator, a disk that fails. What the passing of time does is for the asker
  /// to see. Never from within another call. Gives kNoRoom where there are too many, all in all or
  /// this user's.
  [[nodiscard]] virtual WatchId watch(const Question& question, Uid uid, OnNews on_news) = 0;
  virtual void unwatch(WatchId watch) = 0;
};

}  // namespace akgate
