// SPDX-License-Identifier: Apache-2.0
#include "cli/spell.hpp"

#include <algorithm>
#include <array>

namespace akgate {

namespace {

struct Unit {
  std::string_view name;
  std::chrono::seconds length;
};

constexpr std::array kUnits = {
    Unit{.name = "day", .length = std::chrono::hours(24)},
    Unit{.name = "hour", .length = std::chrono::hours(1)},
    Unit{.name = "minute", .length = std::chrono::minutes(1)},
    Unit{.name = "second", .length = std::chrono::seconds(1)},
};

}  // namespace

std::string spell_count(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string spell_duration(std::chrono::seconds span) {
  span = std::max(span, std::chrono::seconds(0));
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end() - 1,
                                  [span](const Unit& u) { return u.length <= span; });
  const auto times = [](std::chrono::seconds of, const Unit& u) {
    return spell_count(static_cast<std::uint64_t>(of / u.length), u.name);
  };
  std::string text = times(span, *unit);
  const std::chrono::seconds rest = span % unit->length;
  if (++unit != kUnits.end() && rest >= unit->length) text += " " + times(rest, *unit);
  return text;
}

}  // namespace akgate
