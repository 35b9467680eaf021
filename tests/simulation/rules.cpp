// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/rules.hpp"

#include <algorithm>
#include <string_view>

namespace akgate {

namespace {

bool has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool basis_holds(const AccessRecord& record, const Policy& policy) {
  const auto& accepted = policy.legal_bases;
  if (!accepted.empty() &&
      std::find(accepted.begin(), accepted.end(), record.legal_basis) == accepted.end()) {
    return false;
  }
  const LegalBasis basis = record.legal_basis;
  const bool on_consent =
      basis == LegalBasis::uk_consent || basis == LegalBasis::uk_explicit_consent;
  const bool on_statute =
      basis == LegalBasis::uk_public_task || basis == LegalBasis::uk_legal_obligation;
  const bool on_interests = basis == LegalBasis::uk_legitimate_interests;
  return (on_consent && record.consent_type != ConsentType::missing) ||
         (on_statute && record.lead_has_statutory_reference) ||
         (on_interests && record.lead_has_lia_reference) || basis == LegalBasis::uk_contract;
}

bool consent_holds(const AccessRecord& record, const Question& question, const Policy& policy) {
  bool demanded = record.legal_basis == LegalBasis::uk_explicit_consent;
  const auto& released = question.data_types.empty() ? record.data_types : question.data_types;
  for (const std::string& type : released.sorted()) {
    demanded = demanded || has(policy.explicit_consent_data_types.sorted(), type);
  }
  return !demanded || record.consent_type == ConsentType::explicit_consent;
}

bool controller_holds(const AccessRecord& record, const Question& question, const Policy& policy) {
  if (policy.controllers.empty() && !question.controller) return true;
  for (std::size_t i = 0; i < record.controllers.size(); ++i) {
    const std::string& name = record.controllers[i];
    const bool speaks = record.arrangement != Arrangement::joint || record.lead == i;
    const bool accepted = policy.controllers.empty() || has(policy.controllers, name);
    if (speaks && accepted && (!question.controller || question.controller == name)) return true;
  }
  return false;
}

bool types_hold(const AccessRecord& record, const Question& question, const Policy& policy) {
  if (question.data_types.empty()) return !policy.require_data_type && !record.data_types.empty();
  const auto& asked = question.data_types.sorted();
  return std::all_of(asked.begin(), asked.end(), [&](const std::string& type) {
    return has(record.data_types.sorted(), type);
  });
}

}  // namespace

std::optional<Violation> against(const std::optional<AccessRecord>& record,
                                 const Question& question, const Policy& policy, Timestamp now) {
  const auto broken = [](std::string_view what) { return Violation{"I1", std::string(what)}; };
  if (!record) return broken("there is no such record");
  if (record->state != State::active || record->revoked_at_set) return broken("it is not active");
  if (!record->complete) return broken("it is incomplete");
  if (!types_hold(*record, question, policy)) return broken("its data types do not cover it");
  if (!basis_holds(*record, policy)) return broken("its legal basis does not hold");
  if (!consent_holds(*record, question, policy)) return broken("explicit consent is missing");
  if (!controller_holds(*record, question, policy)) return broken("the controller is another");
  if (policy.data_user != Demand::off && question.duid && !record->duid.empty() &&
      *question.duid != record->duid) {
    return broken("the Data User is another");
  }
  const bool ends = record->expiry.kind == Expiry::Kind::at;
  if (record->expiry.kind == Expiry::Kind::missing) return broken("it has no expiry");
  if (ends && record->expiry.at <= now) {
    return Violation{"I2", "it had ended at " + format_timestamp(record->expiry.at)};
  }
  return std::nullopt;
}

}  // namespace akgate
