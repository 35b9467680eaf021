// SPDX-License-Identifier: Apache-2.0
//
// How fresh the records are, kept apart from what they say.
#include "cache_ledger_fixture.hpp"

namespace akgate {
namespace {

// --- what it is for ------------------------------------------------------------------------------

TEST_F(LedgerTest, what_was_confirmed_counts_at_once_and_after_a_restart) {
  const IndexKey duid = device_keys().index_of(data_user({}).duid);
  ASSERT_TRUE(put_one(*store, active(1)));
  ASSERT_TRUE(put_one(*store, revoked(2)));
  ASSERT_TRUE(put_one(*store, active(3)));
  const std::array binding = {binding_entry(1, minute(0))};
  ASSERT_TRUE(store->put(binding));
  ASSERT_TRUE(store->put_data_user(duid, data_user(minute(0))));
  const std::string before = read_all(directory.data_file());

  ASSERT_TRUE(confirm(said_again(active(1), minute(5))));
  ASSERT_TRUE(confirm(said_again(active(1), minute(9))));
  ASSERT_TRUE(confirm(said_again(revoked(2), minute(8))));
  ASSERT_TRUE(store->confirm(binding_entry(1, minute(7))));
  ASSERT_TRUE(store->confirm_data_user(duid, data_user(minute(6))));
  ASSERT_TRUE(store->write_ledger());
  EXPECT_EQ(read_all(directory.data_file()), before) << "a confirmation wrote a record";
  for (int round = 0; round < 2; ++round) {
    const auto found = store->find(index_of(1));
    ASSERT_TRUE(found && found->binding);
    EXPECT_EQ(*found->knowledge, *said_again(active(1), minute(9)).knowledge);
    EXPECT_EQ(*found->binding, bound(minute(7)));
    EXPECT_EQ(store->find(index_of(2)), said_again(revoked(2), minute(8)));
    EXPECT_EQ(store->find(index_of(3)), active(3)) << "nobody asked again";
    EXPECT_EQ(store->find_data_user(duid)->standing, data_user(minute(6)).standing);
    reopen();
  }
  EXPECT_EQ(log.text(), "");
}

TEST_F(LedgerTest, I6_a_crash_costs_what_was_confirmed_since_it_was_written) {
  ASSERT_TRUE(put_one(*store, active(1)));
  ASSERT_TRUE(confirm(active(1, minute(5))));
  ASSERT_TRUE(store->write_ledger());
  ASSERT_TRUE(confirm(active(1, minute(9))));
  reopen();
  EXPECT_EQ(date(1), minute(5));
}

TEST_F(LedgerTest, is_written_only_when_something_was_confirmed) {
  ASSERT_TRUE(put_one(*store, active(1)));
  ASSERT_TRUE(store->write_ledger());
  EXPECT_FALSE(std::filesystem::exists(file()));
  ASSERT_TRUE(confirm(active(1, minute(5))));
  ASSERT_TRUE(store->write_ledger());
  std::filesystem::remove(file());
  ASSERT_TRUE(store->write_ledger());
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(LedgerTest, takes_some_twenty_bytes_a_record) {
  std::vector<Store::Entry> entries;
  for (std::uint64_t number = 0; number < 1000; ++number) entries.push_back(entry(active(number)));
  ASSERT_TRUE(store->put(entries));
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const Timestamp as_of = minute(60) + std::chrono::milliseconds(300 * number);
    ASSERT_TRUE(confirm(said_again(active(number), as_of)));
  }
  ASSERT_TRUE(store->write_ledger());
  EXPECT_LT(std::filesystem::file_size(file()), 24'500U);
  reopen();
  for (const std::int64_t number : {0, 1, 500, 999}) {
    const Timestamp as_of = minute(60) + std::chrono::milliseconds(300 * number);
    EXPECT_LE(date(static_cast<std::uint64_t>(number)), as_of);
    EXPECT_GT(date(static_cast<std::uint64_t>(number)), as_of - std::chrono::seconds(1));
  }
}

// --- what it confirms, and what not --------------------------------------------------------------

TEST_F(LedgerTest, only_what_stands_there_is_confirmed) {
  EXPECT_FALSE(confirm(active(1))) << "nothing stands there";
  ASSERT_TRUE(put_one(*store, active(1, minute(5))));
  StoredRecord renewed = active(1, minute(6));
  renewed.knowledge->record->expiry = Expiry::never();
  EXPECT_FALSE(confirm(renewed));
  EXPECT_FALSE(confirm(revoked(1, minute(6))));
  EXPECT_FALSE(confirm(not_found(1, minute(6))));
  EXPECT_FALSE(confirm(active(1, minute(4)))) << "it would be older than what stands there";
  EXPECT_FALSE(store->confirm(binding_entry(1, minute(6))));
  const IndexKey duid = device_keys().index_of(data_user({}).duid);
  EXPECT_FALSE(store->confirm_data_user(duid, data_user(minute(6))));
  ASSERT_TRUE(store->put_data_user(duid, data_user(minute(6))));
  EXPECT_FALSE(store->confirm_data_user(duid, data_user(minute(7), DataUserStatus::suspended)));
  EXPECT_FALSE(store->confirm_data_user(duid, data_user(minute(5))));
  EXPECT_EQ(store->find(index_of(1)), active(1, minute(5)));
  EXPECT_EQ(store->find_data_user(duid)->standing, data_user(minute(6)).standing);
}

TEST_F(LedgerTest, a_record_too_large_to_keep_whole_is_not_written_again_each_time) {
  StoredRecord monster = active(1);
  monster.knowledge->record->controllers.assign(50, std::string(100, 'x'));
  ASSERT_TRUE(put_one(*store, monster));
  EXPECT_TRUE(confirm(said_again(monster, minute(5))));
  const auto found = store->find(index_of(1));
  EXPECT_EQ(found->knowledge->as_of, minute(5));
  EXPECT_FALSE(found->knowledge->record->complete);
}

TEST_F(LedgerTest, I5_what_replaces_a_value_borrows_nothing_from_it) {
  StoredRecord narrowed = active(1);
  narrowed.knowledge->record->data_types = {};  // and dated as what it replaces
  for (const StoredRecord& next : {revoked(1), narrowed, active(1)}) {
    ASSERT_TRUE(put_one(*store, active(1)));
    ASSERT_TRUE(confirm(said_again(active(1), minute(9))));
    ASSERT_TRUE(store->write_ledger());
    ASSERT_TRUE(put_one(*store, next));
    EXPECT_EQ(store->find(index_of(1)), next);
    reopen();  // beside the ledger of before
    EXPECT_EQ(store->find(index_of(1)), next);
    ASSERT_TRUE(store->erase(index_of(1)));
  }
}

TEST_F(LedgerTest, what_stays_of_a_value_that_is_written_again_keeps_its_dates) {
  ASSERT_TRUE(put_one(*store, active(1)));
  ASSERT_TRUE(confirm(said_again(active(1), minute(5))));
  const std::array binding = {binding_entry(1, minute(6))};
  ASSERT_TRUE(store->put(binding));
  ASSERT_TRUE(confirm(said_again(active(1), minute(7))));
  ASSERT_TRUE(store->unbind(index_of(1)));
  reopen();  // no ledger was ever written: it stands in the cache itself
  EXPECT_EQ(store->find(index_of(1)), said_again(active(1), minute(7)));
}

TEST_F(LedgerTest, a_key_in_use_is_evicted_after_one_that_is_not) {
  max_records = 12;  // fewer than are looked at: the choice is exact
  reopen();
  for (std::uint64_t number = 0; number < 12; ++number) {
    ASSERT_TRUE(put_one(*store, active(number, minute(static_cast<std::int64_t>(number)))));
  }
  for (std::uint64_t number = 0; number < 12; ++number) {
    ASSERT_TRUE(number == 7 || confirm(active(number, minute(60))));
  }
  ASSERT_TRUE(put_one(*store, active(100)));
  EXPECT_FALSE(store->find(index_of(7)));
  EXPECT_EQ(date(0), minute(60));
}

TEST_F(LedgerTest, I12_it_has_a_bound_however_many_come_and_go) {
  max_records = 20;
  reopen();
  for (std::uint64_t number = 0; number < 400; ++number) {
    ASSERT_TRUE(put_one(*store, active(number, minute(0))));
    ASSERT_TRUE(confirm(said_again(active(number), minute(static_cast<std::int64_t>(number)))));
  }
  ASSERT_TRUE(store->write_ledger());
  EXPECT_LT(std::filesystem::file_size(file()), 20 * 25U + 60U) << "what was evicted is in it";
}

Ledger::Row row(SealId seal, Ledger::Part part, Timestamp as_of) {
  return Ledger::Row::of(Ledger::Row::key_of(seal, part), as_of, kLater).value();
}

TEST(Ledger, I12_where_there_is_no_room_the_oldest_confirmations_go) {
  Ledger ledger(100);
  for (std::uint64_t number = 0; number < 5000; ++number) {
    const Timestamp as_of = minute(static_cast<std::int64_t>(number));
    ledger.confirm(row(number << 8U, Ledger::Part::knowledge, as_of));
    ASSERT_LE(ledger.rows().size(), 100U);
  }
  for (std::uint64_t number = 4920; number < 5000; ++number) {
    StoredRecord record = active(1);
    ledger.freshen(number << 8U, record);
    EXPECT_EQ(record.knowledge->as_of, minute(static_cast<std::int64_t>(number)));
  }
}

TEST(Ledger, dates_each_part_apart) {
  Ledger ledger(100);
  ledger.confirm(row(1U << 8U, Ledger::Part::binding, minute(7)));
  StoredRecord record = active(1);
  record.binding = bound(minute(1));
  ledger.freshen(1U << 8U, record);
  EXPECT_EQ(record.binding->as_of, minute(7));
  EXPECT_EQ(*record.knowledge, *active(1).knowledge);
}

TEST_F(LedgerTest, what_has_no_room_in_a_row_is_for_the_record_to_keep) {
  for (const char* const id :
       {"", "text", "tid_0123456789ABCDEF01234567", "tid_0123456789abcdef0123456",
        "tid_0123456789abcdef012345678", "0123456789abcdef01234567"}) {
    ASSERT_TRUE(put_one(*store, active(1)));
    StoredRecord again = active(1, minute(6));
    again.knowledge->transaction_id = id;
    EXPECT_FALSE(confirm(again)) << id;
  }
  EXPECT_FALSE(confirm(active(1, std::chrono::sys_days{std::chrono::year{2157} / 1 / 1})));
}

TEST_F(LedgerTest, I8_2038_2100_and_2106_are_years_like_any_other) {
  ASSERT_TRUE(put_one(*store, active(1)));
  for (const int year : {2038, 2039, 2100, 2106, 2107, 2155}) {
    const Timestamp then = std::chrono::sys_days{std::chrono::year{year} / 2 / 28};
    ASSERT_TRUE(confirm(active(1, then))) << year;
    ASSERT_TRUE(store->write_ledger());
    reopen();
    EXPECT_EQ(date(1), then) << year;
  }
}

}  // namespace
}  // namespace akgate
