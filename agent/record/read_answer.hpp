// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "record/access_key.hpp"
#include "record/access_record.hpp"
#include "record/read_envelope.hpp"

namespace akgate {

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

}  // namespace akgate
