// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/assert.hpp"
#include "gate/protocol.hpp"
#include "verdict/question.hpp"

namespace akgate {

/// What holds of every question that the gate takes, whichever way it came (I12).
inline void check_bounds(const Question& question, const Demands& demands, std::size_t longest) {
  AKGATE_ASSERT(question.data_types.sorted().size() <= DataTypes::kMaxTypes);
  for (const std::string& type : question.data_types.sorted()) {
    AKGATE_ASSERT(!type.empty() && type.size() <= DataTypes::kMaxLength && is_text(type));
  }
  for (const auto* const given : {&question.mpxn, &question.controller, &question.duid}) {
    AKGATE_ASSERT(!*given ||
                  (!(*given)->empty() && (*given)->size() < longest && is_text(**given)));
  }
  // Nobody is to believe that something was checked which the policy does not look at.
  AKGATE_ASSERT(!question.mpxn || demands.mpxn != Demand::off);
  AKGATE_ASSERT(!question.duid || demands.data_user != Demand::off);
}

}  // namespace akgate
