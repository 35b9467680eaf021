// SPDX-License-Identifier: Apache-2.0
// What the oracle demands of a reply.
#include <algorithm>

#include "tests/simulation/oracle.hpp"

namespace akgate {

using std::chrono::milliseconds;

namespace {

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> items(1);
  for (const char each : list) {
    if (each == ',') {
      items.emplace_back();
    } else {
      items.back() += each;
    }
  }
  return items;
}

}  // namespace

void Oracle::replied(const Asked& asked, const Verdict& verdict, bool had_to_know) {
  check_blocks(asked, verdict);
  if (verdict.allows()) return check_allowed(asked, verdict);
  if (had_to_know && verdict.reason >= Reason::register_unreachable) {
    report("calm", "denied as " + std::string(to_string(verdict.reason)) + " in calm weather",
           asked.key);
  }
}

void Oracle::check_blocks(const Asked& asked, const Verdict& verdict) {
  const std::string key = cast::key(asked.key);
  const std::string mpxn = asked.question.mpxn.value_or("");
  if (verdict.allows() &&
      (operator_blocks.surely_blocked(key) || operator_blocks.surely_blocked(mpxn))) {
    report("blocked", "ALLOW although the operator has blocked it", asked.key);
  }
  // What was denied as blocked stays so, however long its reply waits to be taken.
  if (verdict.reason != Reason::blocked || asked.at <= operator_blocks.last_change()) return;
  bool perhaps = operator_blocks.perhaps_blocked(key);
  for (std::size_t each = 0; each < cast::kMeterPoints; ++each) {
    perhaps = perhaps || operator_blocks.perhaps_blocked(cast::mpxn(each));
  }
  if (!perhaps) report("blocked", "blocked, but nobody has", asked.key);
}

void Oracle::check_allowed(const Asked& asked, const Verdict& verdict) {
  std::vector<const Heard*> proofs;
  for (const std::string& id : split(std::string(verdict.transaction_id))) {
    proofs.push_back(hearsay_.by_transaction(id));
    if (proofs.back() == nullptr) {
      return report("I1", "ALLOW rests on what the register never said: " + id, asked.key);
    }
    if (proofs.back()->forgotten == Heard::Forgotten::surely) {
      return report("I5",
                    "ALLOW rests on what was forgotten: " + describe(proofs.back()->statement),
                    asked.key);
    }
  }
  const Heard& record = *proofs.front();
  const Topic& topic = record.statement.topic;
  if (topic.kind != Topic::Kind::record || topic.key != asked.key) {
    return report("I7", "ALLOW rests on " + describe(record.statement), asked.key);
  }
  const milliseconds good_for = verdict.good_for.value_or(milliseconds(0));
  check_record(asked, record);
  if (found_) return;
  const Expiry& expiry = record.statement.record->expiry;
  if (expiry.kind == Expiry::Kind::at &&
      setting_.known_time.at_least(now()) + good_for > expiry.at + kRounding) {
    report(
        "I2",
        "`for` of " + std::to_string(good_for.count()) + " ms reaches beyond the expiry of " +
            describe(record.statement) + " by " +
            std::to_string((setting_.known_time.at_least(now()) + good_for - expiry.at).count()) +
            " ms",
        asked.key);
  }
  check_clock(asked, record);
  const auto of_kind = [&](Topic::Kind kind) -> const Heard* {
    const auto found = std::find_if(proofs.begin(), proofs.end(), [&](const Heard* each) {
      return each->statement.topic.kind == kind;
    });
    return found == proofs.end() ? nullptr : *found;
  };
  const milliseconds grace =
      setting_.policy.freshness.grace_of(record.statement.record->legal_basis);
  check_age(asked, {.heard = &record, .grace = grace}, good_for);
  check_meter_point(asked, record, of_kind(Topic::Kind::listing), good_for);
  check_data_user(asked, record, of_kind(Topic::Kind::data_user), good_for);
}

