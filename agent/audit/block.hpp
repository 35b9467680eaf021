// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_keys.hpp"
#include "audit/batch.hpp"
#include "audit/chain.hpp"

namespace akgate {

// A block is what one write gives to a file:
//
//   head    length of the body (4 bytes, the lowest first), 4 bytes of keyed hash over it
//   body    first entry's sequence (count), time base (8 bytes), then records, each:
//           its length (count), its bytes, 4 bytes of keyed hash over these and the block's first
//           sequence and time base
//   seal    16 bytes of keyed hash over the seal before and the body: the chain
//
// The records' own hashes name the very entry that was altered, and tell a gap from an alteration;
// what makes forging hopeless is the seal. The head's hash tells a block that a power cut left
// short from one whose length was altered.

inline constexpr std::size_t kBlockHeadBytes = 8;
inline constexpr std::size_t kBlockSealBytes = AuditMac().size();
/// No block is longer.
inline constexpr std::size_t kMaxBlockBytes = 512 * 1024;
/// What a block takes beside its records.
inline constexpr std::size_t kBlockOverhead = kBlockHeadBytes + 9 + 8 + kBlockSealBytes;

/// The block that holds the batch, to stand behind `end`, which moves on.
[[nodiscard]] std::string seal_block(const AuditKeys& keys, AuditRoom room, const AuditBatch& batch,
                                     ChainEnd& end);

/// How long the block is that begins with this head; nothing where the head is not ours.
[[nodiscard]] std::optional<std::size_t> block_size(const AuditKeys& keys, AuditRoom room,
                                                    std::string_view head);

/// What is wrong with a block.
struct BlockFault {
  enum class Kind : std::uint8_t { altered, missing, reordered };
  Kind kind = Kind::altered;
  std::uint64_t sequence = 0;  ///< The first entry that is not as it was written.
  /// What could not be read lies at the end of the bytes there are, short or never filled: so a
  /// power cut leaves a block that was being written.
  bool at_torn_end = false;
};

/// What a block says.
struct BlockReading {
  /// Those before the fault.
  std::vector<AuditEntry> entries;
  /// Authentic ones behind it, whatever their order.
  std::vector<AuditEntry> others;
  ChainEnd end;  ///< Where there is no fault.
  std::optional<BlockFault> fault;
};

/// Reads the block that should stand behind `before`. `bytes` begin with it, and end with it or
/// where the file ends.
[[nodiscard]] BlockReading read_block(const AuditKeys& keys, AuditRoom room, const ChainEnd& before,
                                      std::string_view bytes);

}  // namespace akgate
