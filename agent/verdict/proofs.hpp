// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "record/access_record.hpp"
#include "record/duid.hpp"
#include "record/mpxn.hpp"
#include "verdict/age.hpp"
#include "verdict/checklist.hpp"
#include "verdict/evidence.hpp"
#include "verdict/policy.hpp"
#include "verdict/question.hpp"

namespace akgate {

// The two proofs that a record does not carry itself: that its key belongs to the meter point
// (checklist item 8), and that the Data User behind it is in good standing (item 7).

/// The meter point that the question names, if the policy looks at it.
[[nodiscard]] std::optional<Mpxn> meter_point_in_question(const Question& question,
                                                          const Policy& policy);

/// The Data User to be looked up: the record's own where it names one, else the one that the caller
/// claims, which proves nothing about the record. Nothing where policy or both do not call for it.
[[nodiscard]] std::optional<Duid> data_user_in_question(const AccessRecord& record,
                                                        const Question& question,
                                                        const Policy& policy);

/// Whether the binding counts: the record has the identity record that it was made for. Without one
/// nobody could see the record move to another meter point.
[[nodiscard]] bool stands(const Binding& binding, const AccessRecord& record);

/// How long each may be used: like the record that it helps to prove.
[[nodiscard]] Terms terms_of(const Binding& binding, const AccessRecord& record,
                             const Freshness& freshness);
[[nodiscard]] Terms terms_of(const DataUserStanding& standing, const AccessRecord& record,
                             const Freshness& freshness);

/// What speaks against the key's belonging to the meter point in question.
void check_binding(const Part<Binding>& binding, const AccessRecord& record,
                   const Question& question, const Policy& policy, const Present& present,
                   Denials& denials);

/// What speaks against the Data User in question.
void check_data_user(const Part<DataUserStanding>& data_user, const AccessRecord& record,
                     const Question& question, const Policy& policy, const Present& present,
                     Denials& denials);

}  // namespace akgate
