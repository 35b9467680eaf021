// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "cache/environment.hpp"
#include "cache/sealing.hpp"

namespace akgate {

/// For whom room is made.
enum class Newcomer : std::uint8_t { active, not_active };

/// Whether the operator bound it, which nobody else could say again.
[[nodiscard]] bool is_bound(const StoredRecord& record);

[[nodiscard]] Newcomer newcomer(const StoredRecord& record);

/// Removes one Data User, whichever stands behind a random place, of those whose names in the main
/// tree begin with `prefix`. Gives 0 or LMDB's failure.
[[nodiscard]] int evict_data_user(const WriteTransaction& transaction, std::string_view prefix);

/// Removes up to `count` records, each the one least worth keeping of a few met at a random place:
/// what cannot be opened, then what denies, then what allows, the oldest knowledge first; never
/// what the operator bound. Constant work for each, however many there are. For a newcomer that is
/// not active no active record goes. Gives 0 or LMDB's failure; `evicted` becomes how many went.
[[nodiscard]] int evict(const WriteTransaction& transaction, Sealer& sealer, Newcomer newcomer,
                        std::size_t count, std::size_t& evicted);

}  // namespace akgate
