// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/access_record.hpp"
#include "record/data_types.hpp"

namespace akgate {

/// Whether a question's part is looked at.
enum class Demand : std::uint8_t { off, when_given, required };

/// How long what the register said may be used (I3, I4). Zero is "not at all", never "for ever".
struct Freshness {
  std::chrono::milliseconds fresh_for{std::chrono::minutes(15)};
  std::chrono::milliseconds grace{std::chrono::hours(24)};
  /// Per legal basis where set, in place of `grace`; indexed by LegalBasis.
  std::array<std::optional<std::chrono::milliseconds>, 8> grace_by_legal_basis{};
  std::chrono::milliseconds not_found_for{std::chrono::minutes(1)};
  std::chrono::milliseconds denied_for{std::chrono::hours(1)};

  [[nodiscard]] std::chrono::milliseconds grace_of(LegalBasis basis) const {
    return grace_by_legal_basis[static_cast<std::size_t>(basis)].value_or(grace);
  }
  /// Of those that are no none; zero where all are.
  [[nodiscard]] std::chrono::milliseconds shortest_grace() const {
    std::chrono::milliseconds shortest = grace;
    for (const auto& of_basis : grace_by_legal_basis) {
      const std::chrono::milliseconds own = of_basis.value_or(shortest);
      const bool shorter = own < shortest || shortest == std::chrono::milliseconds::zero();
      if (own > std::chrono::milliseconds::zero() && shorter) shortest = own;
    }
    return shortest;
  }
};

/// What the provider demands beyond the register's own rules.
struct Policy {
  bool require_data_type = true;
  std::vector<std::string> controllers;  ///< Empty: any.
  std::vector<LegalBasis> legal_bases;   ///< Empty: all six.
  DataTypes explicit_consent_data_types;
  Demand mpxn = Demand::when_given;
  Demand data_user = Demand::when_given;
  /// Whether we have an account with the register, without which it tells nothing about Data Users.
  bool has_account = false;
  Freshness freshness;
};

}  // namespace akgate
