// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/data_types.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// `access-event.state`. `missing` covers null too; `other` is any word that the register may
/// invent.
enum class State : std::uint8_t { missing, active, expired, revoked, discovered, other };

/// `processing.legal-basis`. `missing` covers null too.
enum class LegalBasis : std::uint8_t {
  missing,
  uk_consent,
  uk_explicit_consent,
  uk_legitimate_interests,
  uk_public_task,
  uk_legal_obligation,
  uk_contract,
  other
};

/// `access-event.consent.consent-type`. `missing` covers a null consent and any other word.
enum class ConsentType : std::uint8_t { missing, expressed_consent, explicit_consent };

/// `controller-arrangement.arrangement-type`. Missing or unknown counts as joint, the strictest.
enum class Arrangement : std::uint8_t { joint, sole, group };

/// The register's spelling, and back; `other` and `missing` have none (empty).
[[nodiscard]] std::optional<LegalBasis> parse_legal_basis(std::string_view text);
[[nodiscard]] std::string_view to_string(LegalBasis basis);
/// The same for the states: any word that the register never published is `other`.
[[nodiscard]] State parse_state(std::string_view text);
[[nodiscard]] std::string_view to_string(State state);

/// `access-event.expiry`: an instant, null ("never"), or not there, which is not the same as null.
struct Expiry {
  enum class Kind : std::uint8_t { missing, never, at };
  Kind kind = Kind::missing;
  Timestamp at{};  ///< Meaningful for Kind::at only.

  [[nodiscard]] static Expiry never() { return {.kind = Kind::never}; }
  [[nodiscard]] static Expiry at_instant(Timestamp when) { return {.kind = Kind::at, .at = when}; }
  /// Whether the record has ended at `now`: at its expiry it has (I2).
  [[nodiscard]] bool passed(Timestamp now) const { return kind == Kind::at && at <= now; }
  [[nodiscard]] bool operator==(const Expiry&) const = default;
};

/// What the provider's checklist reads of a register's AccessRecord, and nothing else of it: no
/// purpose, no addresses, no notices.
struct AccessRecord {
  State state = State::missing;
  bool revoked_at_set = false;  ///< A `revoked-at` denies whatever the state says.
  Expiry expiry;
  LegalBasis legal_basis = LegalBasis::missing;
  ConsentType consent_type = ConsentType::missing;
  Arrangement arrangement = Arrangement::joint;
  std::vector<std::string> controllers;  ///< Names as the register has them.
  std::optional<std::size_t> lead;       ///< Index into `controllers` of the sole or lead entry.
  bool lead_has_lia_reference = false;
  bool lead_has_statutory_reference = false;
  DataTypes data_types;
  std::string identity_record_ref;  ///< `ir_…`, empty where there is none.
  std::string duid;                 ///< The Data User, empty where the register names none.
  /// Whether everything that the checklist reads was there and made sense. Without it a record can
  /// deny but never allow (I1).
  bool complete = false;

  [[nodiscard]] bool operator==(const AccessRecord&) const = default;
};

/// Whether the record denies whatever the question is: not active, revoked, or ended at `now`. Such
/// a record is knowledge however incomplete it is; an incomplete one that does not deny by itself
/// is an answer that makes no sense (`register-malformed`) and is not adopted.
[[nodiscard]] bool denies_by_itself(const AccessRecord& record, Timestamp now);

}  // namespace akgate
