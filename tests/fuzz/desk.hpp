// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include "base/assert.hpp"
#include "gate/http_head.hpp"
#include "platform/clock.hpp"
#include "question_bounds.hpp"
#include "refresh/answers.hpp"

namespace akgate {

struct StandingClock final : Clock {
  [[nodiscard]] ClockReading read() const override { return {}; }
};

/// Settles what it is asked at once or later, as `manner` says, and minds that nobody leaves
/// anything behind.
class Desk final : public Answers {
 public:
  explicit Desk(unsigned manner)
      : at_once_((manner & 1U) != 0), oldest_first_((manner & 2U) != 0) {}

  Ticket ask(const Question& question, std::chrono::milliseconds timeout, Uid,
             OnSettled on_settled) override {
    check_bounds(question, Demands(), kMaxHttpHeadBytes);
    AKGATE_ASSERT(timeout >= std::chrono::milliseconds(1) && timeout <= std::chrono::minutes(1));
    if (!at_once_) {
      waiting_.emplace(++last_, std::move(on_settled));
      return last_;
    }
    on_settled({});
    return kSettled;
  }
  void cancel(Ticket ticket) override { AKGATE_ASSERT(waiting_.erase(ticket) == 1); }
  Verdict verdict(const Question& question, const Settled& settled) override {
    Verdict verdict;
    verdict.reason = settled.local == Reason::active ? reason_ : settled.local;
    verdict.transaction_id = question.controller.value_or("");  // any text that there may be
    return verdict;
  }
  WatchId watch(const Question&, Uid, OnNews on_news) override {
    watches_.emplace(++last_, std::move(on_news));
    return last_;
  }
  void unwatch(WatchId watch) override { AKGATE_ASSERT(watches_.erase(watch) == 1); }

  /// Settles one question, the youngest or the oldest in turn, and has news for all watches.
  void work() {
    if (!waiting_.empty()) {
      const auto next = oldest_first_ ? waiting_.begin() : std::prev(waiting_.end());
      const OnSettled on_settled = std::move(next->second);
      waiting_.erase(next);
      on_settled({});
      oldest_first_ = !oldest_first_;
    }
    reason_ = reason_ == Reason::active ? Reason::revoked : Reason::active;
    for (const auto& [id, on_news] : watches_) on_news();
  }
  [[nodiscard]] bool idle() const { return waiting_.empty() && watches_.empty(); }

 private:
  const bool at_once_;
  bool oldest_first_;
  Ticket last_ = 0;
  std::map<Ticket, OnSettled> waiting_;
  std::map<WatchId, OnNews> watches_;
  Reason reason_ = Reason::active;
};

}  // namespace akgate
