// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "audit/audit_keys.hpp"
#include "audit/batch.hpp"
#include "audit/trail_reader.hpp"
#include "audit/trail_writer.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {

inline constexpr std::uint64_t kSmallest = 64ULL * 1024;  ///< audit.max-bytes; files of 4096.

inline AuditKeys audit_keys() { return AuditKeys::derive(Key256(Key256::Bytes{7})); }

inline Timestamp at_second(int second) {
  return parse_timestamp("2026-11-22T10:00:00Z").value() + std::chrono::seconds(second);
}

inline std::string tid(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return "tid_" + std::string(24 - digits.size(), '0') + digits;
}

/// An ALLOW as most are.
inline AuditEntry allow(int number) {
  AuditEntry entry;
  entry.kind = AuditKind::allow;
  entry.at = at_second(number);
  entry.last = entry.at;
  entry.uid = 1000;
  entry.key = Fingerprint{1, static_cast<std::uint8_t>(number)};
  entry.meter_point = MeterPointHash{2, static_cast<std::uint8_t>(number)};
  entry.source = Source::cache;
  entry.age = std::chrono::seconds(number);
  static_cast<void>(entry.data_types.add("HH-CONSUMPTION"));
  entry.controller = "Bright Energy Ltd";
  entry.transaction_id = tid(static_cast<std::uint64_t>(number));
  return entry;
}

inline AuditEntry deny(int number, Reason reason = Reason::revoked) {
  AuditEntry entry = allow(number);
  entry.kind = AuditKind::deny;
  entry.reason = reason;
  return entry;
}

inline std::string read_whole(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline void write_whole(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// What reading a room gave.
struct Reading {
  std::vector<AuditEntry> entries;
  std::optional<AuditFinding> finding;
  bool torn = false;
  ChainEnd end;
};

/// A trail in a directory of the test's own.
class TrailTest : public testing::Test {
 protected:
  [[nodiscard]] TrailWriter open(AuditRoom room = AuditRoom::allows,
                                 const std::optional<ChainEnd>& expected = std::nullopt) const {
    return TrailWriter::open({.directory = directory.path(), .room = room, .max_bytes = kSmallest},
                             audit_keys(), expected, at_second(1000))
        .value();
  }

  /// Appends the entries as one block.
  static void append(TrailWriter& writer, const std::vector<AuditEntry>& entries) {
    AuditBatch batch(max_batch_bytes(AuditRoom::allows, kSmallest));
    for (const AuditEntry& entry : entries) batch.add(entry);
    const Status status = writer.append(batch);
    ASSERT_TRUE(status) << status.error().what();
  }

  [[nodiscard]] Reading read(AuditRoom room = AuditRoom::allows,
                             const std::optional<ChainEnd>& expected = std::nullopt) const {
    auto reader = TrailReader::open(directory.path(), room, audit_keys(), expected).value();
    Reading reading;
    while (auto entry = reader.next()) reading.entries.push_back(*std::move(entry));
    reading.finding = reader.finding();
    reading.torn = reader.torn();
    reading.end = reader.end();
    return reading;
  }

  [[nodiscard]] std::string file(std::uint64_t number, AuditRoom room = AuditRoom::allows) const {
    return directory / trail_file_name(room, number);
  }

  const TemporaryDirectory directory{true};
};

}  // namespace akgate
