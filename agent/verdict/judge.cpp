// SPDX-License-Identifier: Apache-2.0
#include "verdict/judge.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "verdict/checklist.hpp"

namespace akgate {

namespace {

using std::chrono::milliseconds;

// There is no way back from either, so they keep their reason however old they are.
bool is_final(const Knowledge& known) {
  return is_revoked(known) || (known.record && known.record->state == State::expired);
}

// How long after its date knowledge may be used without asking anew while the register answers
// (I3).
milliseconds lifetime(const Knowledge& known, const Freshness& freshness) {
  if (!known.record) return freshness.not_found_for;
  return is_final(known) ? freshness.denied_for : freshness.fresh_for;
}

milliseconds grace(const Knowledge& known, const Freshness& freshness) {
  return known.record ? freshness.grace_of(known.record->legal_basis) : freshness.grace;
}

// An ACTIVE record ends at its expiry only if nobody renewed it before, which an answer from before
// cannot say.
bool may_be_renewed(const Knowledge& known, Timestamp now) {
  return known.record && known.record->state == State::active && !is_final(known) &&
         known.record->expiry.passed(now) && known.as_of < known.record->expiry.at;
}

enum class Life : std::uint8_t {
  fresh,
  ageing,  // Past its lifetime, within grace.
  over,
  undated  // Dated after now: either date or clock is wrong, so its age is not known (I8).
};

Life life_of(const Knowledge& known, const Freshness& freshness, const Present& present) {
  if (known.as_of > present.now) return Life::undated;
  const milliseconds age = present.now - known.as_of + present.unaccounted;
  if (age < lifetime(known, freshness)) return Life::fresh;
  return age < grace(known, freshness) ? Life::ageing : Life::over;
}

Reason reason_for_nothing_known(Standing standing) {
  AKGATE_ASSERT(standing != Standing::answered_now);  // Its answer would be known.
  switch (standing) {
    case Standing::answers:
      return Reason::not_cached;
    case Standing::refused:
      return Reason::register_refused;
    case Standing::malformed:
      return Reason::register_malformed;
    case Standing::answered_now:
    case Standing::silent:
    case Standing::silent_for_key:
      break;
  }
  return Reason::register_unreachable;
}

bool under_grace(Life life, Standing standing) {
  return standing == Standing::silent && life == Life::ageing;
}

// Whether the record may have ended in time that nobody counted.
bool may_have_ended(const Knowledge& known, const Present& present) {
  if (!known.record || known.record->expiry.kind != Expiry::Kind::at) return false;
  return !present.clock_trusted || known.record->expiry.passed(present.now + present.unaccounted);
}

// What age (I3, I4), clock (I8) and the register's conduct say against using what was not confirmed
// just now.
void check_age(const Knowledge& known, Life life, Mode mode, const Present& present,
               Standing standing, Denials& denials) {
  // The register does not end records by itself, so its word of now is no proof against the clock.
  if (may_have_ended(known, present)) denials.add(Reason::clock_untrusted);
  if (standing == Standing::answered_now) return;
  if (life == Life::undated || !present.clock_trusted) denials.add(Reason::clock_untrusted);
  switch (standing) {
    case Standing::answered_now:
      break;
    case Standing::answers:
    case Standing::silent:
    case Standing::silent_for_key:
      // Who asks for the register's word of this moment is not put off with an older one.
      if (mode == Mode::fresh) denials.add(Reason::register_unreachable);
      if (life != Life::fresh && !under_grace(life, standing)) denials.add(Reason::stale);
      break;
    case Standing::refused:
      denials.add(Reason::register_refused);
      break;
    case Standing::malformed:
      denials.add(Reason::register_malformed);
      break;
  }
}

Source source_of(const Knowledge& known, Life life, Standing standing) {
  if (standing == Standing::answered_now) return Source::register_;
  return under_grace(life, standing) && !is_final(known) ? Source::grace : Source::cache;
}

// These say that something is not known, which the next moment may change.
bool is_passing_trouble(Reason reason) {
  return reason == Reason::mpxn_unverified || reason >= Reason::data_user_unverified;
}

// How long the same question would get the same verdict without anybody asking the register: until
// the knowledge has outlived its lifetime or the record its expiry. Zero under grace.
milliseconds good_for(const Knowledge& known, Reason reason, const Freshness& freshness,
                      const Present& present, milliseconds age) {
  if (is_passing_trouble(reason) || !present.clock_trusted || may_be_renewed(known, present.now)) {
    return milliseconds::zero();
  }
  milliseconds left = lifetime(known, freshness) - age;
  if (known.record && known.record->expiry.kind == Expiry::Kind::at && !is_final(known) &&
      !known.record->expiry.passed(present.now)) {
    left = std::min(left, known.record->expiry.at - present.now - present.unaccounted);
  }
  return std::max(left, milliseconds::zero());
}

}  // namespace

Verdict judge(const Knowledge* known, const Question& question, const Policy& policy,
              const Present& present, Standing standing) {
  if (!question.key) return local_verdict(Reason::malformed_key, present);

  Denials denials;
  check_question(question, policy, denials);
  if (known == nullptr) {
    denials.add(reason_for_nothing_known(standing));
    return local_verdict(denials.verdict(), present);
  }

  const Life life = life_of(*known, policy.freshness, present);
  check_knowledge(*known, question, policy, present.now, denials);
  check_age(*known, life, question.mode, present, standing, denials);

  Verdict verdict;
  verdict.reason = denials.verdict();
  verdict.source = source_of(*known, life, standing);
  verdict.at = present.now;
  verdict.transaction_id = known->transaction_id;
  if (known->record) verdict.expiry = known->record->expiry;
  const milliseconds age =
      std::max(present.now - known->as_of, milliseconds::zero()) + present.unaccounted;
  if (standing == Standing::answered_now || life != Life::undated) verdict.age = age;
  verdict.good_for = verdict.age ? good_for(*known, verdict.reason, policy.freshness, present, age)
                                 : milliseconds::zero();
  return verdict;
}

bool must_ask(const Knowledge* known, const Freshness& freshness, const Present& present) {
  if (known == nullptr || !present.clock_trusted) return true;
  return life_of(*known, freshness, present) != Life::fresh || may_be_renewed(*known, present.now);
}

Verdict local_verdict(Reason reason, const Present& present) {
  AKGATE_ASSERT(reason != Reason::active);
  Verdict verdict;
  verdict.reason = reason;
  verdict.at = present.now;
  return verdict;
}

}  // namespace akgate
