// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/entry.hpp"
#include "audit/entry_codec.hpp"

namespace akgate {

/// Entries of one room that go to disk together, as one block. Held packed, some 50 bytes each.
class AuditBatch {
 public:
  /// What a record costs beside its own bytes: its length, and its seal.
  static constexpr std::size_t kPerRecord = 2 + 4;

  explicit AuditBatch(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  [[nodiscard]] bool empty() const { return entries_ == 0; }
  [[nodiscard]] std::uint64_t entries() const { return entries_; }
  /// Whether one more entry, of whatever size, has room.
  [[nodiscard]] bool has_room() const {
    return bytes_ + reserved_ + EntryEncoder::kMaxBytes <= max_bytes_;
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] bool is_half_full() const { return bytes_ + reserved_ >= max_bytes_ / 2; }

  /// There must be room.
  void add(const AuditEntry& entry);

  /// Keeps room for an entry that says, but for times and counts, what another one here says; there
  /// must be room. And adds such an entry.
  void reserve() { reserved_ += kRepeatBytes; }
  void add_reserved(const AuditEntry& entry);

  [[nodiscard]] Timestamp base() const { return base_; }
  [[nodiscard]] const std::vector<std::string>& records() const { return records_; }

 private:
  /// Of a record all of whose texts stand in the block already.
  static constexpr std::size_t kRepeatBytes = 256;

  void put(const AuditEntry& entry);

  std::size_t max_bytes_;
  std::size_t reserved_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t entries_ = 0;
  Timestamp base_{};  ///< The first entry's time.
  std::optional<EntryEncoder> encoder_;
  std::vector<std::string> records_;
};

}  // namespace akgate
