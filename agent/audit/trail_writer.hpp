// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "audit/audit_keys.hpp"
#include "audit/batch.hpp"
#include "audit/chain.hpp"
#include "audit/trail_file.hpp"
#include "audit/trail_reader.hpp"
#include "base/result.hpp"
#include "platform/writable_file.hpp"

namespace akgate {

/// Writes one room: appends blocks, begins new files and removes the oldest. One at a time over all
/// processes, on one thread.
class TrailWriter {
 public:
  struct Settings {
    std::string directory;  ///< There already.
    AuditRoom room = AuditRoom::allows;
    std::uint64_t max_bytes = 0;  ///< Of both rooms.
  };

  /// Finds the end of the chain in the newest file. What a power cut left torn behind it is cut
  /// off, and an entry of that written. Where the trail was altered, or ends before `expected`, it
  /// is left as it stands, and a new file begins with an entry of that. These are dated `now`.
  [[nodiscard]] static Result<TrailWriter> open(Settings settings, const AuditKeys& keys,
                                                const std::optional<ChainEnd>& expected,
                                                Timestamp now);

  /// Durable when it returns. After an error, call it with the same batch again: nothing of it
  /// counts until then.
  [[nodiscard]] Status append(const AuditBatch& batch);

  [[nodiscard]] const ChainEnd& end() const { return end_; }
  /// What was not as it had been left; empty: all was.
  [[nodiscard]] const std::string& finding() const { return finding_; }
  /// Bytes given to the file system so far.
  [[nodiscard]] std::uint64_t bytes_written() const { return bytes_written_; }

 private:
  TrailWriter(Settings settings, const AuditKeys& keys)
      : settings_(std::move(settings)), keys_(keys) {}

  [[nodiscard]] Status recover(const std::optional<ChainEnd>& expected, Timestamp now);
  [[nodiscard]] Status go_on_in_newest(const TrailReader& reader, Timestamp now);
  [[nodiscard]] Status note(AuditKind kind, std::string detail, Timestamp now);
  [[nodiscard]] Status begin_file();
  void remove_oldest() const;
  [[nodiscard]] std::string path_of(std::uint64_t number) const;

  Settings settings_;
  AuditKeys keys_;
  ChainEnd end_;
  std::string finding_;
  std::uint64_t newest_ = 0;  ///< The number of the newest file; 0: there is none.
  std::uint64_t oldest_ = 1;
  std::optional<WritableFile> file_;  ///< Nothing: the next block begins a new one.
  std::uint64_t size_ = 0;            ///< How much of it counts.
  std::uint64_t bytes_written_ = 0;
};

}  // namespace akgate
