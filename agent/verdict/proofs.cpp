// SPDX-License-Identifier: Apache-2.0
#include "verdict/proofs.hpp"

namespace akgate {

namespace {

constexpr AgeReasons all(Reason unverified) {
  return {
      .not_asked = unverified, .over = unverified, .refused = unverified, .malformed = unverified};
}

Reason reason_against(DataUserStatus status) {
  switch (status) {
    case DataUserStatus::active:
      return Reason::active;
    case DataUserStatus::suspended:
      return Reason::data_user_suspended;
    case DataUserStatus::terminated:
      return Reason::data_user_terminated;
    case DataUserStatus::unknown:
      return Reason::data_user_unknown;
    case DataUserStatus::other:
      break;
  }
  return Reason::data_user_unverified;
}

}  // namespace

std::optional<Mpxn> meter_point_in_question(const Question& question, const Policy& policy) {
  if (policy.mpxn == Demand::off || !question.mpxn) return std::nullopt;
  return Mpxn::parse(*question.mpxn);
}

std::optional<Duid> data_user_in_question(const AccessRecord& record, const Question& question,
                                          const Policy& policy) {
  if (policy.data_user == Demand::off) return std::nullopt;
  // A record that names its Data User brings nobody to a stop who has no account to ask with.
  if (!question.duid && !policy.has_account) return std::nullopt;
  if (!record.duid.empty()) return Duid::parse(record.duid);
  return question.duid ? Duid::parse(*question.duid) : std::nullopt;
}

bool stands(const Binding& binding, const AccessRecord& record) {
  return !record.identity_record_ref.empty() &&
         binding.identity_record_ref == record.identity_record_ref;
}

Terms terms_of(const Binding& binding, const AccessRecord& record, const Freshness& freshness) {
  const bool listed = binding.word == Binding::Word::listed;
  return {.lifetime = listed ? freshness.fresh_for : freshness.not_found_for,
          .grace = freshness.grace_of(record.legal_basis)};
}

Terms terms_of(const DataUserStanding& standing, const AccessRecord& record,
               const Freshness& freshness) {
  const bool known = standing.status != DataUserStatus::unknown;
  return {.lifetime = known ? freshness.fresh_for : freshness.not_found_for,
          .grace = freshness.grace_of(record.legal_basis)};
}

void check_binding(const Part<Binding>& binding, const AccessRecord& record,
                   const Question& question, const Policy& policy, const Present& present,
                   Denials& denials) {
  const std::optional<Mpxn> mpxn = meter_point_in_question(question, policy);
  if (!mpxn) return;
  if (binding.known == nullptr || !stands(*binding.known, record)) {
    return denials.add(Reason::mpxn_unverified);
  }
  const bool same = binding.known->mpxn == *mpxn;
  switch (binding.known->word) {
    case Binding::Word::by_operator:
      if (!same) denials.add(Reason::mpxn_mismatch);
      return;  // The operator's word does not age.
    case Binding::Word::not_listed:
      return denials.add(same ? Reason::mpxn_mismatch : Reason::mpxn_unverified);
    case Binding::Word::listed:
      break;
  }
  if (!same) return denials.add(Reason::mpxn_mismatch);
  const Life life =
      life_of(binding.known->as_of, terms_of(*binding.known, record, policy.freshness), present);
  check_age(life, binding.standing, question.mode, present, all(Reason::mpxn_unverified), denials);
}

void check_data_user(const Part<DataUserStanding>& data_user, const AccessRecord& record,
                     const Question& question, const Policy& policy, const Present& present,
                     Denials& denials) {
  if (!data_user_in_question(record, question, policy)) return;
  if (data_user.known == nullptr) return denials.add(Reason::data_user_unverified);
  const Reason against = reason_against(data_user.known->status);
  if (against != Reason::active) return denials.add(against);
  const Life life = life_of(data_user.known->as_of,
                            terms_of(*data_user.known, record, policy.freshness), present);
  check_age(life, data_user.standing, question.mode, present, all(Reason::data_user_unverified),
            denials);
}

}  // namespace akgate
