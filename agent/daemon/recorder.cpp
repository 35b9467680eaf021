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
Verdict Recorder::recordable(Verdict verdict) const {
  if (!verdict.allows() || !denies_for_want_of_record()) return verdict;
  return local_verdict(Reason::overloaded, {.now = verdict.at});
}

Verdict Recorder::verdict(const Question& question, const Settled& settled) {
  return recordable(parts_.desk.verdict(question, settled));
}

std::optional<Answers::AtOnce> Recorder::verdict_at_once(const Question& question) {
  std::optional<AtOnce> at_once = parts_.desk.verdict_at_once(question);
  if (at_once && denies_for_want_of_record()) at_once->verdict = recordable(at_once->verdict);
  return at_once;
}

Verdict Recorder::answer(const Question& question, const Settled& settled, const Asker& asker) {
  Verdict told = verdict(question, settled);
  AuditTrail::Asked asked{.uid = asker.uid, .key = std::nullopt};
  if (question.key) asked.key = fingerprint_of(parts_.keys.index_of(*question.key));
  parts_.trail.note(question, told, asked);
  // The two may be of one turn, and be read in either order.
  tally_.note(told, std::max(parts_.loop.now() - asker.since, BootClock::duration::zero()));
  return told;
}

std::optional<Answers::AtOnce> Recorder::answer_at_once(const Question& question, Uid uid) {
  std::optional<AtOnce> at_once = verdict_at_once(question);
  if (!at_once) return std::nullopt;
  parts_.trail.note(question, at_once->verdict, {.uid = uid, .key = fingerprint_of(at_once->key)});
  tally_.note(at_once->verdict, BootClock::duration::zero());
  return at_once;
}

std::optional<Timestamp> Recorder::still_holds(const Grounds& grounds) {
  if (denies_for_want_of_record()) return std::nullopt;
  return parts_.desk.still_holds(grounds);
}

void Recorder::note_told_again(const Question& question, const Verdict& verdict,
                               const IndexKey& key, Uid uid, std::uint64_t& noted_as) {
  parts_.trail.note_again(question, verdict, {.uid = uid, .key = fingerprint_of(key)}, noted_as);
  tally_.note(verdict, BootClock::duration::zero());
}

}  // namespace akgate
