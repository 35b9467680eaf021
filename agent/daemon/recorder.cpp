// SPDX-License-Identifier: Apache-2.0
#include "daemon/recorder.hpp"

#include <algorithm>

#include "verdict/judge.hpp"

namespace akgate {

Fingerprint fingerprint_of(const IndexKey& index) {
  Fingerprint fingerprint{};
  std::copy_n(index.bytes.begin(), fingerprint.size(), fingerprint.begin());
  return fingerprint;
}

// What may not be told without a record is denied with the reason for a trouble of our own that may
// pass.
Verdict Recorder::verdict(const Question& question, const Settled& settled) {
  Verdict verdict = parts_.desk.verdict(question, settled);
  if (!verdict.allows() || !denies_for_want_of_record()) return verdict;
  return local_verdict(Reason::overloaded, {.now = verdict.at});
}

Verdict Recorder::answer(const Question& question, const Settled& settled, const Asker& asker) {
  Verdict told = verdict(question, settled);
  AuditTrail::Asked asked{.uid = asker.uid, .key = std::nullopt};
  if (question.key) asked.key = fingerprint_of(parts_.keys.index_of(*question.key));
  parts_.trail.note(question, told, asked);
  tally_.note(told, parts_.loop.now() - asker.since);
  return told;
}

}  // namespace akgate
