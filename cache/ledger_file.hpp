// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cache/ledger_row.hpp"
#include "cache/sealing.hpp"
#include "platform/log.hpp"
#include "platform/random_access_file.hpp"

namespace akgate {

/// The ledger as it stands beside the cache (`<directory>/ledger`): rows by key, sealed in pieces
/// of some hundred. A piece that is damaged, cut, made under another device key, or from after the
/// cache's newest transaction (the cache alone was set back) is not believed, and costs its rows
/// (I7); until all of it is read, those too whose search meets it. Any thread, each with a sealer
/// of its own.
class LedgerFile {
 public:
  /// In bounded time. `newest`: the cache's newest transaction. Nothing where there is no ledger,
  /// or none that can be read or fits into `room` rows, which the log is told.
  [[nodiscard]] static std::optional<LedgerFile> open(const std::string& directory,
                                                      std::size_t room, std::uint64_t newest,
                                                      const Log& log);

  /// The row of that key. Opens a piece or three: at the start of an agent nobody waits for all of
  /// them. Where one of those is not believed, nothing.
  [[nodiscard]] std::optional<LedgerRow> find(std::uint64_t key, Sealer& sealer) const;

  /// All rows that are believed, by key. If those are not all, the log is told.
  [[nodiscard]] std::vector<LedgerRow> read(Sealer& sealer, const Log& log) const;

 private:
  LedgerFile(std::string path, RandomAccessFile file, std::uint64_t size, std::uint64_t newest);
  [[nodiscard]] std::uint64_t pieces() const;
  [[nodiscard]] bool read_piece(std::uint64_t piece, Sealer& sealer,
                                std::vector<LedgerRow>& rows) const;

  std::string path_;
  RandomAccessFile file_;
  std::uint64_t size_;
  std::uint64_t newest_;
};

/// Writes it as a whole or not at all; durable when it returns. `rows` by key. `transaction`: the
/// newest of the cache.
[[nodiscard]] Status write_ledger(const std::string& directory, std::span<const LedgerRow> rows,
                                  std::uint64_t transaction, Sealer& sealer);

}  // namespace akgate
