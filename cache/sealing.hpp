// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cache/keys.hpp"
#include "cache/stored_record.hpp"
#include "platform/crypto.hpp"
#include "record/time_mark.hpp"

namespace akgate {

/// Seals what is kept, each kind and each key's record with associated data of its own: a value
/// that was altered, or that stands where another belongs, does not open (I7). One thread at a
/// time.
class Sealer {
 public:
  explicit Sealer(const DeviceKeys& keys) : keys_(keys), aead_(keys.sealing()) {}

  [[nodiscard]] std::string seal(const IndexKey& index, const StoredRecord& record);
  /// Nothing too where the access key inside is not the one whose hash `index` is.
  [[nodiscard]] std::optional<StoredRecord> open(const IndexKey& index, std::string_view sealed);

  [[nodiscard]] std::string seal(const IndexKey& index, const StoredDataUser& data_user);
  /// Nothing too where it is another Data User's.
  [[nodiscard]] std::optional<StoredDataUser> open_data_user(const IndexKey& index,
                                                             std::string_view sealed);

  [[nodiscard]] std::string seal_mark(const TimeMark& mark);
  [[nodiscard]] std::optional<TimeMark> open_mark(std::string_view sealed);

  /// The ledger's packed form (ledger_file.hpp).
  [[nodiscard]] std::string seal_ledger(std::string_view plain);
  [[nodiscard]] std::optional<std::string> open_ledger(std::string_view sealed);

  /// What the operator has blocked (blocks.hpp).
  [[nodiscard]] std::string seal_blocks(std::string_view plain);
  [[nodiscard]] std::optional<std::string> open_blocks(std::string_view sealed);

  /// How far the trail of decisions had come.
  [[nodiscard]] std::string seal_audit_head(std::string_view plain);
  [[nodiscard]] std::optional<std::string> open_audit_head(std::string_view sealed);

  /// The number of the transaction that wrote it: a state of the file proves by it which one it is.
  [[nodiscard]] std::string seal_transaction(std::uint64_t transaction);
  [[nodiscard]] std::optional<std::uint64_t> open_transaction(std::string_view sealed);

 private:
  [[nodiscard]] std::optional<std::string> open_plain(std::string_view sealed, char kind);

  DeviceKeys keys_;
  Aead aead_;
};

}  // namespace akgate
