// SPDX-License-Identifier: Apache-2.0
#include "cli/pace.hpp"

#include "base/assert.hpp"
#include "cli/spell.hpp"
#include "config/duration.hpp"

namespace akgate {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

// As far as a duration goes; and a nanosecond's count holds it.
constexpr milliseconds kLongest = std::chrono::hours(24 * 3652);

}  // namespace

Result<milliseconds> time_until(std::string_view by, Timestamp now) {
  std::optional<milliseconds> time = parse_duration(by);
  if (!time) {
    const std::optional<Timestamp> at = parse_timestamp(by);
    if (!at) {
      return Error(
          "--by must be a time such as 2026-11-22T06:00:00Z, or a duration such as 30m or 8h");
    }
    time = *at - now;
  }
  if (*time <= milliseconds(0)) return Error("--by names a time that is over");
  if (*time > kLongest) return Error("--by is more than ten years away");
  return *time;
}

nanoseconds interval_for(std::size_t keys, milliseconds time) {
  AKGATE_ASSERT(keys > 0);
  return nanoseconds(time) / static_cast<nanoseconds::rep>(keys);
}

std::optional<std::string> warn_of_pace(std::size_t keys, milliseconds time,
                                        std::uint32_t max_per_second) {
  const auto in_time =
      static_cast<std::uint64_t>(time.count()) * max_per_second / milliseconds::period::den;
  if (keys <= in_time) return std::nullopt;
  const seconds needed_time(keys / max_per_second + 1);
  const auto needed_rate =
      keys * milliseconds::period::den / static_cast<std::size_t>(time.count());
  return "there is not time enough: " + spell_count(keys, "key") + " at " +
         spell_count(max_per_second, "request") +
         " a second (register.max-requests-per-second) take " + spell_duration(needed_time) +
         ", and questions to the gate come on top. It would take " +
         std::to_string(needed_rate + 1) +
         " a second, or a later --by; keys that are known and "
         "fresh need no request";
}

}  // namespace akgate
