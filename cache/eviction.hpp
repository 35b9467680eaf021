// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "cache/environment.hpp"
#include "cache/sealing.hpp"
#include "record/knowledge.hpp"

namespace akgate {

/// For whom room is made.
enum class Newcomer : std::uint8_t { active, not_active };

[[nodiscard]] Newcomer newcomer(const Knowledge& knowledge);

/// Removes up to `count` records, each the one least worth keeping of a few met at a random place:
/// what cannot be opened, then what denies, then what allows, the oldest knowledge first. Constant
/// work for each, however many there are. For a newcomer that is not active no active record goes.
/// Gives 0 or LMDB's failure; `evicted` becomes how many went.
[[nodiscard]] int evict(const WriteTransaction& transaction, Sealer& sealer, Newcomer newcomer,
                        std::size_t count, std::size_t& evicted);

}  // namespace akgate
