// SPDX-License-Identifier: Apache-2.0
#include "verdict/age.hpp"

namespace akgate {

using std::chrono::milliseconds;

Life life_of(Timestamp as_of, const Terms& terms, const Present& present) {
  if (as_of > present.now) return Life::undated;
  const milliseconds age = present.now - as_of + present.unaccounted;
  if (age < terms.lifetime) return Life::fresh;
  return age < terms.grace ? Life::ageing : Life::over;
}

void check_age(Life life, Standing standing, Mode mode, const Present& present,
               const AgeReasons& reasons, Denials& denials) {
  if (standing == Standing::answered_now) return;
  if (life == Life::undated || !present.clock_trusted) denials.add(Reason::clock_untrusted);
  switch (standing) {
    case Standing::answered_now:
      break;
    case Standing::answers:
    case Standing::silent:
    case Standing::silent_for_key:
      // Who asks for the register's word of this moment is not put off with an older one.
      if (mode == Mode::fresh) denials.add(reasons.not_asked);
      if (life != Life::fresh && !under_grace(life, standing)) {
        denials.add(standing == Standing::answers ? Reason::stale : reasons.over);
      }
      break;
    case Standing::refused:
      denials.add(reasons.refused);
      break;
    case Standing::malformed:
      denials.add(reasons.malformed);
      break;
  }
}

}  // namespace akgate
