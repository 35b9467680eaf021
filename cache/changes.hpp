// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/environment.hpp"
#include "cache/keys.hpp"
#include "cache/ledger.hpp"
#include "cache/sealing.hpp"
#include "cache/stored_record.hpp"
#include "record/time_mark.hpp"

namespace akgate {

/// The changes to the cache, each a step within a transaction. All give 0 or LMDB's failure, and
/// add to `gone` what they replace or remove. What is written again takes its newest dates along
/// from the ledger.
class Changes {
 public:
  /// What it works with outlives it.
  struct Parts {
    const Environment& environment;
    const WriteTransaction& transaction;
    Sealer& sealer;
    const Ledger& ledger;
    std::vector<SealId>& gone;
  };
  explicit Changes(Parts parts) : parts_(parts) {}

  // As Store's functions of these names.
  [[nodiscard]] int put(const IndexKey& index, StoredRecord record, std::size_t max_records);
  [[nodiscard]] int erase(const IndexKey& index);
  [[nodiscard]] int unbind(const IndexKey& index);
  [[nodiscard]] int clear();
  [[nodiscard]] int put_data_user(const IndexKey& index, const StoredDataUser& data_user,
                                  std::size_t max_data_users);

  [[nodiscard]] int put_time_mark(const TimeMark& mark);
  static constexpr const char* kTimeMark = "time-mark";
  [[nodiscard]] int put_audit_head(std::string_view head);
  static constexpr const char* kAuditHead = "audit-head";

  /// Removes up to so many records, for one that is worth as much as any.
  [[nodiscard]] int make_room(std::size_t count);

 private:
  [[nodiscard]] int make_room_for(const StoredRecord& record, std::size_t max_records,
                                  bool& has_room);
  [[nodiscard]] std::optional<StoredRecord> open(const IndexKey& index, std::string_view sealed);

  const Parts parts_;
};

/// In the main tree's names: what the index of a Data User is put behind.
[[nodiscard]] std::string name_of_data_user(const IndexKey& index);

}  // namespace akgate
