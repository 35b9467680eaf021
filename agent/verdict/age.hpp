// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "record/timestamp.hpp"
#include "verdict/checklist.hpp"
#include "verdict/evidence.hpp"
#include "verdict/question.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// How long a thing that the register said may be used.
struct Terms {
  std::chrono::milliseconds lifetime;  ///< Without asking anew, while it answers (I3).
  std::chrono::milliseconds grace;     ///< While it does not (I4).
};

enum class Life : std::uint8_t {
  fresh,
  ageing,  ///< Past its lifetime, within grace.
  over,
  undated  ///< Dated after now: either date or clock is wrong, so its age is not known (I8).
};

[[nodiscard]] Life life_of(Timestamp as_of, const Terms& terms, const Present& present);

[[nodiscard]] inline bool under_grace(Life life, Standing standing) {
  return standing == Standing::silent && life == Life::ageing;
}

/// The words for what age and the register's conduct say against a part of the evidence.
struct AgeReasons {
  Reason not_asked;  ///< `mode=fresh`, and the register has not been asked.
  Reason over;       ///< Too old even for grace.
  Reason refused;
  Reason malformed;
};

/// What age (I3, I4), clock (I8) and the register's conduct say against using what was not
/// confirmed just now.
void check_age(Life life, Standing standing, Mode mode, const Present& present,
               const AgeReasons& reasons, Denials& denials);

}  // namespace akgate
