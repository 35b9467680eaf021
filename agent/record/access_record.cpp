// SPDX-License-Identifier: Apache-2.0
#include "record/access_record.hpp"

#include <algorithm>
#include <array>

namespace akgate {

namespace {

// In the order of the enumerators; no spelling for `missing` and `other`.
constexpr std::array<std::string_view, 8> kLegalBases = {"",
                                                         "uk-consent",
                                                         "uk-explicit-consent",
                                                         "uk-legitimate-interests",
                                                         "uk-public-task",
                                                         "uk-legal-obligation",
                                                         "uk-contract",
                                                         ""};
static_assert(kLegalBases.size() == static_cast<std::size_t>(LegalBasis::other) + 1);

constexpr std::array<std::string_view, 6> kStates = {"",        "ACTIVE",     "EXPIRED",
                                                     "REVOKED", "DISCOVERED", ""};
static_assert(kStates.size() == static_cast<std::size_t>(State::other) + 1);

}  // namespace

std::optional<LegalBasis> parse_legal_basis(std::string_view text) {
  const auto* const found = std::find(kLegalBases.begin(), kLegalBases.end(), text);
  if (text.empty() || found == kLegalBases.end()) return std::nullopt;
  return static_cast<LegalBasis>(found - kLegalBases.begin());
}

State parse_state(std::string_view text) {
  const auto* const found = std::find(kStates.begin(), kStates.end(), text);
  if (text.empty() || found == kStates.end()) return State::other;
  return static_cast<State>(found - kStates.begin());
}

std::string_view to_string(LegalBasis basis) {
  return kLegalBases[static_cast<std::size_t>(basis)];
}

std::string_view to_string(State state) { return kStates[static_cast<std::size_t>(state)]; }

bool denies_by_itself(const AccessRecord& record, Timestamp now) {
  return record.state != State::active || record.revoked_at_set || record.expiry.passed(now);
}

}  // namespace akgate
