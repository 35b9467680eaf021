// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "record/knowledge.hpp"
#include "verdict/policy.hpp"
#include "verdict/question.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// The reasons to deny that were found. The first in the order of `Reason` is the one to tell.
class Denials {
 public:
  void add(Reason reason) {
    if (!first_ || reason < *first_) first_ = reason;
  }
  /// `active` where there is no reason to deny.
  [[nodiscard]] Reason verdict() const { return first_.value_or(Reason::active); }

 private:
  std::optional<Reason> first_;
};

/// What question and policy settle between them, whatever the register says.
void check_question(const Question& question, const Policy& policy, Denials& denials);

/// The provider's checklist (I1): what the register said against question and policy, at `now`
/// (I2). How old the knowledge is, is not looked at.
void check_knowledge(const Knowledge& known, const Question& question, const Policy& policy,
                     Timestamp now, Denials& denials);

}  // namespace akgate
