// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace akgate {

/// Reads a duration as the configuration writes it: a whole number and one unit of `ms`, `s`, `m`
/// (minutes) and `h`, nothing between or around them: `250ms`, `5m`, `24h`. Nothing for anything
/// else or for more than ten years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The same duration in the largest unit that needs no fraction.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace akgate
