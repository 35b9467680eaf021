// SPDX-License-Identifier: Apache-2.0
//
// What a day of releases writes to the audit trail: 10,000 keys asked each half hour, in simulated
// time, through the desk's and the writer's side of the trail; all bytes that the process gives to
// the file system, and the blocks of 4 KiB that this dirties.
//
//   akgate_bench_audit [keys]        default: 10,000
#include <array>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "audit/audit_trail.hpp"
#include "tests/support/simulated_loop.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kTarget = 40'000'000;
constexpr std::uint64_t kTargetPerAllow = 64;
constexpr int kRounds = 48;

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

std::string transaction_id(int number) {
  std::array<char, 32> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "tid_%024d", number));
  return text.data();
}

/// Asks for all keys in each round, spread over `run` of its half hour.
bool measure(const char* name, int keys, std::chrono::nanoseconds run) {
  const TemporaryDirectory directory(true);
  const AuditKeys audit_keys = AuditKeys::derive(random_key());
  const Log log(LogLevel::error, LogFormat::text);
  SimulatedLoop loop;
  AuditTrail trail({.directory = directory.path(), .max_bytes = 64U << 20U, .sync = 5s},
                   {.desk = loop, .writer = loop, .keys = audit_keys, .log = log}, std::nullopt);
  Question question;
  static_cast<void>(question.data_types.add("HH-CONSUMPTION"));
  question.controller = "Bright Energy Ltd";
  Verdict verdict;
  verdict.reason = Reason::active;
  verdict.source = Source::cache;
  const Timestamp midnight = parse_timestamp("2026-11-22T00:00:00Z").value();
  const BootTime start = loop.now();
  const std::uint64_t before = bytes_written();
  std::uint64_t blocks = 0;
  std::uint64_t last_written = 0;
  std::chrono::nanoseconds on_desk{0};
  const auto count_blocks = [&] {
    if (trail.bytes_written() == last_written) return;
    // Where in its block of 4 KiB each write begins is as good as any.
    blocks += trail.bytes_written() / 4096 - last_written / 4096 + 1;
    last_written = trail.bytes_written();
  };
  for (int round = 0; round < kRounds; ++round) {
    loop.pass(start + round * 30min - loop.now());
    count_blocks();
    for (int key = 0; key < keys; ++key) {
      loop.pass(run / keys);
      count_blocks();
      verdict.at = midnight + std::chrono::floor<std::chrono::milliseconds>(loop.now() - start);
      verdict.age = std::chrono::seconds(key % 900);
      verdict.transaction_id = transaction_id(round / 2 * keys + key);
      question.mpxn = std::to_string(1'000'000'000'000 + key);
      Fingerprint fingerprint{};
      for (std::size_t i = 0; i < 4; ++i) {
        fingerprint[i] = static_cast<std::uint8_t>(static_cast<unsigned>(key) >> 8U * i);
      }
      const auto noting = std::chrono::steady_clock::now();
      trail.note(question, verdict, {.uid = 1000, .key = fingerprint});
      on_desk += std::chrono::steady_clock::now() - noting;
    }
  }
  loop.pass(10s);
  count_blocks();
  const std::uint64_t written = bytes_written() - before;
  const auto allows = static_cast<std::uint64_t>(keys) * kRounds;
  const bool kept = written <= kTarget && written <= kTargetPerAllow * allows &&
                    trail.losses() == 0 && trail.head().allows.sequence == allows;
  std::printf("%s: %ju ALLOWs, %.2f MB written (%.1f bytes each), target 40 MB and 64 bytes: %s\n",
              name, static_cast<std::uintmax_t>(allows), static_cast<double>(written) / 1e6,
              static_cast<double>(written) / static_cast<double>(allows), kept ? "kept" : "MISSED");
  std::printf("  in blocks of 4 KiB, as a file system without compression dirties them: %.1f MB\n",
              static_cast<double>(blocks) * 4096 / 1e6);
  std::printf("  on the desk: %.2f us each\n",
              static_cast<double>(on_desk.count()) / 1e3 / static_cast<double>(allows));
  return kept;
}

}  // namespace
}  // namespace akgate

int main(int count, char** words) {
  const int keys = count > 1 ? std::stoi(words[1]) : 10'000;
  const bool burst =
      akgate::measure("each half hour within ten minutes", keys, std::chrono::minutes(10));
  return akgate::measure("spread evenly over the day", keys, std::chrono::minutes(30)) && burst ? 0
                                                                                                : 1;
}
