// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "cache/sealing.hpp"
#include "cache/stored_record.hpp"
#include "platform/log.hpp"

namespace akgate {

/// Which sealing of a value: the first 8 of the random bytes that it was sealed with. Whatever is
/// written again has another, so what was said of the old value is never taken for the new one's,
/// and no slot lends anything to what stands in it next (I5). 0 for what is too short for one.
using SealId = std::uint64_t;

[[nodiscard]] SealId seal_id(std::string_view sealed);

/// How fresh the values in the cache are: "the register said so again, then" changes all the time
/// while what it says hardly ever does. So it is kept apart, in one packed file
/// (`<directory>/ledger`) that is written as a whole now and then. Losing any of it makes what it
/// confirms as old as it stands in the cache, which is stricter, never looser (I6).
///
/// Bounded: where there is no room for more, the oldest confirmations go. Threads: Store's matter.
class Ledger {
 public:
  /// A confirmation as it stands in the file, by the thousands, and in memory, where reading them
  /// at each start is then no work.
  struct Row {
    std::uint64_t key = 0;              ///< Seal and part.
    std::uint32_t seconds = 0;          ///< Since 2020, which lasts until 2156. 0: gone.
    std::array<std::uint8_t, 12> id{};  ///< The hex digits of a transaction-id of the register.
  };

  /// `rows` by key.
  explicit Ledger(std::size_t room, std::vector<Row> rows = {})
      : room_(room), rows_(std::move(rows)) {}

  /// What a value tells of, apart from one another.
  enum class Part : std::uint8_t { knowledge, binding, data_user };

  /// Whether a row can say so: most can but those with a transaction-id that is not `tid_` and 24
  /// hex digits, or none.
  [[nodiscard]] static bool can_hold(Timestamp as_of, std::string_view transaction_id);

  /// That part of the value was said again: asked for at `as_of`, which is kept in whole seconds,
  /// rounded down.
  void confirm(SealId seal, Part part, Timestamp as_of, std::string_view transaction_id);

  /// The value is gone.
  void drop_seal(SealId seal);

  /// Gives what stands under that seal its newest dates and transaction-ids.
  void freshen(SealId seal, StoredRecord& record) const;
  void freshen(SealId seal, StoredDataUser& data_user) const;

  /// What is confirmed, by key.
  [[nodiscard]] std::vector<Row> rows() const;

 private:
  [[nodiscard]] const Row* find(std::uint64_t key) const;
  template <typename Known>
  void freshen_part(SealId seal, Part part, Known& known) const;
  void add(const Row& row);
  void take_up_news();
  void drop_oldest();

  std::size_t room_;
  std::vector<Row> rows_;  ///< By key.
  std::vector<Row> news_;  ///< Those of late that are not among these, by key: not many.
};

/// Reads the ledger beside the cache whose newest transaction is `newest`, in bounded time. It is
/// sealed in pieces of some hundred rows. One that is damaged, cut, made under another device key,
/// or from after `newest` (the cache alone was set back) is not believed, which the log is told,
/// and costs these rows (I7).
[[nodiscard]] Ledger read_ledger(const std::string& directory, std::size_t room,
                                 std::uint64_t newest, Sealer& sealer, const Log& log);

/// Writes it as a whole or not at all; durable when it returns. `transaction`: the newest of the
/// cache.
[[nodiscard]] Status write_ledger(const std::string& directory, std::span<const Ledger::Row> rows,
                                  std::uint64_t transaction, Sealer& sealer);

}  // namespace akgate
