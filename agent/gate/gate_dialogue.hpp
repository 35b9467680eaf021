// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "gate/answers_at_hand.hpp"
#include "gate/dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate/settings.hpp"
#include "platform/clock.hpp"
#include "platform/loop.hpp"
#include "refresh/answers.hpp"

namespace akgate {

/// The gate: questions and watches, answered by the desk. A verdict is computed when its reply is
/// about to be sent (I2). On the desk's loop.
class GateDialogue final : public Dialogue {
 public:
  /// All of it outlives the dialogue. The settings may change in between: each question is read
  /// under those of its moment.
  GateDialogue(Answers& answers, const Clock& clock, Loop& loop, const GateSettings& settings)
      : answers_(answers),
        clock_(clock),
        loop_(loop),
        settings_(settings),
        at_hand_(answers, clock, loop, settings.answers_at_hand) {}

  [[nodiscard]] bool answer_again(std::string_view line, Session& session) override;
  [[nodiscard]] std::unique_ptr<Exchange> take(std::string_view line, Session& session) override;

 protected:
  [[nodiscard]] SessionLimits limits() const override { return settings_.session; }

 private:
  [[nodiscard]] bool answer_at_once(const Check& check, const LineAndId& asked, Session& session);
  [[nodiscard, gnu::cold]] std::unique_ptr<Exchange> begin_watch(Check check,
                                                                 std::chrono::milliseconds timeout,
                                                                 Session& session);
  [[nodiscard, gnu::cold]] static std::unique_ptr<Exchange> unwatch(Unwatch end, Session& session);

  Answers& answers_;
  const Clock& clock_;
  Loop& loop_;
  const GateSettings& settings_;
  AnswersAtHand at_hand_;
};

}  // namespace akgate
