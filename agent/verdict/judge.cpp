// SPDX-License-Identifier: Apache-2.0
#include "verdict/judge.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "verdict/age.hpp"
#include "verdict/checklist.hpp"
#include "verdict/proofs.hpp"

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

Terms terms_of(const Knowledge& known, const Freshness& freshness) {
  return {.lifetime = lifetime(known, freshness), .grace = grace(known, freshness)};
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

// Whether the record may have ended in time that nobody counted.
bool may_have_ended(const Knowledge& known, const Present& present) {
  if (!known.record || known.record->expiry.kind != Expiry::Kind::at) return false;
  return !present.clock_trusted || known.record->expiry.passed(present.now + present.unaccounted);
}

// The age at which this part's life goes on to the next stage.
milliseconds term_of(Life life, const Terms& terms) {
  return life == Life::ageing ? terms.grace : terms.lifetime;
}

constexpr AgeReasons kAgainstRecord = {.not_asked = Reason::register_unreachable,
                                       .over = Reason::stale,
                                       .refused = Reason::register_refused,
                                       .malformed = Reason::register_malformed};

// These say that something is not known, which the next moment may change.
bool is_passing_trouble(Reason reason) {
  return reason == Reason::mpxn_unverified || reason >= Reason::data_user_unverified;
}

// How much longer the record counts as it does now: until it has outlived its term, or its expiry.
milliseconds record_left(const Knowledge& known, milliseconds term, const Present& present,
                         milliseconds age) {
  if (may_be_renewed(known, present.now)) return milliseconds::zero();
  milliseconds left = term - age;
  if (known.record && known.record->expiry.kind == Expiry::Kind::at && !is_final(known) &&
      !known.record->expiry.passed(present.now)) {
    left = std::min(left, known.record->expiry.at - present.now - present.unaccounted);
  }
  return left;
}

// Gathers what a verdict rests on: of several parts the oldest, the weakest source, the least that
// is left, and the transactions of all.
class Basis {
 public:
  Basis(Verdict& verdict, const Present& present) : verdict_(verdict), present_(present) {}

  void rests_on(const Knowledge& known, Standing standing, const Freshness& freshness) {
    const Terms terms = terms_of(known, freshness);
    const Life life = life_of(known.as_of, terms, present_);
    verdict_.source = source_of(life, standing);
    // A final state is known as well as ever: that is no grace.
    if (is_final(known) && verdict_.source == Source::grace) verdict_.source = Source::cache;
    verdict_.transaction_id = std::string_view(known.transaction_id);
    if (known.record) verdict_.expiry = known.record->expiry;
    if (standing != Standing::answered_now && life == Life::undated) return;
    verdict_.age = age_of(known.as_of);
    verdict_.good_for = record_left(known, terms.lifetime, present_, *verdict_.age);
    verdict_.steady_for = record_left(known, term_of(life, terms), present_, *verdict_.age);
  }

  // A proof: binding or Data User.
  void rests_on(Timestamp as_of, const std::string& transaction_id, const Terms& terms,
                Standing standing) {
    const Life life = life_of(as_of, terms, present_);
    verdict_.source = weaker(verdict_.source, source_of(life, standing));
    if (!transaction_id.empty()) {
      if (!verdict_.transaction_id.empty()) verdict_.transaction_id.append(",");
      verdict_.transaction_id.append(transaction_id);
    }
    if (!verdict_.age) return;
    verdict_.age = std::max(*verdict_.age, age_of(as_of));
    verdict_.good_for = std::min(*verdict_.good_for, terms.lifetime - age_of(as_of));
    verdict_.steady_for = std::min(verdict_.steady_for, term_of(life, terms) - age_of(as_of));
  }

 private:
  static Source weaker(Source a, Source b) {
    if (a == Source::grace || b == Source::grace) return Source::grace;
    return a == Source::cache ? a : b;
  }
  static Source source_of(Life life, Standing standing) {
    if (standing == Standing::answered_now) return Source::register_;
    return under_grace(life, standing) ? Source::grace : Source::cache;
  }
  [[nodiscard]] milliseconds age_of(Timestamp as_of) const {
    return std::max(present_.now - as_of, milliseconds::zero()) + present_.unaccounted;
  }

  Verdict& verdict_;
  const Present& present_;
};

// What the record says by itself, whatever its age.
Reason say_of_record(const Knowledge& known, const Question& question, const Policy& policy,
                     Timestamp now) {
  Denials denials;
  check_question(question, policy, denials);
  check_knowledge(known, question, policy, now, denials);
  return denials.verdict();
}

// Whether a proof might still change the reason, or bring one about.
bool leaves_proofs_open(Reason so_far) {
  return so_far == Reason::active || so_far > Reason::mpxn_malformed;
}

// Whether anything but the record is to be looked at.
bool calls_for_proofs(const AccessRecord& record, const Question& question, const Policy& policy) {
  return question.mpxn || data_user_in_question(record, question, policy);
}

// Looks at the proofs that the question calls for.
void weigh_proofs(const Evidence& evidence, const Question& question, const Policy& policy,
                  const Present& present, Denials& denials, Basis& basis) {
  const AccessRecord& record = *evidence.record.known->record;
  check_binding(evidence.binding, record, question, policy, present, denials);
  check_data_user(evidence.data_user, record, question, policy, present, denials);
  const Binding* const binding = evidence.binding.known;
  if (binding != nullptr && binding->word != Binding::Word::by_operator &&
      meter_point_in_question(question, policy)) {
    basis.rests_on(binding->as_of, binding->transaction_id,
                   terms_of(*binding, record, policy.freshness), evidence.binding.standing);
  }
  const DataUserStanding* const data_user = evidence.data_user.known;
  if (data_user != nullptr && data_user_in_question(record, question, policy)) {
    basis.rests_on(data_user->as_of, data_user->transaction_id,
                   terms_of(*data_user, record, policy.freshness), evidence.data_user.standing);
  }
}

bool is_fresh(Timestamp as_of, const Terms& terms, const Present& present) {
  return present.clock_trusted && life_of(as_of, terms, present) == Life::fresh;
}

// Whether what is known of the key's meter point leaves nothing to ask.
bool is_settled(const Binding& binding, const Mpxn& mpxn, const AccessRecord& record, Mode mode,
                const Freshness& freshness, const Present& present) {
  if (!stands(binding, record)) return false;
  if (binding.word == Binding::Word::by_operator) return true;
  if (mode == Mode::fresh) return false;
  // Listed elsewhere says that it does not belong here; not listed elsewhere says nothing.
  if (binding.mpxn != mpxn && binding.word == Binding::Word::not_listed) return false;
  return is_fresh(binding.as_of, terms_of(binding, record, freshness), present);
}

}  // namespace

