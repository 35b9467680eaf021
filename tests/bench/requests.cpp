// SPDX-License-Identifier: Apache-2.0
//
// How many requests a day of use costs the register, beside the least that could do: the real agent
// in simulated time at the default limits, after three rounds or a day with the same keys.
//
//   akgate_bench_requests [keys]        default: 10,000
#include <algorithm>
#include <cstdio>

#include "tests/bench/many_keys.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kDay{24};

struct Pattern {
  const char* name;
  minutes each;    ///< All keys are asked for once within this,
  seconds within;  ///< in a run of this length.
  bool keep_warm;
};

constexpr Pattern kPatterns[] = {
    {.name = "asked for every 5 minutes",
     .each = minutes(5),
     .within = minutes(5),
     .keep_warm = true},
    {.name = "each half hour", .each = minutes(30), .within = minutes(2), .keep_warm = true},
    {.name = "each night", .each = kDay, .within = minutes(20), .keep_warm = true},
    {.name = "each night, keep-warm off", .each = kDay, .within = minutes(20), .keep_warm = false},
};

/// A request of a key whenever it is asked for and the last is older than `fresh-for`; and what
/// keeps it warm.
std::int64_t least_requests_a_day(const Pattern& pattern, const Freshness& freshness) {
  const auto between = std::max<std::chrono::milliseconds>(pattern.each, freshness.fresh_for);
  const std::int64_t for_questions = std::chrono::milliseconds(kDay) / between;
  const std::int64_t to_keep_warm = std::chrono::milliseconds(kDay) / (freshness.grace / 4);
  return pattern.keep_warm ? std::max(for_questions, to_keep_warm) : for_questions;
}

struct Asked {
  std::size_t questions = 0;
  std::size_t at_once = 0;
};

Asked ask_for(ManyKeys& world, const Pattern& pattern, std::chrono::nanoseconds how_long) {
  Asked asked;
  const BootTime begin = world.agent.loop.now();
  const std::chrono::nanoseconds step =
      std::chrono::nanoseconds(pattern.within) / world.keys.size();
  for (BootTime run = begin; run < begin + how_long; run += pattern.each) {
    for (std::size_t i = 0; i < world.keys.size(); ++i) {
      const BootTime due = run + step * i;
      if (due > world.agent.loop.now()) world.agent.time_passes(due - world.agent.loop.now());
      if (world.ask(i)) ++asked.at_once;
      ++asked.questions;
    }
    const BootTime next = std::min<BootTime>(run + pattern.each, begin + how_long);
    if (next > world.agent.loop.now()) world.agent.time_passes(next - world.agent.loop.now());
  }
  return asked;
}

void measure(const Pattern& pattern, std::size_t keys) {
  ManyKeys world(keys, pattern.keep_warm);
  static_cast<void>(ask_for(world, pattern, std::max<minutes>(kDay, 3 * pattern.each)));
  const int before = world.agent.register_.requests;
  const Asked asked = ask_for(world, pattern, kDay);
  const auto requests = static_cast<double>(world.agent.register_.requests - before);
  const auto least =
      static_cast<double>(keys) *
      static_cast<double>(least_requests_a_day(pattern, world.agent.settings.policy.freshness));
  std::printf(
      "%zu keys, %s: %.0f requests a day, at least %.0f needed: %.2f times that; %.2f %% of "
      "%zu questions allowed at once\n",
      keys, pattern.name, requests, least, requests / least,
      100.0 * static_cast<double>(asked.at_once) / static_cast<double>(asked.questions),
      asked.questions);
  static_cast<void>(std::fflush(stdout));
}

}  // namespace
}  // namespace akgate

int main(int count, char** words) {
  for (const akgate::Pattern& pattern : akgate::kPatterns) {
    akgate::measure(pattern, count > 1 ? std::stoul(words[1]) : 10'000);
  }
}
