// SPDX-License-Identifier: Apache-2.0
//
// What a day without change writes: the real desk, clerk and cache in simulated time, records that
// are asked for anew each 4.5 minutes, and all bytes that the process gives to the file system.
//
//   akgate_bench_flash [records [hours]]        default: a day of 10,000 and one of 1,000
#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/many_keys.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr milliseconds kFreshFor = minutes(5);
constexpr milliseconds kAskedEach = minutes(4) + std::chrono::seconds(30);
constexpr std::uint64_t kBytesPerRecordAndDay = 1000;  // 10 MB for 10,000, 1 MB for 1,000

/// Bytes of all write(), pwrite() and writev() of this process so far.
std::uint64_t bytes_written() {
  std::FILE* const file = std::fopen("/proc/self/io", "r");
  if (file == nullptr) std::abort();
  std::array<char, 64> line{};
  std::uint64_t bytes = 0;
  while (std::fgets(line.data(), line.size(), file) != nullptr) {
    if (std::sscanf(line.data(), "wchar: %" SCNu64, &bytes) == 1) break;
  }
  static_cast<void>(std::fclose(file));
  return bytes;
}

/// Asks for all keys anew, evenly spread, until the time is over. Gives how many were not allowed.
std::size_t ask_for(SimulatedAgent& agent, const std::vector<std::string>& keys,
                    milliseconds how_long) {
  const std::chrono::nanoseconds step = std::chrono::nanoseconds(kAskedEach) / keys.size();
  const BootTime end = agent.loop.now() + how_long;
  std::size_t denied = 0;
  for (std::size_t i = 0; agent.loop.now() < end; i = (i + 1) % keys.size()) {
    const Question question = SimulatedAgent::question_about(keys[i], Mode::fresh);
    agent.desk->ask(question, std::chrono::seconds(2), 0, [&, question](const Settled& settled) {
      if (!agent.desk->verdict(question, settled).allows()) ++denied;
    });
    agent.time_passes(step);
  }
  agent.time_passes(std::chrono::seconds(2));
  return denied;
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

/// Whether it stayed within its target.
bool measure(std::size_t records, hours how_long) {
  SimulatedAgent agent;
  agent.max_records = records + records / 10;
  agent.settings.policy.freshness.fresh_for = kFreshFor;
  agent.settings.max_requests_per_second = 2000;
  agent.crashes_and_restarts();
  const std::vector<std::string> keys = make_keys(records);
  for (const std::string& key : keys) agent.register_has(key);

  std::size_t denied = ask_for(agent, keys, kAskedEach);
  const std::uint64_t before = bytes_written();
  const int requests = agent.register_.requests;
  denied += ask_for(agent, keys, how_long);
  const std::uint64_t written = bytes_written() - before;
  const int confirmations = agent.register_.requests - requests;

  agent.clerk->flush();
  agent.stop();
  const auto start = std::chrono::steady_clock::now();
  const auto store =
      Store::open({.directory = agent.directory.path(), .max_records = agent.max_records},
                  agent.keys(), Log(LogLevel::warning, LogFormat::text));
  const double opened_in = milliseconds_since(start);
  if (!store) std::abort();
  const std::size_t kept = (*store)->size();
  const auto hours_passed = static_cast<std::uint64_t>(how_long.count());
  const std::uint64_t target = records * kBytesPerRecordAndDay * hours_passed / 24;
  std::printf("%zu records, %d confirmations in %ju h: %.2f MB written, target %.2f MB: %s\n",
              records, confirmations, static_cast<std::uintmax_t>(hours_passed),
              static_cast<double>(written) / 1e6, static_cast<double>(target) / 1e6,
              written <= target ? "kept" : "MISSED");
  std::printf("  %zu kept, %zu denied; ledger %ju bytes; opened again in %.1f ms\n", kept, denied,
              static_cast<std::uintmax_t>(std::filesystem::file_size(agent.directory / "ledger")),
              opened_in);
  return written <= target && denied == 0 && kept == records;
}

}  // namespace
}  // namespace akgate

int main(int count, char** words) {
  constexpr std::chrono::hours kDay{24};
  if (count < 2) {
    const bool many_kept = akgate::measure(10'000, kDay);
    return akgate::measure(1'000, kDay) && many_kept ? 0 : 1;
  }
  const auto how_long = count > 2 ? std::chrono::hours(std::stol(words[2])) : kDay;
  return akgate::measure(std::stoul(words[1]), how_long) ? 0 : 1;
}
