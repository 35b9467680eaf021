// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace akgate {

/// A span of time for a person, in its two greatest units: `3 days 4 hours`, `40 minutes`.
[[nodiscard]] std::string spell_duration(std::chrono::seconds span);

/// `1 key`, `4000 keys`.
[[nodiscard]] std::string spell_count(std::uint64_t count, std::string_view noun);

}  // namespace akgate