// Checklist and end (I1, I2), and nothing newer says otherwise (I5).
void Oracle::check_record(const Asked& asked, const Heard& basis) {
  const Timestamp at_least = setting_.known_time.at_least(now());
  const auto broken = against(basis.statement.record, asked.question, setting_.policy, at_least);
  if (broken) {
    return report(broken->invariant,
                  "ALLOW although " + broken->what + ": " + describe(basis.statement), asked.key);
  }
  const auto& all = hearsay_.about(basis.statement.topic);
  const auto newer = std::find(all.begin(), all.end(), &basis);
  for (auto each = std::next(newer); each != all.end(); ++each) {
    if (!hearsay_.binds(**each)) continue;
    const auto denies =
        against((*each)->statement.record, asked.question, setting_.policy, at_least);
    if (!denies) continue;
    return report("I5",
                  "ALLOW rests on what is older than: " + describe((*each)->statement) + ", by " +
                      "which " + denies->what,
                  asked.key);
  }
  if (!setting_.ample_room) return;
  // An incomplete denial is kept where it takes the place of a whole record.
  bool whole_before = false;
  bool revoked = false;
  for (const Heard* const each : all) {
    const bool whole = each->statement.record && each->statement.record->complete;
    if (is_revocation(each->statement) && (whole || whole_before) && hearsay_.is_known(*each)) {
      return report("I5", "ALLOW after a revocation: " + describe(each->statement), asked.key);
    }
    revoked = revoked || (is_revocation(each->statement) && hearsay_.is_known(*each));
    if (!revoked) whole_before = whole && hearsay_.is_known(*each);
  }
}

milliseconds Oracle::age_of(const Heard& heard) const {
  const Timestamp at_least = setting_.known_time.at_least(now());
  // Where somebody has told the time since, the agent knows how old it really is.
  const bool told_since = setting_.known_time.last_word() >= heard.statement.sent;
  return told_since ? at_least - (heard.statement.sent + heard.ahead) : at_least - heard.known_time;
}

void Oracle::check_age(const Asked& asked, const Proof& proof, milliseconds good_for) {
  const Freshness& freshness = setting_.policy.freshness;
  const Statement& statement = proof.heard->statement;
  if (asked.question.mode == Mode::fresh && statement.sent < asked.at) {
    return report("I3", "mode=fresh rests on " + describe(statement), asked.key);
  }
  const milliseconds age = age_of(*proof.heard) - kRounding;
  const std::string old = describe(statement) + ", " +
                          std::to_string(std::chrono::floor<std::chrono::seconds>(age).count()) +
                          " s old";
  if (age + good_for > freshness.fresh_for) {
    const auto beyond = std::min(age + good_for - freshness.fresh_for, good_for);
    if (good_for > milliseconds(0)) {
      report("I3",
             "`for` reaches beyond freshness by " + std::to_string(beyond.count()) + " ms: " + old,
             asked.key);
    }
  }
  // What the register says in answer to this very question is fresh, whatever its clock does.
  const bool answered_now =
      statement.sent >= asked.at && now() - statement.sent < freshness.fresh_for;
  if (age < freshness.fresh_for || answered_now) return;
  if (!conduct_.excuses_grace(statement.topic, now())) {
    return report("I3", "grace while the register answers: " + old, asked.key);
  }
  if (disk_owes_) {
    return report("I5", "grace while bad news is not durable: " + old, asked.key);
  }
  if (age >= proof.grace) report("I4", "ALLOW beyond grace: " + old, asked.key);
}

// A clock that cannot be right denies what depends on it (I8).
void Oracle::check_clock(const Asked& asked, const Heard& basis) {
  if (!setting_.known_time.surely_untrusted()) return;
  const bool answered_now = basis.statement.delivered >= asked.at;
  const bool has_end = basis.statement.record->expiry.kind == Expiry::Kind::at;
  if (!answered_now || has_end) {
    report("I8", "ALLOW while the clock cannot be right: " + describe(basis.statement), asked.key);
  }
}

std::vector<std::string> Oracle::identities_known(std::size_t key) const {
  std::vector<std::string> identities;
  const auto& all = hearsay_.about({.kind = Topic::Kind::record, .key = key});
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    const Statement& statement = (*each)->statement;
    if (statement.record) identities.push_back(statement.record->identity_record_ref);
    if (statement.record && hearsay_.is_known(**each)) break;
  }
  return identities;
}

