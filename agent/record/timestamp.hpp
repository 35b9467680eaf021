// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace akgate {

/// An instant in UTC, to the millisecond. Good for years 0000 to 9999.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Reads an RFC 3339 date-time in full: any offset, any number of fractional digits (what is finer
/// than a millisecond is cut off, which makes an expiry earlier, never later), `T` and `Z` in
/// either case, leap days. A leap second (`:60`) is taken only at 23:59:60 UTC and means the second
/// before. Nothing for a date that does not exist, a missing offset, or text before or behind it.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text);

/// `2026-11-22T10:05:00Z`: whole seconds, rounded down. Years outside 0000 to 9999 are clamped.
[[nodiscard]] std::string format_timestamp(Timestamp at);

/// The same without memory of its own, ended by NUL.
using TimestampText = std::array<char, 21>;
[[nodiscard]] TimestampText spell_timestamp(Timestamp at);

}  // namespace akgate
