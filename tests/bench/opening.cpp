// SPDX-License-Identifier: Apache-2.0
//
// How long a cache takes to open whose records have all been confirmed since they were written.
//
//   akgate_bench_opening [records]        default: 100,000
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "cache/store.hpp"
#include "tests/bench/full_cache.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

constexpr double kTargetMilliseconds = 50;
constexpr int kRounds = 15;
constexpr Timestamp kThen = std::chrono::sys_days{std::chrono::year{2027} / 5 / 1};

/// Whether it stayed within its target.
bool measure(std::size_t records) {
  const TemporaryDirectory directory;
  const DeviceKeys keys = DeviceKeys::derive(Key256(Key256::Bytes{7}));
  const Log log(LogLevel::warning, LogFormat::text);
  const Store::Settings settings{.directory = directory.path(), .max_records = records};
  {
    const auto store = Store::open(settings, keys, log);
    if (!store || !fill(**store, keys, records, kThen)) std::abort();
  }
  std::vector<double> took;
  const std::clock_t worked = std::clock();
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const auto store = Store::open(settings, keys, log);
    const auto passed = std::chrono::steady_clock::now() - start;
    if (!store || (*store)->size() != records) std::abort();
    took.push_back(std::chrono::duration<double, std::milli>(passed).count());
  }
  std::sort(took.begin(), took.end());
  const double median = took[took.size() / 2];
  const double work =
      1000.0 * static_cast<double>(std::clock() - worked) / CLOCKS_PER_SEC / kRounds;
  std::printf(
      "%zu records opened in %.1f ms (median of %d; least %.1f), %.1f ms of it work; target "
      "%.0f ms: %s\n",
      records, median, kRounds, took.front(), work, kTargetMilliseconds,
      median <= kTargetMilliseconds ? "kept" : "MISSED");
  return median <= kTargetMilliseconds;
}

}  // namespace
}  // namespace akgate

int main(int count, char** words) {
  return akgate::measure(count > 1 ? std::stoul(words[1]) : 100'000) ? 0 : 1;
}
