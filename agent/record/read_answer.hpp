// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "record/access_key.hpp"
#include "record/access_record.hpp"

namespace akgate {

/// The envelope of every answer of the register: `response`.
struct Envelope {
  /// Empty where missing, or unfit for a reply line: 1 to 64 visible ASCII characters but `,` and
  /// `%`.
  std::string transaction_id;
  std::optional<Timestamp> timestamp;  ///< The register's own clock, where it told.
};

/// The 200 answer to "verify" (operation 3), read.
struct VerifyAnswer {
  Envelope envelope;
  AccessRecord record;
  /// What kept the record from being complete, for the log: JSON paths and what is wrong with them,
  /// never values. Empty where the record is complete.
  std::string missing;
};

/// Reads the body of a 200 answer to "verify". Reading is lenient towards what denies and strict
/// towards what allows: a state, a `revoked-at` or an expiry is taken from however ragged an
/// answer; the record is `complete` only if everything the provider's checklist reads is there, of
/// the right type, once.
///
/// An error, that is an answer which makes no sense and says nothing about the key:
///  - not one JSON document (text behind it, `\u0000` in a string, nesting deeper than 32, not
///  UTF-8, over 256 KiB),
///  - a key that stands twice, or beside one that differs in case only, in an object that decides,
///  - `record-identifier` naming another key (checklist item 9),
///  - no `access-event` object in an `access-record` object. Where there is no `access-record` at
///  all, a bare
///    `access-event` beside `response` is read too, for what denies: such an answer is never
///    complete.
[[nodiscard]] Result<VerifyAnswer> read_verify_answer(std::string_view body,
                                                      const AccessKey& asked);

/// Reads the body of a 404: "no such record" only with the register's own envelope, `response` with
/// a `transaction-id` and a non-empty `errors`. A gateway's 404 is an error here, and says nothing
/// about the key.
[[nodiscard]] Result<Envelope> read_not_found(std::string_view body);

}  // namespace akgate
