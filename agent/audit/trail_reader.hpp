// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/audit_keys.hpp"
#include "audit/block.hpp"
#include "audit/chain.hpp"
#include "audit/trail_file.hpp"
#include "base/result.hpp"
#include "platform/random_access_file.hpp"

namespace akgate {

/// What is wrong with the trail.
struct AuditFinding {
  enum class Kind : std::uint8_t {
    altered,    ///< The entry, or what seals it.
    missing,    ///< The entry, and maybe others behind it.
    reordered,  ///< The entry stands elsewhere, or twice.
    unreadable  ///< The file that holds it cannot be read.
  };
  Kind kind = Kind::altered;
  AuditRoom room = AuditRoom::allows;
  std::uint64_t sequence = 0;  ///< The first entry that is not as it was written.
  std::string file;            ///< Where; the name without its directory.
};

/// Reads the entries of one room, oldest first, and checks all that is sealed. Behind a fault it
/// goes on with the next file: what is found first counts. The agent may write and rotate
/// meanwhile.
class TrailReader {
 public:
  enum class From : std::uint8_t { oldest, newest };

  /// `expected`: where the trail had come to at some time before, as is known from elsewhere.
  [[nodiscard]] static Result<TrailReader> open(const std::string& directory, AuditRoom room,
                                                const AuditKeys& keys,
                                                const std::optional<ChainEnd>& expected,
                                                From from = From::oldest);

  /// The next entry; nothing at the end.
  [[nodiscard]] std::optional<AuditEntry> next();

  // At the end:
  [[nodiscard]] const std::optional<AuditFinding>& finding() const { return finding_; }
  /// The newest block is not whole: a power cut, or the agent is writing it.
  [[nodiscard]] bool torn() const { return torn_; }
  /// Behind the last block that is as it was written.
  [[nodiscard]] const ChainEnd& end() const { return end_; }
  /// Where that is in the newest file; 0 where that has no such block and no proper head.
  [[nodiscard]] std::uint64_t end_offset() const { return offset_; }
  /// The number of the newest file; 0 where there is none.
  [[nodiscard]] std::uint64_t newest() const { return files_.empty() ? 0 : files_.back(); }
  /// That of the oldest that the newest has to do with.
  [[nodiscard]] std::uint64_t oldest() const { return oldest_; }

 private:
  TrailReader(std::string directory, AuditRoom room, const AuditKeys& keys)
      : directory_(std::move(directory)), room_(room), keys_(keys) {}

  void open_next_file();
  void join(const FileHead& head);
  void read_next_block();
  [[nodiscard]] std::optional<std::string> read_bytes(std::size_t most) const;
  void take(BlockReading&& reading, std::size_t size);
  [[nodiscard]] bool stands_later(std::uint64_t sequence);
  void find(AuditFinding::Kind kind, std::uint64_t sequence, std::uint64_t number);
  void compare_with_expected();
  void finish();

  std::string directory_;
  AuditRoom room_;
  AuditKeys keys_;
  std::optional<ChainEnd> expected_;
  std::vector<std::uint64_t> files_;
  std::size_t next_file_ = 0;
  std::uint64_t oldest_ = 1;
  std::optional<RandomAccessFile> file_;
  std::uint64_t file_size_ = 0;
  std::uint64_t offset_ = 0;
  ChainEnd end_;
  bool in_chain_ = false;  ///< Whether what comes next must join end_.
  bool finished_ = false;
  std::deque<AuditEntry> entries_;
  std::optional<AuditFinding> finding_;
  bool torn_ = false;
};

}  // namespace akgate
