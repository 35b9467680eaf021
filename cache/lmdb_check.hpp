// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "cache/lmdb_file.hpp"

namespace akgate {

/// How much of the records' tree is looked at. The rest of the file always is.
enum class Extent : std::uint8_t {
  inner_pages,  ///< All but its leaves: a hundredth of the file. Enough to know that each leaf is
                ///< in one place of the tree only.
  all_pages     ///< What must be known before LMDB may write.
};

/// Whether a state of the file is as LMDB would have left it, so that LMDB cannot be made to read
/// or write outside its pages: heads and nodes within bounds, nodes packed, keys in order, trees as
/// deep as they say, and no page in two places, be it twice in a tree or both in a tree and free
/// (I6, I7). What a page holds beyond that is not its matter: values are sealed.
///
/// `records` names the one tree that the main tree holds beside plain values; its keys have
/// `key_size` bytes. Time is bounded: no page is read twice.
[[nodiscard]] Status check_pages(const LmdbFile& file, const LmdbSnapshot& snapshot,
                                 std::string_view records, std::size_t key_size, Extent extent);

}  // namespace akgate
