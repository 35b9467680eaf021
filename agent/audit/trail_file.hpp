// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_keys.hpp"
#include "audit/chain.hpp"
#include "base/result.hpp"

namespace akgate {

// A room's files are `<room>-<number>.trail`, numbered from 1 on: a head, and blocks behind it.

/// How a file begins.
struct FileHead {
  AuditRoom room = AuditRoom::allows;
  std::uint64_t number = 1;
  /// The oldest file that was kept when this one was begun. Of what lies between, none is missing
  /// by rights.
  std::uint64_t oldest = 1;
  ChainEnd before;  ///< Where the chain stood then.
  [[nodiscard]] bool operator==(const FileHead&) const = default;
};

inline constexpr std::size_t kFileHeadBytes = 8 + 1 + 3 * 8 + 2 * AuditMac().size();

[[nodiscard]] std::string encode_file_head(const AuditKeys& keys, const FileHead& head);
/// Nothing for what encode_file_head() did not make with these keys.
[[nodiscard]] std::optional<FileHead> decode_file_head(const AuditKeys& keys,
                                                       std::string_view bytes);

[[nodiscard]] std::string trail_file_name(AuditRoom room, std::uint64_t number);

/// The numbers of a room's files, sorted.
[[nodiscard]] Result<std::vector<std::uint64_t>> list_trail_files(const std::string& directory,
                                                                  AuditRoom room);

/// How much room each file, and all of a room together, may take. Of `max_bytes` a quarter is for
/// denials.
struct RoomBounds {
  std::uint64_t file_bytes;
  std::uint64_t files;
};
[[nodiscard]] RoomBounds bounds_of(AuditRoom room, std::uint64_t max_bytes);

/// No batch of the room may have more bytes.
[[nodiscard]] std::size_t max_batch_bytes(AuditRoom room, std::uint64_t max_bytes);

}  // namespace akgate
