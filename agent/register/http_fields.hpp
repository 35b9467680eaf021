// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "record/timestamp.hpp"

namespace akgate {

/// Values of HTTP header fields, without blanks around them. What makes no sense is nothing: none
/// of these fields may decide about a key.

/// An IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`: the one form that servers may send (RFC 9110,
/// section 5.6.7). The name of the day is not held against the date.
[[nodiscard]] std::optional<Timestamp> parse_http_date(std::string_view text);

/// Retry-After (RFC 9110, section 10.2.3): seconds, or a date, which counts from `date`, the
/// answer's own. A date that is not after it is nothing.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(
    std::string_view text, std::optional<Timestamp> date);

/// Age (RFC 9111, section 5.1): seconds; nothing for an empty text. What is there and is no number,
/// a list among it, is the greatest age: somebody in between says that the answer is not new.
[[nodiscard]] std::optional<std::chrono::seconds> parse_age(std::string_view text);

}  // namespace akgate
