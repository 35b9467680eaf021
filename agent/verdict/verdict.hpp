// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/short_text.hpp"
#include "record/access_record.hpp"
#include "record/timestamp.hpp"
#include "record/transaction_id.hpp"

namespace akgate {

/// Why. `active` is the one allowance. Where several reasons to deny apply, the first of this list
/// wins; their order and spelling are the gate protocol's.
enum class Reason : std::uint8_t {
  active,
  blocked,
  malformed_key,
  not_found,
  revoked,
  expired,
  discovered,
  not_active,
  data_type_required,
  data_type_not_covered,
  controller_not_accepted,
  legal_basis_not_accepted,
  legal_basis_incomplete,
  explicit_consent_required,
  mpxn_malformed,
  mpxn_mismatch,
  mpxn_unverified,
  data_user_mismatch,
  data_user_suspended,
  data_user_terminated,
  data_user_unknown,
  data_user_unverified,
  register_unreachable,
  register_refused,
  register_malformed,
  stale,
  clock_untrusted,
  timeout,
  overloaded,
  not_cached
};

/// The protocol's word for a reason: `register-unreachable`, ….
[[nodiscard]] std::string_view to_string(Reason reason);

/// Where a verdict comes from.
enum class Source : std::uint8_t {
  local,     ///< Decided without any record.
  cache,     ///< From memory or disk, fresh enough.
  grace,     ///< The register does not answer, within the grace period.
  register_  ///< Asked just now.
};

/// `local`, `cache`, `grace`, `register`.
[[nodiscard]] std::string_view to_string(Source source);

/// The answer to a question, at one instant. Never kept: it is computed anew each time (I2 to I4).
struct Verdict {
  Reason reason = Reason::overloaded;
  Source source = Source::local;
  /// Since the register confirmed what this rests on. Nothing where it rests on no record, or where
  /// the record is dated after now, so that nobody can tell.
  std::optional<std::chrono::milliseconds> age;
  /// How much longer this very verdict may be relied on: until what it rests on is no longer fresh,
  /// or the record ends. Zero under grace, while the clock is not trusted, and for a denial that
  /// tells of a trouble which may pass (`*_unverified`, `register_*`, `stale`, …). Nothing where it
  /// rests on no record. Never negative.
  std::optional<std::chrono::milliseconds> good_for;
  /// How much longer the passing of time alone leaves all of it but its figures as it is:
  /// `good_for`, but under grace until that is over, where an asker asks again and is told the
  /// same. Never negative.
  std::chrono::milliseconds steady_for{0};
  /// Trusted time of the verdict; `until` is this plus `good_for`.
  Timestamp at{};
  Expiry expiry;
  /// Of what it rests on, comma-separated: record, binding and Data User.
  ShortText<3 * kMaxTransactionId + 2> transaction_id;

  [[nodiscard]] bool allows() const { return reason == Reason::active; }
};

}  // namespace akgate
