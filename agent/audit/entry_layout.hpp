// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "audit/entry.hpp"

namespace akgate::entry_layout {

// What the two bytes behind an entry's kind, place and time say. Encoder's and decoder's alone.

// Flags, the first: source and mode, two bits each.
static_assert(static_cast<unsigned>(Source::register_) == 3);
static_assert(static_cast<unsigned>(Mode::fresh) == 2);
inline constexpr unsigned kModeShift = 2;
inline constexpr unsigned kHasKey = 1U << 4U;
inline constexpr unsigned kHasMeterPoint = 1U << 5U;
inline constexpr unsigned kHasAge = 1U << 6U;
inline constexpr unsigned kIsFolded = 1U << 7U;

// Extras, the second: how many transaction-ids stand there packed, and how many as references.
inline constexpr std::size_t kMaxPackedIds = 2;
inline constexpr std::size_t kMaxReferredIds = 3;
inline constexpr unsigned kReferredShift = 2;
inline constexpr unsigned kHasController = 1U << 4U;
inline constexpr unsigned kHasDuid = 1U << 5U;
inline constexpr unsigned kHasOtherTypes = 1U << 6U;
inline constexpr unsigned kHasDetail = 1U << 7U;

[[nodiscard]] inline bool is_verdict(AuditKind kind) {
  return kind == AuditKind::allow || kind == AuditKind::deny;
}

}  // namespace akgate::entry_layout
