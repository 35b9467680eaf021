// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "cache/ledger_row.hpp"

namespace akgate {

/// How fresh the values in the cache are: "the register said so again, then" changes all the time
/// while what it says hardly ever does. So it is kept apart, in one packed file (ledger_file.hpp)
/// that is written as a whole now and then. Losing any of it makes what it confirms as old as it
/// stands in the cache, which is stricter, never looser (I6).
///
/// Bounded: where there is no room for more, the oldest confirmations go. Threads: Store's matter.
class Ledger {
 public:
  using Row = LedgerRow;
  using Part = LedgerPart;

  /// `rows` by key.
  explicit Ledger(std::size_t room, std::vector<Row> rows = {})
      : room_(room), rows_(std::move(rows)) {}

  /// Some part of a value was said again.
  void confirm(const Row& row);

  /// The value is gone.
  void drop_seal(SealId seal);

  [[nodiscard]] std::optional<Row> find(std::uint64_t key) const;
  /// Gives what stands under that seal its newest dates and transaction-ids.
  template <typename Stored>
  void freshen(SealId seal, Stored& stored) const {
    akgate::freshen(seal, stored, [this](std::uint64_t key) { return find(key); });
  }

  /// What is confirmed, by key.
  [[nodiscard]] std::vector<Row> rows() const;

 private:
  void add(const Row& row);
  void take_up_news();
  void drop_oldest();

  std::size_t room_;
  std::vector<Row> rows_;  ///< By key.
  std::vector<Row> news_;  ///< Those of late that are not among these, by key: not many.
};

}  // namespace akgate
