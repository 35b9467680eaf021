// SPDX-License-Identifier: Apache-2.0
//
// From the start of akgated, its exec included, to its first answer from the cache, with a full
// cache and a register that cannot be reached.
//
//   akgate_bench_start [records [rounds]]        default: 100,000, 15 rounds
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "platform/clock.hpp"
#include "tests/bench/full_cache.hpp"
#include "tests/integration/stage.hpp"
#include "tests/support/temporary_directory.hpp"
#include "time/trusted_time.hpp"

namespace akgate {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr Milliseconds kTarget{30};
constexpr Milliseconds kAtMost{10'000};
constexpr std::chrono::microseconds kBetweenTries{100};

void write_configuration(const TemporaryDirectory& directory) {
  std::string text = R"({ "register": { "url": "http://127.0.0.1:9/v1" },
    "cache": { "directory": "@/cache", "device-key-file": "@/cache/device.key" },
    "audit": { "directory": "@/audit" }, "gate": { "socket": "@/gate.sock" },
    "control": { "socket": "@/control.sock" } })";
  for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@')) {
    text.replace(at, 1, directory.path());
  }
  write_whole_file(directory / "akgated.json", text);
}

/// As an agent leaves it whose last word from the register is a minute old.
void fill_cache(const TemporaryDirectory& directory, std::size_t records) {
  const SystemClock clock;
  const auto keys = DeviceKeys::load_or_make(directory / "cache/device.key");
  if (!keys) std::abort();
  const auto store = Store::open(
      {.directory = directory / "cache", .max_records = std::max<std::size_t>(records, 1)}, *keys,
      Log(LogLevel::warning, LogFormat::text));
  const ClockReading now = clock.read();
  TrustedTime time({}, read_boot_id(), now, std::nullopt);
  static_cast<void>(time.attest(now.wall, now));
  if (!store || !fill(**store, *keys, records, now.wall - std::chrono::minutes(1)) ||
      !(*store)->put_time_mark(time.mark(now))) {
    std::abort();
  }
}

/// Nothing where it did not answer as it should, which it has said then.
Milliseconds first_answer(const TemporaryDirectory& directory, std::size_t key) {
  const auto start = Clock::now();
  Process agent({.arguments = {AKGATE_BIN_DIR "/akgated", "--config", directory / "akgated.json"},
                 .output = directory / "akgated.log",
                 .environment = {}});
  while (Clock::now() - start < kAtMost) {
    Asker asker(directory / "gate.sock");
    if (!asker.connected()) {
      std::this_thread::sleep_for(kBetweenTries);
      continue;
    }
    const std::string reply =
        asker.ask("CHECK " + access_key_text(key) + " data-type=HH-CONSUMPTION");
    const Milliseconds took = Clock::now() - start;
    if (!reply.starts_with("ALLOW reason=active source=cache ")) {
      std::fprintf(stderr, "not the expected answer: %s\n", reply.c_str());
      return kAtMost;
    }
    agent.signal(SIGTERM);
    static_cast<void>(agent.wait(std::chrono::seconds(10)));
    return took;
  }
  std::fprintf(stderr, "no answer: %s\n", read_whole_file(directory / "akgated.log").c_str());
  return kAtMost;
}

int measure(std::size_t records, std::size_t rounds) {
  const TemporaryDirectory directory;
  write_configuration(directory);
  fill_cache(directory, records);
  std::vector<Milliseconds> took;
  for (std::size_t round = 0; round < rounds; ++round) {
    took.push_back(first_answer(directory, round * records / rounds));
    if (took.back() == kAtMost) return 1;
  }
  std::sort(took.begin(), took.end());
  const Milliseconds median = took[took.size() / 2];
  std::printf("records=%zu median=%.1f least=%.1f most=%.1f target=%.0f\n", records, median.count(),
              took.front().count(), took.back().count(), kTarget.count());
  return 0;
}

}  // namespace
}  // namespace akgate

int main(int count, char** words) {
  return akgate::measure(count > 1 ? std::stoul(words[1]) : 100'000,
                         count > 2 ? std::stoul(words[2]) : 15);
}
