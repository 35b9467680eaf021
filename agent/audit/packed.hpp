// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/data_types.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// How single values stand in the trail. Numbers on disk never change their meaning.

/// Stands where an entry has its kind.
inline constexpr std::uint8_t kTextRecord = 0;

/// A whole number with its sign as one without: small ones stay small.
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value) << 1U;
  return value < 0 ? ~bits : bits;
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) {
  const auto half = static_cast<std::int64_t>(value >> 1U);
  return (value & 1U) != 0 ? ~half : half;
}

[[nodiscard]] std::uint8_t number_of(Reason reason);
[[nodiscard]] std::optional<Reason> reason_of(std::uint8_t number);

/// The register's data types as bits, others as text.
struct PackedTypes {
  std::uint8_t known = 0;
  std::vector<std::string> others;
};
/// Of too many others, the last is `…`.
[[nodiscard]] PackedTypes pack_data_types(const DataTypes& types);
[[nodiscard]] bool unpack_data_types(const PackedTypes& packed, DataTypes& types);

/// A transaction-id of the register, `tid_` and 24 hex digits, is 12 bytes. Nothing for any other.
inline constexpr std::size_t kPackedIdBytes = 12;
[[nodiscard]] std::optional<std::string> pack_transaction_id(std::string_view id);
[[nodiscard]] std::string unpack_transaction_id(std::string_view packed);

/// The text, or its beginning and `…`: at most that many bytes, cut between characters.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t max_bytes);

}  // namespace akgate
