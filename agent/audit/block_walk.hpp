// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "audit/block.hpp"

namespace akgate {

inline constexpr std::size_t kTagBytes = 4;

/// A keyed hash over something in a block. `mark` says what it is; with the room it stands before
/// it, so that none counts as another.
[[nodiscard]] std::string begin_message(char mark, AuditRoom room);
[[nodiscard]] std::string tag_of(const AuditKeys& keys, std::string_view message);

/// Makes and checks the records' hashes of one block.
class RecordTags {
 public:
  /// `beginning`: the body's, before its first record.
  RecordTags(const AuditKeys& keys, AuditRoom room, std::string_view beginning);
  [[nodiscard]] std::string of(std::string_view record);

 private:
  const AuditKeys& keys_;
  std::string message_;
  std::size_t common_;
};

/// Goes through a block's body record by record, when it is made.
class BlockWalk {
 public:
  /// The block in `bytes`, which have a whole head at least, should stand behind `before`; its body
  /// ends at `body_end`, be that there or not.
  BlockWalk(const AuditKeys& keys, AuditRoom room, const ChainEnd& before, std::string_view bytes,
            std::size_t body_end);

  [[nodiscard]] BlockReading& reading() { return reading_; }
  /// The sequence of the entry that would come next.
  [[nodiscard]] std::uint64_t expected() const { return expected_; }
  /// Where what is at fault ends, or would end.
  [[nodiscard]] std::size_t fault_end() const { return fault_end_; }

 private:
  [[nodiscard]] bool take_record(RecordTags& tags, EntryDecoder& decoder);
  void take_entry(AuditEntry&& entry, std::size_t end);
  void stop(std::size_t fault_end);

  std::string_view bytes_;
  std::size_t body_end_;
  std::size_t at_ = 0;
  std::uint64_t expected_;
  std::size_t fault_end_ = 0;
  BlockReading reading_;
};

}  // namespace akgate
