// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "cache/stored_record.hpp"

namespace akgate {

/// Which sealing of a value: the first 8 of the random bytes that it was sealed with. Whatever is
/// written again has another, so what was said of the old value is never taken for the new one's,
/// and no slot lends anything to what stands in it next (I5). 0 for what is too short for one.
using SealId = std::uint64_t;

[[nodiscard]] SealId seal_id(std::string_view sealed);

/// What a value tells of, apart from one another.
enum class LedgerPart : std::uint8_t { knowledge, binding, data_user };

/// A confirmation as it stands in the file, by the thousands, and in memory, where reading them is
/// then no work.
struct LedgerRow {
  std::uint64_t key = 0;              ///< Seal and part.
  std::uint32_t seconds = 0;          ///< Since 2020, which lasts until 2156. 0: gone.
  std::array<std::uint8_t, 12> id{};  ///< The hex digits of a transaction-id of the register.

  [[nodiscard]] static std::uint64_t key_of(SealId seal, LedgerPart part) {
    return seal ^ static_cast<std::uint64_t>(part);
  }
  /// The row that says so; nothing where none can: of a transaction-id that is not `tid_` and 24
  /// hex digits, or of a date outside its years. `as_of` is kept in whole seconds, rounded down.
  [[nodiscard]] static std::optional<LedgerRow> of(std::uint64_t key, Timestamp as_of,
                                                   std::string_view transaction_id);

  [[nodiscard]] static bool can_hold(Timestamp as_of, std::string_view transaction_id) {
    return of(0, as_of, transaction_id).has_value();
  }

  [[nodiscard]] Timestamp as_of() const;
  [[nodiscard]] std::string transaction_id() const;
};
static_assert(sizeof(LedgerRow) == 24 && std::is_trivially_copyable_v<LedgerRow>);

/// For finding them where they stand by key.
[[nodiscard]] inline bool stands_before(const LedgerRow& row, std::uint64_t key) {
  return row.key < key;
}

/// Gives what stands under that seal the date and transaction-id of each row that `find` finds by
/// its key.
template <typename Find>
void freshen(SealId seal, StoredRecord& record, const Find& find) {
  const auto freshen_part = [&](LedgerPart part, auto& known) {
    const std::optional<LedgerRow> row = find(LedgerRow::key_of(seal, part));
    if (!row) return;
    known.as_of = row->as_of();
    known.transaction_id = row->transaction_id();
  };
  if (record.knowledge) freshen_part(LedgerPart::knowledge, *record.knowledge);
  if (record.binding) freshen_part(LedgerPart::binding, *record.binding);
}

template <typename Find>
void freshen(SealId seal, StoredDataUser& data_user, const Find& find) {
  const std::optional<LedgerRow> row = find(LedgerRow::key_of(seal, LedgerPart::data_user));
  if (!row) return;
  data_user.standing.as_of = row->as_of();
  data_user.standing.transaction_id = row->transaction_id();
}

}  // namespace akgate
