// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "record/json.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// The envelope of every answer of the register: `response`.
struct Envelope {
  /// Empty where missing, or unfit for a reply line: 1 to 64 visible ASCII characters but `,` and
  /// `%`.
  std::string transaction_id;
  std::optional<Timestamp> timestamp;  ///< The register's own clock, where it told.
};

/// Parses an answer of the register, which is always one JSON object.
[[nodiscard]] Result<JsonDocument> parse_answer(std::string_view body,
                                                std::size_t max_bytes = JsonDocument::kMaxBytes);

/// Takes what makes sense of an answer's `response`.
[[nodiscard]] Envelope read_envelope(JsonView response);

/// Reads the body of a 404: "no such thing" only with the register's own envelope, `response` with
/// a `transaction-id` and a non-empty `errors`. A gateway's 404 is an error here, and says nothing
/// about what was asked for.
[[nodiscard]] Result<Envelope> read_not_found(std::string_view body);

}  // namespace akgate
