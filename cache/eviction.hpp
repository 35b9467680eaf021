// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "cache/environment.hpp"
#include "cache/ledger.hpp"
#include "cache/sealing.hpp"

namespace akgate {

/// For whom room is made.
enum class Newcomer : std::uint8_t { active, not_active };

/// Whether the operator bound it, which nobody else could say again.
[[nodiscard]] bool is_bound(const StoredRecord& record);

[[nodiscard]] Newcomer newcomer(const StoredRecord& record);

/// Removes one Data User, whichever stands behind a random place, of those whose names in the main
/// tree begin with `prefix`. Gives 0 or LMDB's failure; what went is added to `gone`.
[[nodiscard]] int evict_data_user(const WriteTransaction& transaction, std::string_view prefix,
                                  std::vector<SealId>& gone);

/// What tells records that are worth keeping from those that are not.
struct Appraiser {
  Sealer& sealer;
  const Ledger& ledger;
};

/// Removes up to `count` records, each the one least worth keeping of a few met at a random place:
/// what cannot be opened, then what denies, then what allows, the oldest knowledge first; never
/// what the operator bound. Constant work for each, however many there are. For a newcomer that is
/// not active no active record goes. Gives 0 or LMDB's failure; what went is added to `gone`.
[[nodiscard]] int evict(const WriteTransaction& transaction, Appraiser appraiser, Newcomer newcomer,
                        std::size_t count, std::vector<SealId>& gone);

}  // namespace akgate
