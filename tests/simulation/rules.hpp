// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "record/access_record.hpp"
#include "record/timestamp.hpp"
#include "verdict/policy.hpp"
#include "verdict/question.hpp"

namespace akgate {

/// A rule that was broken: the invariant's number and what happened.
struct Violation {
  std::string invariant;
  std::string what;
};

/// The provider's checklist said afresh, without looking at the product's: what speaks against
/// allowing the question on this record when it is `now` at the earliest. Meter point and Data
/// User's standing apart. Nothing where all is well.
[[nodiscard]] std::optional<Violation> against(const std::optional<AccessRecord>& record,
                                               const Question& question, const Policy& policy,
                                               Timestamp now);

}  // namespace akgate
