// SPDX-License-Identifier: Apache-2.0
#include "verdict/checklist.hpp"

#include <algorithm>

#include "record/duid.hpp"
#include "record/mpxn.hpp"

namespace akgate {

namespace {

template <typename T>
bool is_in(const std::vector<T>& list, const T& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Checklist items 1 and 2.
void check_life(const AccessRecord& record, Timestamp now, Denials& denials) {
  if (record.state == State::revoked || record.revoked_at_set) denials.add(Reason::revoked);
  if (record.state == State::expired || record.expiry.passed(now)) denials.add(Reason::expired);
  if (record.state == State::discovered) denials.add(Reason::discovered);
  if (record.state != State::active) denials.add(Reason::not_active);
}

// Checklist item 3: whether one controller of the arrangement is accepted by the policy and is the
// one that asks. In a joint arrangement only the lead will do; where there is none, nobody does.
bool has_accepted_controller(const AccessRecord& record, const Question& question,
                             const Policy& policy) {
  for (std::size_t i = 0; i < record.controllers.size(); ++i) {
    const std::string& name = record.controllers[i];
    if (record.arrangement == Arrangement::joint && record.lead != i) continue;
    if (!policy.controllers.empty() && !is_in(policy.controllers, name)) continue;
    if (question.controller && *question.controller != name) continue;
    return true;
  }
  return false;
}

// Checklist item 6.
bool is_basis_complete(const AccessRecord& record) {
  switch (record.legal_basis) {
    case LegalBasis::uk_consent:
    case LegalBasis::uk_explicit_consent:
      return record.consent_type != ConsentType::missing;
    case LegalBasis::uk_legitimate_interests:
      return record.lead_has_lia_reference;
    case LegalBasis::uk_public_task:
    case LegalBasis::uk_legal_obligation:
      return record.lead_has_statutory_reference;
    case LegalBasis::uk_contract:
      return true;
    case LegalBasis::missing:
    case LegalBasis::other:
      return false;
  }
  return false;
}

bool is_known_basis(LegalBasis basis) {
  return basis != LegalBasis::missing && basis != LegalBasis::other;
}

// Who names no data type asks for all that the record has.
bool needs_explicit_consent(const AccessRecord& record, const Question& question,
                            const Policy& policy) {
  const DataTypes& wanted = question.data_types.empty() ? record.data_types : question.data_types;
  return record.legal_basis == LegalBasis::uk_explicit_consent ||
         policy.explicit_consent_data_types.intersects(wanted);
}

// Checklist items 3, 4, 6 and 7, on a record that is complete.
void check_scope(const AccessRecord& record, const Question& question, const Policy& policy,
                 Denials& denials) {
  if (record.data_types.empty() || !record.data_types.covers(question.data_types)) {
    denials.add(Reason::data_type_not_covered);
  }
  const bool controller_matters = !policy.controllers.empty() || question.controller;
  if (controller_matters && !has_accepted_controller(record, question, policy)) {
    denials.add(Reason::controller_not_accepted);
  }
  if (!is_known_basis(record.legal_basis) ||
      (!policy.legal_bases.empty() && !is_in(policy.legal_bases, record.legal_basis))) {
    denials.add(Reason::legal_basis_not_accepted);
  }
  if (!is_basis_complete(record)) denials.add(Reason::legal_basis_incomplete);
  if (needs_explicit_consent(record, question, policy) &&
      record.consent_type != ConsentType::explicit_consent) {
    denials.add(Reason::explicit_consent_required);
  }
  if (policy.data_user != Demand::off && question.duid && !record.duid.empty() &&
      *question.duid != record.duid) {
    denials.add(Reason::data_user_mismatch);
  }
}

}  // namespace

void check_question(const Question& question, const Policy& policy, Denials& denials) {
  if (policy.require_data_type && question.data_types.empty()) {
    denials.add(Reason::data_type_required);
  }
  // Checklist items 7 and 8, as far as nobody need be asked.
  if (policy.mpxn != Demand::off) {
    if (question.mpxn && !Mpxn::parse(*question.mpxn)) denials.add(Reason::mpxn_malformed);
    if (!question.mpxn && policy.mpxn == Demand::required) denials.add(Reason::mpxn_unverified);
  } else if (question.mpxn) {
    // Asked when the policy still looked at it: what it leaves out now must not widen the answer.
    denials.add(Reason::mpxn_unverified);
  }
  if (policy.data_user != Demand::off) {
    if (question.duid && !Duid::parse(*question.duid)) denials.add(Reason::data_user_unknown);
    if (!question.duid && policy.data_user == Demand::required) {
      denials.add(Reason::data_user_unverified);
    }
  } else if (question.duid) {
    denials.add(Reason::data_user_unverified);
  }
}

void check_knowledge(const Knowledge& known, const Question& question, const Policy& policy,
                     Timestamp now, Denials& denials) {
  if (!known.record) return denials.add(Reason::not_found);
  check_life(*known.record, now, denials);
  // What is missing from an incomplete record is not proven absent, so its scope is not looked at.
  // Checklist item 5: without a transaction-id there is nothing to show the auditor.
  if (!known.record->complete || known.transaction_id.empty()) {
    return denials.add(Reason::register_malformed);
  }
  check_scope(*known.record, question, policy, denials);
}

}  // namespace akgate
