// SPDX-License-Identifier: Apache-2.0
//
// The ledger's file: looked into until all of it is read, and whatever may become of it.
#include "cache_ledger_fixture.hpp"

namespace akgate {
namespace {

class LedgerFileTest : public LedgerTest {};

// As it is for a start: nobody waits until all of it is read.
TEST_F(LedgerFileTest, each_of_many_is_found_before_all_is_read_and_after) {
  constexpr std::uint64_t kRecords = 2000;
  std::vector<Store::Entry> entries;
  for (std::uint64_t number = 0; number < kRecords; ++number) {
    entries.push_back(entry(active(number)));
  }
  ASSERT_TRUE(store->put(entries));
  const auto confirmed_at = [](std::uint64_t number) {
    return minute(60 + static_cast<std::int64_t>(number));
  };
  for (std::uint64_t number = 0; number < kRecords; number += 2) {
    ASSERT_TRUE(confirm(said_again(active(number), confirmed_at(number))));
  }
  ASSERT_TRUE(store->write_ledger());
  reopen();
  for (const bool whole : {false, true}) {
    if (whole) read_whole();
    for (std::uint64_t number = 0; number < kRecords; ++number) {
      ASSERT_EQ(date(number), number % 2 == 0 ? confirmed_at(number) : minute(0))
          << number << (whole ? " in all" : " in the file");
    }
  }
  EXPECT_EQ(log.text(), "");
}

TEST_F(LedgerFileTest, I7_altered_or_cut_anywhere_it_makes_nothing_fresher) {
  ASSERT_TRUE(put_one(*store, active(1)));
  ASSERT_TRUE(put_one(*store, active(2)));
  ASSERT_TRUE(confirm(said_again(active(1), minute(5))));
  ASSERT_TRUE(confirm(active(2, minute(6))));
  ASSERT_TRUE(store->write_ledger());
  const std::string whole = read_all(file());
  std::vector<std::string> damaged = {whole + "x", std::string(100, '\0'), whole + whole};
  for (std::size_t at = 0; at < whole.size(); ++at) {
    damaged.push_back(whole.substr(0, at));
    damaged.push_back(whole);
    damaged.back()[at] = static_cast<char>(whole[at] ^ (1 << (at % 8)));
  }
  for (const std::string& content : damaged) {
    store.reset();
    write_all(file(), content);
    const LogFile diary;
    store = open_store(directory, diary);
    ASSERT_EQ(date(1), minute(0));
    ASSERT_EQ(date(2), minute(0));
    read_whole();
    ASSERT_EQ(date(1), minute(0));
    ASSERT_EQ(date(2), minute(0));
    const std::string said = diary.text();
    ASSERT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    ASSERT_NE(said.find(file()), std::string::npos) << said;
  }
  EXPECT_TRUE(directory.names("cache.damaged-").empty());
  ASSERT_TRUE(confirm(active(1, minute(7))));
  ASSERT_TRUE(store->write_ledger());
  reopen();
  EXPECT_EQ(date(1), minute(7)) << "the next one is good again";
}

TEST_F(LedgerFileTest, I6_damage_costs_the_dates_that_it_touches_and_no_others) {
  constexpr std::uint64_t kRecords = 1000;
  constexpr std::size_t kInOnePiece = 128;
  std::vector<Store::Entry> entries;
  for (std::uint64_t number = 0; number < kRecords; ++number)
    entries.push_back(entry(active(number)));
  ASSERT_TRUE(store->put(entries));
  for (std::uint64_t number = 0; number < kRecords; ++number) {
    ASSERT_TRUE(confirm(said_again(active(number), minute(60))));
  }
  ASSERT_TRUE(store->write_ledger());
  const std::string whole = read_all(file());
  const auto expect_kept = [&](const std::string& content, std::size_t at_least) {
    store.reset();
    write_all(file(), content);
    const LogFile diary;
    store = open_store(directory, diary);
    std::size_t kept = 0;
    for (const bool whole : {false, true}) {
      if (whole) read_whole();
      kept = 0;
      for (std::uint64_t number = 0; number < kRecords; ++number) {
        const auto found = store->find(index_of(number));
        ASSERT_TRUE(found == active(number) || found == said_again(active(number), minute(60)));
        if (found->knowledge->as_of == minute(60)) ++kept;
      }
      EXPECT_LT(kept, kRecords);
    }
    EXPECT_GE(kept, at_least);
    EXPECT_NE(diary.text().find(file()), std::string::npos);
  };
  for (std::size_t at = 0; at < whole.size(); at += 997) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(whole[at] ^ (1 << (at % 8)));
    expect_kept(flipped, kRecords - kInOnePiece);
    expect_kept(whole.substr(0, at), at * kRecords / whole.size() / kInOnePiece * kInOnePiece);
  }
}

TEST_F(LedgerFileTest, I7_another_devices_is_not_believed) {
  const TempDirectory other;
  const auto theirs = open_store(other, log, 100, device_keys(2));
  const DeviceKeys keys = device_keys(2);
  const std::array entries = {
      Store::Entry{.index = keys.index_of(access_key(1)), .record = active(1)}};
  ASSERT_TRUE(theirs->put(entries));
  ASSERT_TRUE(theirs->confirm(entries[0]));
  ASSERT_TRUE(theirs->write_ledger());
  ASSERT_TRUE(put_one(*store, active(1)));
  std::filesystem::copy_file(other.path("ledger"), file());
  reopen();
  EXPECT_EQ(date(1), minute(0));
  read_whole();
  EXPECT_EQ(date(1), minute(0));
  EXPECT_NE(log.text().find("another device key"), std::string::npos) << log.text();
}

TEST_F(LedgerFileTest, I5_one_from_after_the_state_of_the_cache_is_not_believed) {
  ASSERT_TRUE(put_one(*store, active(1)));
  store.reset();
  const std::string older = read_all(directory.data_file());
  reopen();
  ASSERT_TRUE(put_one(*store, revoked(2)));
  ASSERT_TRUE(confirm(active(1, minute(9))));
  ASSERT_TRUE(store->write_ledger());
  store.reset();
  write_all(directory.data_file(), older);
  reopen();
  EXPECT_EQ(date(1), minute(0));
  read_whole();
  EXPECT_EQ(date(1), minute(0));
  EXPECT_NE(log.text().find("newer than the cache"), std::string::npos) << log.text();
}

TEST_F(LedgerFileTest,
       I5_revoked_after_it_was_confirmed_it_stays_so_whatever_ledger_a_crash_leaves) {
  std::vector<std::string> ledgers = {""};
  const auto keep_ledger = [&] {
    ASSERT_TRUE(store->write_ledger());
    ledgers.push_back(read_all(file()));
  };
  ASSERT_TRUE(put_one(*store, active(1)));
  ASSERT_TRUE(put_one(*store, active(2)));
  ASSERT_TRUE(confirm(active(1, minute(60))));
  keep_ledger();
  ASSERT_TRUE(confirm(active(1, minute(120))));
  keep_ledger();
  ASSERT_TRUE(put_one(*store, revoked(1, minute(121))));
  ASSERT_TRUE(confirm(active(2, minute(180))));
  keep_ledger();
  ASSERT_EQ(ledgers.size(), 4U);
  for (const std::string& ledger : ledgers) {
    for (const char* const name : {"ledger", "ledger.tmp-0123456789abcdef"}) {
      store.reset();
      std::filesystem::remove(file());
      write_all(directory.path(name), ledger);
      reopen();
      EXPECT_EQ(store->find(index_of(1)), revoked(1, minute(121)));
      EXPECT_LE(date(2), minute(180));
    }
  }
}

TEST_F(LedgerFileTest, I12_what_a_crash_left_half_written_is_removed) {
  write_all(directory.path("ledger.tmp-0123456789abcdef"), "half");
  reopen();
  EXPECT_TRUE(directory.names("ledger").empty());
}

}  // namespace
}  // namespace akgate
