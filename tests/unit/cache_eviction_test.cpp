// SPDX-License-Identifier: Apache-2.0
#include "cache_support.hpp"

namespace akgate {
namespace {

class EvictionTest : public testing::Test {
 protected:
  [[nodiscard]] static std::size_t count(Store& store, std::uint64_t from, std::uint64_t to) {
    std::size_t found = 0;
    for (std::uint64_t number = from; number < to; ++number) {
      if (store.find(index_of(number))) ++found;
    }
    return found;
  }

  const TempDirectory directory;
  const LogFile log;
};

TEST_F(EvictionTest, I12_there_are_never_more_than_max_records) {
  const auto store = open_store(directory, log, 50);
  for (std::uint64_t number = 0; number < 300; ++number) {
    ASSERT_TRUE(put_one(*store, active(number)));
    ASSERT_LE(store->size(), 50U);
    ASSERT_TRUE(store->find(index_of(number))) << "the newest was not kept";
  }
  EXPECT_EQ(store->size(), 50U);
}

TEST_F(EvictionTest, I12_flood_of_denials_pushes_out_no_active_record) {
  const auto store = open_store(directory, log, 60);
  for (std::uint64_t number = 0; number < 50; ++number)
    ASSERT_TRUE(put_one(*store, active(number)));
  for (std::uint64_t number = 50; number < 400; ++number) {
    ASSERT_TRUE(put_one(*store, number % 2 == 0 ? not_found(number) : revoked(number)));
  }
  EXPECT_EQ(count(*store, 0, 50), 50U);
  EXPECT_EQ(store->size(), 60U);
}

TEST_F(EvictionTest, I12_where_all_are_active_a_denial_finds_no_place_and_an_active_one_does) {
  const auto store = open_store(directory, log, 20);
  for (std::uint64_t number = 0; number < 20; ++number)
    ASSERT_TRUE(put_one(*store, active(number)));
  ASSERT_TRUE(put_one(*store, revoked(100)));
  EXPECT_FALSE(store->find(index_of(100)));
  EXPECT_EQ(count(*store, 0, 20), 20U);
  ASSERT_TRUE(put_one(*store, active(101)));
  EXPECT_TRUE(store->find(index_of(101)));
  EXPECT_EQ(store->size(), 20U);
}

TEST_F(EvictionTest, I5_denial_of_a_record_that_is_there_is_written_however_full_it_is) {
  const auto store = open_store(directory, log, 20);
  for (std::uint64_t number = 0; number < 20; ++number)
    ASSERT_TRUE(put_one(*store, active(number)));
  ASSERT_TRUE(put_one(*store, revoked(7)));
  EXPECT_EQ(store->find(index_of(7)), revoked(7));
}

TEST_F(EvictionTest, old_denials_go_before_new_ones_and_denials_before_active_ones) {
  const auto store =
      open_store(directory, log, 12);  // fewer than are looked at: the choice is exact
  for (std::uint64_t number = 0; number < 4; ++number) {
    ASSERT_TRUE(put_one(*store, active(number, minute(-1000))));
    ASSERT_TRUE(put_one(*store, revoked(10 + number, minute(1))));
    ASSERT_TRUE(put_one(*store, not_found(20 + number, minute(2))));
  }
  for (std::uint64_t number = 30; number < 34; ++number)
    ASSERT_TRUE(put_one(*store, active(number)));
  EXPECT_EQ(count(*store, 0, 4), 4U);
  EXPECT_EQ(count(*store, 10, 14), 0U) << "the older denials";
  EXPECT_EQ(count(*store, 20, 24), 4U);
  EXPECT_EQ(count(*store, 30, 34), 4U);
}

StoredRecord largest(std::uint64_t number, std::int64_t as_of = 0) {
  StoredRecord record = active(number, minute(as_of));
  record.knowledge->record->controllers.assign(13, std::string(100, 'x'));
  return record;
}

TEST_F(EvictionTest, I12_file_stays_within_its_bound_when_all_records_are_large) {
  constexpr std::uint64_t kRecords = 500;
  const auto store = open_store(directory, log, kRecords);
  for (std::int64_t round = 0; round < 20; ++round) {
    std::vector<Store::Entry> entries;
    for (std::uint64_t number = 0; number < kRecords; ++number) {
      entries.push_back(entry(largest(number, round)));
    }
    ASSERT_TRUE(store->put(entries)) << round;
    EXPECT_EQ(store->find(index_of(kRecords - 1)), largest(kRecords - 1, round));
  }
  EXPECT_LE(std::filesystem::file_size(directory.data_file()), (8U << 20U) + kRecords * 4096U);
}

TEST_F(EvictionTest, I5_batch_that_finds_the_file_full_is_written_after_making_room) {
  constexpr std::uint64_t kRecords = 4000;
  auto store = open_store(directory, log, kRecords);
  std::vector<Store::Entry> entries;
  for (std::uint64_t number = 0; number < kRecords; ++number) {
    entries.push_back(entry(largest(number)));
  }
  // Each rewriting of them all leaves as many pages behind, which LMDB gives back two transactions
  // later: together more than the file may have.
  for (int round = 0; round < 4; ++round) ASSERT_TRUE(store->put(entries)) << round;
  EXPECT_TRUE(store->find(index_of(kRecords - 1)));
  EXPECT_GT(store->size(), kRecords - kRecords / 10);
  EXPECT_LE(std::filesystem::file_size(directory.data_file()), (8U << 20U) + kRecords * 4096U);

  // What the list of free pages is like after that is no damage.
  store.reset();
  store = open_store(directory, log, kRecords);
  ASSERT_TRUE(put_one(*store, revoked(1)));
  EXPECT_GT(store->size(), kRecords - kRecords / 10);
  EXPECT_EQ(log.text(), "");
}

}  // namespace
}  // namespace akgate
