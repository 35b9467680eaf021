// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// How long it is until `by`: an RFC 3339 time, or a duration such as `30m`. An error where it is
/// neither, or over.
[[nodiscard]] Result<std::chrono::milliseconds> time_until(std::string_view by, Timestamp now);

/// From one request to the next, so that `keys` (at least 1) take `time` and the last reply has its
/// share of it too.
[[nodiscard]] std::chrono::nanoseconds interval_for(std::size_t keys,
                                                    std::chrono::milliseconds time);

/// A sentence where `keys` cannot be asked for within `time` at the greatest rate that
/// `register.max-requests-per-second` allows: what it would take. Nothing where they can.
[[nodiscard]] std::optional<std::string> warn_of_pace(std::size_t keys,
                                                      std::chrono::milliseconds time,
                                                      std::uint32_t max_per_second);

}  // namespace akgate