Verdict judge(const Evidence& evidence, const Question& question, const Policy& policy,
              const Present& present) {
  if (!question.key) return local_verdict(Reason::malformed_key, present);
  const auto& [known, standing] = evidence.record;

  Denials denials;
  check_question(question, policy, denials);
  if (known == nullptr) {
    if (meter_point_in_question(question, policy)) denials.add(Reason::mpxn_unverified);
    if (data_user_in_question({}, question, policy)) denials.add(Reason::data_user_unverified);
    denials.add(reason_for_nothing_known(standing));
    return local_verdict(denials.verdict(), present);
  }

  Verdict verdict;
  verdict.at = present.now;
  Basis basis(verdict, present);
  basis.rests_on(*known, standing, policy.freshness);
  check_knowledge(*known, question, policy, present.now, denials);
  if (known->record && leaves_proofs_open(denials.verdict())) {
    weigh_proofs(evidence, question, policy, present, denials, basis);
  }
  // The register does not end records by itself, so its word of now is no proof against the clock.
  if (may_have_ended(*known, present)) denials.add(Reason::clock_untrusted);
  check_age(life_of(known->as_of, terms_of(*known, policy.freshness), present), standing,
            question.mode, present, kAgainstRecord, denials);

  verdict.reason = denials.verdict();
  const bool lasts = !is_passing_trouble(verdict.reason) && present.clock_trusted && verdict.age;
  verdict.good_for =
      lasts ? std::max(*verdict.good_for, milliseconds::zero()) : milliseconds::zero();
  verdict.steady_for =
      lasts ? std::max(verdict.steady_for, milliseconds::zero()) : milliseconds::zero();
  return verdict;
}

bool must_ask(const Knowledge* known, const Freshness& freshness, const Present& present) {
  if (known == nullptr || !present.clock_trusted) return true;
  return life_of(known->as_of, terms_of(*known, freshness), present) != Life::fresh ||
         may_be_renewed(*known, present.now);
}

Inquiries what_to_ask(const Evidence& evidence, const Question& question, const Policy& policy,
                      const Present& present) {
  Inquiries inquiries;
  if (!question.key) return inquiries;
  const bool fresh = question.mode == Mode::fresh;
  const auto& [known, standing] = evidence.record;
  if (standing == Standing::answers && (fresh || must_ask(known, policy.freshness, present))) {
    inquiries.record = true;
    return inquiries;
  }
  if (!policy.has_account || known == nullptr || !known->record || !known->record->complete ||
      !calls_for_proofs(*known->record, question, policy) ||
      !leaves_proofs_open(say_of_record(*known, question, policy, present.now))) {
    return inquiries;
  }
  const AccessRecord& record = *known->record;
  if (evidence.binding.standing == Standing::answers) {
    inquiries.meter_point = meter_point_in_question(question, policy);
    const Binding* const binding = evidence.binding.known;
    if (inquiries.meter_point && binding != nullptr &&
        is_settled(*binding, *inquiries.meter_point, record, question.mode, policy.freshness,
                   present)) {
      inquiries.meter_point.reset();
    }
  }
  if (evidence.data_user.standing == Standing::answers) {
    inquiries.data_user = data_user_in_question(record, question, policy);
    const DataUserStanding* const data_user = evidence.data_user.known;
    if (inquiries.data_user && data_user != nullptr && !fresh &&
        is_fresh(data_user->as_of, terms_of(*data_user, record, policy.freshness), present)) {
      inquiries.data_user.reset();
    }
  }
  return inquiries;
}

Verdict local_verdict(Reason reason, const Present& present) {
  AKGATE_ASSERT(reason != Reason::active);
  Verdict verdict;
  verdict.reason = reason;
  verdict.at = present.now;
  return verdict;
}

}  // namespace akgate
