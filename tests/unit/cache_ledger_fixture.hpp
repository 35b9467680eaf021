// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cache/ledger.hpp"
#include "cache_support.hpp"

namespace akgate {

inline constexpr const char* kLater = "tid_0123456789abcdef01234567";

inline StoredRecord said_again(StoredRecord record, Timestamp as_of) {
  record.knowledge->as_of = as_of;
  record.knowledge->transaction_id = kLater;
  return record;
}

inline Binding bound(Timestamp as_of) {
  return {.mpxn = *Mpxn::parse("1234567890123"),
          .word = Binding::Word::listed,
          .identity_record_ref = "ir_1",
          .as_of = as_of,
          .transaction_id = kLater};
}

inline Store::Entry binding_entry(std::uint64_t number, Timestamp as_of) {
  return {.index = index_of(number),
          .record = {.key = access_key(number), .knowledge = {}, .binding = bound(as_of)}};
}

inline StoredDataUser data_user(Timestamp as_of, DataUserStatus status = DataUserStatus::active) {
  return {.duid = *Duid::parse("duid_1"),
          .standing = {.status = status, .as_of = as_of, .transaction_id = kLater}};
}

class LedgerTest : public testing::Test {
 protected:
  void reopen() {
    store.reset();
    store = open_store(directory, log, max_records);
  }
  /// Until the first write what is asked for is looked up in the file; then all of it is read, and
  /// the log told if not all is believed.
  void read_whole() const { ASSERT_TRUE(store->erase(index_of(1'000'000))); }
  [[nodiscard]] bool confirm(const StoredRecord& record) const {
    return store->confirm(entry(record));
  }
  /// The date of what stands there; nothing where nothing does.
  [[nodiscard]] std::optional<Timestamp> date(std::uint64_t number) const {
    const auto found = store->find(index_of(number));
    return found ? std::optional(found->knowledge->as_of) : std::nullopt;
  }
  [[nodiscard]] std::string file() const { return directory.path("ledger"); }

  std::size_t max_records = 100'000;
  const TempDirectory directory;
  const LogFile log;
  std::unique_ptr<Store> store = open_store(directory, log);
};

}  // namespace akgate
