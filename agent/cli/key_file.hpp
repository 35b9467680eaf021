// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "record/access_key.hpp"
#include "record/mpxn.hpp"

namespace akgate {

/// A line of a file of access keys.
struct KeyLine {
  std::size_t number;  ///< In the file, from 1.
  AccessKey key;
  std::optional<Mpxn> mpxn;  ///< In a file of bindings.
};

enum class KeyFileKind : std::uint8_t {
  keys,     ///< A key a line; what stands behind it is ignored, so that bindings will do.
  bindings  ///< A key and its meter point a line.
};

/// How long a file of keys may be: some 400,000 lines.
inline constexpr std::size_t kMaxKeyFileBytes = std::size_t{16} << 20U;

/// Reads a file of keys, which others may not read, or the standard input where the path is `-`.
[[nodiscard]] Result<Secret> read_key_file(const std::string& path);

/// Takes its text apart. Words stand apart by blanks or one comma; empty lines and what follows a
/// `#` are nothing; a key that stands again is left out. All is checked before anything is done
/// with it: the error has a line for each fault, `name:line: …`, at most 20, and never what stands
/// there (I9).
[[nodiscard]] Result<std::vector<KeyLine>> parse_key_file(std::string_view text,
                                                          std::string_view name, KeyFileKind kind);

}  // namespace akgate
