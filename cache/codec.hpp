// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "cache/stored_record.hpp"
#include "record/time_mark.hpp"

namespace akgate {

/// The binary form of what is kept, before sealing. One byte of version, then the fields in a fixed
/// order: enumerators as numbers of their own (not the compiler's), instants as milliseconds in 8
/// bytes, counts and lengths as 7-bit groups, the register's data types as a bit each and those we
/// never heard of as text.
///
/// Decoding takes exactly what encoding makes, byte for byte, and nothing else: no second form of
/// the same thing, no number out of range, nothing behind the end.
inline constexpr std::uint8_t kFormatVersion = 1;

/// No record is longer than this when encoded: sealed, two of them fit a page of LMDB's, so that
/// none needs a page of its own. A usual one has a hundred bytes.
inline constexpr std::size_t kMaxEncodedRecord = 1920;

/// A record too large to keep is kept without its lists and not `complete`, which can deny and
/// never allow (I1): whoever registers monsters must not keep the agent from remembering denials.
[[nodiscard]] Secret encode_record(const StoredRecord& record);
[[nodiscard]] std::optional<StoredRecord> decode_record(std::string_view bytes);

[[nodiscard]] std::string encode_data_user(const StoredDataUser& data_user);
[[nodiscard]] std::optional<StoredDataUser> decode_data_user(std::string_view bytes);

[[nodiscard]] std::string encode_time_mark(const TimeMark& mark);
[[nodiscard]] std::optional<TimeMark> decode_time_mark(std::string_view bytes);

}  // namespace akgate
