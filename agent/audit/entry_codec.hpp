// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry.hpp"
#include "base/wire.hpp"

namespace akgate {

/// The packed form of a block's entries. A *record* is one of them, or a text that later ones refer
/// to: the names of controllers and Data Users, and transaction-ids that many share, stand once a
/// block, before the first entry that needs them. Times are relative to the block's.
class EntryEncoder {
 public:
  /// What add() gives at most, the seals of its records included.
  static constexpr std::size_t kMaxBytes = 2048;

  explicit EntryEncoder(Timestamp base) : base_(base) {}

  /// The records of the entry that stands at `place` in its block, from 0 on.
  [[nodiscard]] std::vector<std::string> add(const AuditEntry& entry, std::uint64_t place);

 private:
  using Records = std::vector<std::string>;
  struct Parts;
  void put_verdict(WireWriter& out, const AuditEntry& entry, const Parts& parts, Records& records);
  void put_reference(WireWriter& out, std::string_view text, Records& records);

  Timestamp base_;
  std::map<std::string, std::uint64_t, std::less<>> texts_;
};

/// Reads the records of one block in their order.
class EntryDecoder {
 public:
  enum class Found : std::uint8_t { entry, text, nonsense };

  EntryDecoder(Timestamp base, std::uint64_t first_sequence)
      : base_(base), first_sequence_(first_sequence) {}

  /// Nonsense, and `entry` unspecified, for what the encoder did not make.
  [[nodiscard]] Found take(std::string_view record, AuditEntry& entry);

 private:
  [[nodiscard]] bool take_entry(WireReader& in, AuditEntry& entry);
  [[nodiscard]] bool take_verdict(WireReader& in, unsigned flags, unsigned extras,
                                  AuditEntry& entry);
  [[nodiscard]] bool take_data_types(WireReader& in, bool others, DataTypes& types);
  [[nodiscard]] bool take_transaction_ids(WireReader& in, unsigned extras, std::string& ids);
  [[nodiscard]] bool take_reference(WireReader& in, std::string& text);

  Timestamp base_;
  std::uint64_t first_sequence_;
  std::vector<std::string> texts_;
};

}  // namespace akgate
