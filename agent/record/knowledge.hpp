// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "record/access_record.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// The last thing the register said about an access key: a record, or "no such record".
struct Knowledge {
  std::optional<AccessRecord> record;  ///< Nothing: the register said that there is no such record.
  /// Trusted time at which the request was *sent*: what changed after that may be missing here.
  Timestamp as_of{};
  std::string transaction_id;  ///< `tid_…`, for the audit trail; empty where a denial came without.
};

/// Whether this knowledge is final in the register's own terms: revoked, for which there is no way
/// back. A later ACTIVE for the same key is a lagging replica or a fault (I5).
[[nodiscard]] bool is_revoked(const Knowledge& knowledge);

/// What the agent holds on to after the register said `fresh` about a key of which `known` (null:
/// nothing) was known. Flights are one a key, so `fresh` was always sent for later than `known`.
/// Revocation stays (with the transaction-id of the answer that told it, dated anew, so that a
/// register that has forgotten it is not asked again at each question); everything else gives way
/// to what was said last.
[[nodiscard]] Knowledge adopt(const Knowledge* known, Knowledge fresh);

/// Whether `adopted` takes away anything that `known` (null: nothing) granted: a denial, an earlier
/// end, other data types, another basis, arrangement or controllers, another identity record or
/// Data User. Of all changes to an active record only a later end is known to take nothing away.
/// Such a change must be on disk before any reply that reveals it (I5). What was never granted
/// cannot be taken away: for a key never seen active this is false.
[[nodiscard]] bool takes_away(const Knowledge* known, const Knowledge& adopted);

}  // namespace akgate
