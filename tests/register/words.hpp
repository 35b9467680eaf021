// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace akgate::sandbox {

/// `prefix` followed by 24 random lower-case hex digits, the form of every identifier that the
/// register gives out.
[[nodiscard]] std::string new_identifier(std::string_view prefix);
/// Whether `text` is `prefix` followed by 24 lower-case hex digits.
[[nodiscard]] bool is_identifier(std::string_view prefix, std::string_view text);

/// The published MPxN pattern, or 6 to 13 digits as the reference server takes them.
[[nodiscard]] bool is_mpxn(std::string_view text);

/// An RFC 3339 timestamp of a day and time that exist (leap seconds as :60).
[[nodiscard]] bool is_timestamp(std::string_view text);
/// YYYY-MM-DD of a day that exists.
[[nodiscard]] bool is_date(std::string_view text);
[[nodiscard]] bool is_http_url(std::string_view text);

/// "250ms", "30s", "5m", "36h", "2d", with a leading '-' where `negative` is allowed. At most ten
/// years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                                      bool negative = false);

}  // namespace akgate::sandbox
