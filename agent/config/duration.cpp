// SPDX-License-Identifier: Apache-2.0
#include "config/duration.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.hpp"

namespace akgate {

namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  milliseconds length;
};

constexpr std::array kUnits = {
    Unit{"h", std::chrono::hours(1)},
    Unit{"m", std::chrono::minutes(1)},
    Unit{"s", std::chrono::seconds(1)},
    Unit{"ms", milliseconds(1)},
};

constexpr milliseconds kLongest = std::chrono::hours(24 * 3650);

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::uint64_t> count = parse_number(text.substr(0, digits));
  const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& candidate) {
    return candidate.name == text.substr(digits);
  });
  if (!count || unit == kUnits.end()) return std::nullopt;
  if (*count > static_cast<std::uint64_t>(kLongest / unit->length)) return std::nullopt;
  return unit->length * static_cast<milliseconds::rep>(*count);
}

std::string format_duration(milliseconds duration) {
  if (duration == milliseconds::zero()) return "0s";
  const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& candidate) {
    return duration % candidate.length == milliseconds::zero();
  });
  return std::to_string(duration / unit->length) + std::string(unit->name);
}

}  // namespace akgate
