// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>

#include "config/config.hpp"
#include "config/duration.hpp"

namespace akgate {

namespace {

// Keys in use are asked for again in the last fifth of their freshness, so that nobody waits for
// them.
constexpr double kShareBeforeRefresh = 0.8;

std::string whole(double number) { return std::to_string(std::llround(number)); }

}  // namespace

RequestNeed worst_requests_per_second(const Config& config) {
  const double interval =
      kShareBeforeRefresh * std::chrono::duration<double>(config.freshness.fresh_for).count();
  const double per_second = config.cache.max_records / interval;
  const double allowed = config.register_.max_requests_per_second;
  std::string sentence =
      "Were all " + std::to_string(config.cache.max_records) +
      " records of cache.max-records in use, keeping each younger than freshness.fresh-for (" +
      format_duration(config.freshness.fresh_for) + ") would need " + whole(std::ceil(per_second)) +
      " requests a second at worst; register.max-requests-per-second allows " + whole(allowed);
  sentence += per_second <= allowed
                  ? "."
                  : ", enough for " + whole(std::floor(allowed * interval)) + " keys in use.";
  return {.per_second = per_second, .sentence = std::move(sentence)};
}

}  // namespace akgate
