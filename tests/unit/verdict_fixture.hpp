// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "record/read_answer.hpp"
#include "verdict/judge.hpp"
#include "verify_answer.hpp"

namespace akgate {

inline Timestamp now() { return at("2026-11-22T10:00:00Z"); }

/// A question that the good record permits under the default policy.
inline Question good_question() {
  Question question;
  question.key = asked_key();
  question.data_types = data_types({"HH-CONSUMPTION", "HH-EXPORT"});
  return question;
}

inline Knowledge knowledge_of(AccessRecord record, std::chrono::milliseconds age = {}) {
  return {.record = std::move(record), .as_of = now() - age, .transaction_id = "tid_1"};
}

inline Knowledge no_such_record(std::chrono::milliseconds age = {}) {
  return {.record = std::nullopt, .as_of = now() - age, .transaction_id = "tid_404"};
}

/// The defaults: fresh for 15 min; grace 24 h, for consent 6 h; "no such record" 1 min; final
/// states 1 h.
inline Policy default_policy() {
  Policy policy;
  for (const LegalBasis basis : {LegalBasis::uk_consent, LegalBasis::uk_explicit_consent}) {
    policy.freshness.grace_by_legal_basis[static_cast<std::size_t>(basis)] = std::chrono::hours(6);
  }
  return policy;
}

inline AccessRecord in_state(State state) {
  AccessRecord record = good_record();
  record.state = state;
  return record;
}

/// The good record with an end so far from now.
inline AccessRecord ending(std::chrono::milliseconds in) {
  AccessRecord record = good_record();
  record.expiry = Expiry::at_instant(now() + in);
  return record;
}

/// On a record alone.
inline Verdict judge(const Knowledge* known, const Question& question, const Policy& policy,
                     const Present& present, Standing standing) {
  return judge(Evidence{.record = {.known = known, .standing = standing}}, question, policy,
               present);
}

inline Verdict judged(const Knowledge& known, Standing standing,
                      const Policy& policy = default_policy(), bool clock_trusted = true) {
  return judge(&known, good_question(), policy, {.now = now(), .clock_trusted = clock_trusted},
               standing);
}

/// From the body of an answer to the verdict, as the agent goes about it: what makes no sense, or
/// is incomplete and does not deny by itself, is no knowledge but a register out of order.
inline Verdict verdict_on(std::string_view body, const Question& question, const Policy& policy) {
  const Present present{.now = now()};
  const Result<VerifyAnswer> answer = read_verify_answer(body, asked_key());
  if (!answer || (!answer->record.complete && !denies_by_itself(answer->record, present.now))) {
    return judge(nullptr, question, policy, present, Standing::malformed);
  }
  const Knowledge known{.record = answer->record,
                        .as_of = present.now,
                        .transaction_id = answer->envelope.transaction_id};
  return judge(&known, question, policy, present, Standing::answered_now);
}

/// A record that was confirmed just now, and what is asked of it; good as it stands.
struct Case {
  AccessRecord record = good_record();
  Question question = good_question();
  Policy policy;
};

/// What is done to a case (or to what became of it in the row before), and what comes out.
struct Row {
  const char* why;
  std::function<void(Case&)> make;
  Reason reason;
};

/// So that a failing test names the reason instead of its number.
inline void PrintTo(Reason reason, std::ostream* out) { *out << to_string(reason); }
inline void PrintTo(Source source, std::ostream* out) { *out << to_string(source); }

}  // namespace akgate