void Oracle::check_meter_point(const Asked& asked, const Heard& record, const Heard* listing,
                               milliseconds good_for) {
  if (setting_.policy.mpxn == Demand::off) return;
  if (!asked.question.mpxn) {
    if (setting_.policy.mpxn == Demand::required) report("I1", "no meter point given", asked.key);
    return;
  }
  const std::size_t mpxn = cast::number_of_mpxn(*asked.question.mpxn);
  const std::string& identity = record.statement.record->identity_record_ref;
  if (identity.empty()) return report("I1", "meter point without identity record", asked.key);
  if (listing == nullptr) {
    for (const auto& word : operator_words.that_may_bind(asked.key, mpxn)) {
      if (operator_identities(word).contains(identity)) return;
    }
    return report("I5", "nothing ties the key to the meter point any more", asked.key);
  }
  const Statement& said = listing->statement;
  if (said.topic.key != asked.key || said.topic.other != mpxn || !said.listed) {
    return report("I1", "the wrong meter point: " + describe(said), asked.key);
  }
  if (std::find(listing->identities.begin(), listing->identities.end(), identity) ==
      listing->identities.end()) {
    return report("I5", "the record has another identity than when listed: " + describe(said),
                  asked.key);
  }
  if (said.delivered < operator_words.unbound(asked.key)) {
    return report("I5", "unbound since: " + describe(said), asked.key);
  }
  check_newest(asked, *listing);
  const milliseconds grace =
      setting_.policy.freshness.grace_of(record.statement.record->legal_basis);
  check_age(asked, {.heard = listing, .grace = grace}, good_for);
}

void Oracle::check_newest(const Asked& asked, const Heard& basis) {
  const auto& all = hearsay_.about(basis.statement.topic);
  const auto stands = std::find(all.begin(), all.end(), &basis);
  for (auto each = std::next(stands); each != all.end(); ++each) {
    if (hearsay_.binds(**each) && !grants((*each)->statement)) {
      return report("I5", "ALLOW rests on what is older than: " + describe((*each)->statement),
                    asked.key);
    }
  }
}

void Oracle::check_data_user(const Asked& asked, const Heard& record, const Heard* data_user,
                             milliseconds good_for) {
  const Policy& policy = setting_.policy;
  const auto& given = asked.question.duid;
  if (policy.data_user == Demand::off) return;
  if (!given && policy.data_user == Demand::required) {
    return report("I1", "no Data User given", asked.key);
  }
  if (!given && !policy.has_account) return;
  const std::string& own = record.statement.record->duid;
  const std::string duid = own.empty() ? given.value_or("") : own;
  if (duid.empty()) return;
  if (data_user == nullptr || data_user->statement.topic.other != cast::number_of_duid(duid) ||
      !grants(data_user->statement)) {
    return report("I1", "the Data User is not in good standing", asked.key);
  }
  check_newest(asked, *data_user);
  const milliseconds grace = policy.freshness.grace_of(record.statement.record->legal_basis);
  check_age(asked, {.heard = data_user, .grace = grace}, good_for);
}

// Which identity records the operator's word may be pinned to: the one known when it was said, else
// the first that came after.
std::set<std::string> Oracle::operator_identities(const OperatorWords::Word& word) const {
  std::set<std::string> identities;
  const auto& all = hearsay_.about({.kind = Topic::Kind::record, .key = word.key});
  bool known_before = false;
  for (const Heard* const each : all) {
    const Statement& statement = each->statement;
    if (!statement.record) {
      if (statement.delivered <= word.said) known_before = false;
      continue;
    }
    const std::string& identity = statement.record->identity_record_ref;
    if (statement.delivered <= word.said) {
      const bool surely_known = setting_.ample_room && hearsay_.is_known(*each);
      if (surely_known) identities.clear();
      known_before = known_before || surely_known;
      identities.insert(identity);
    } else {
      if (word.kept && statement.delivered > *word.kept && known_before) break;
      identities.insert(identity);
      // What a crash may have taken away again has pinned nothing.
      const bool stays = statement.record->complete && hearsay_.is_known(*each);
      if (word.kept && statement.delivered > *word.kept && stays) break;
    }
  }
  return identities;
}

}  // namespace akgate
