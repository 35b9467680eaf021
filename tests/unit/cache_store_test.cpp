// SPDX-License-Identifier: Apache-2.0
#include "cache/store.hpp"

#include <lmdb.h>

#include <thread>

#include "cache/opening.hpp"
#include "cache_support.hpp"

namespace akgate {
namespace {

class StoreTest : public testing::Test {
 protected:
  const TempDirectory directory;
  const LogFile log;
};

TEST_F(StoreTest, keeps_what_was_put_through_a_restart) {
  auto store = open_store(directory, log);
  EXPECT_EQ(store->size(), 0U);
  EXPECT_FALSE(store->find(index_of(1)));
  const std::array entries = {entry(active(1)), entry(revoked(2)), entry(not_found(3))};
  ASSERT_TRUE(store->put(entries));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(store->size(), 3U);
    EXPECT_EQ(store->find(index_of(1)), active(1));
    EXPECT_EQ(store->find(index_of(2)), revoked(2));
    EXPECT_EQ(store->find(index_of(3)), not_found(3));
    EXPECT_FALSE(store->find(index_of(4)));
    store.reset();
    store = open_store(directory, log);
  }
  EXPECT_EQ(log.text(), "");
}

TEST_F(StoreTest, put_replaces_and_erase_removes) {
  const auto store = open_store(directory, log);
  ASSERT_TRUE(put_one(*store, active(1)));
  ASSERT_TRUE(put_one(*store, revoked(1)));
  EXPECT_EQ(store->find(index_of(1)), revoked(1));
  EXPECT_EQ(store->size(), 1U);
  ASSERT_TRUE(store->erase(index_of(1)));
  EXPECT_FALSE(store->find(index_of(1)));
  EXPECT_EQ(store->size(), 0U);
  EXPECT_TRUE(store->erase(index_of(1))) << "what is not there is erased already";
}

TEST_F(StoreTest, many_records_large_and_small_survive_many_changes) {
  std::mt19937_64 random(1);
  std::vector<std::optional<StoredRecord>> expected(1200);
  auto store = open_store(directory, log);
  for (int round = 0; round < 30; ++round) {
    std::vector<Store::Entry> entries;
    for (int i = 0; i < 100; ++i) {
      const std::uint64_t number = random() % expected.size();
      StoredRecord record = random() % 2 == 0 ? active(number) : revoked(number);
      if (random() % 16 == 0) {
        record.knowledge->record->controllers.assign(random() % 14, std::string(100, 'x'));
        record.knowledge->record->lead.reset();
      }
      expected[number] = record;
      entries.push_back(entry(record));
    }
    ASSERT_TRUE(store->put(entries));
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t number = random() % expected.size();
      ASSERT_TRUE(store->erase(index_of(number)));
      expected[number].reset();
    }
    if (round % 10 == 9) {
      store.reset();
      store = open_store(directory, log);
    }
    for (std::uint64_t number = 0; number < expected.size(); ++number) {
      ASSERT_EQ(store->find(index_of(number)), expected[number]) << round << " " << number;
    }
  }
  EXPECT_EQ(log.text(), "") << "a sound cache was called damaged";
}

TEST_F(StoreTest, I8_time_mark_survives_a_restart) {
  const TimeMark mark{.at = minute(9),
                      .boot_id = "boot",
                      .boot_time = std::chrono::hours(1),
                      .unaccounted = std::chrono::minutes(2),
                      .trusted = true};
  auto store = open_store(directory, log);
  EXPECT_FALSE(store->time_mark());
  ASSERT_TRUE(store->put_time_mark(mark));
  EXPECT_EQ(store->time_mark(), mark);
  store.reset();
  store = open_store(directory, log);
  EXPECT_EQ(store->time_mark(), mark);
  EXPECT_EQ(store->size(), 0U);
}

TEST_F(StoreTest, I9_no_access_key_stands_in_any_file_in_clear) {
  constexpr std::uint64_t kKeys = 200;
  {
    const auto store = open_store(directory, log);
    for (std::uint64_t number = 0; number < kKeys; ++number) {
      ASSERT_TRUE(put_one(*store, number % 2 == 0 ? active(number) : not_found(number)));
    }
    EXPECT_TRUE(store->find(index_of(0)));
  }
  std::size_t files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(directory.path())) {
    if (!file.is_regular_file()) continue;
    ++files;
    const std::string content = read_all(file.path().string());
    for (std::uint64_t number = 0; number < kKeys; ++number) {
      const AccessKey key = access_key(number);
      const Secret text = key.reveal();
      const auto bytes = key.reveal_bytes();
      const std::string_view binary(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      ASSERT_EQ(content.find(text.reveal().substr(3)), std::string::npos) << file.path();
      ASSERT_EQ(content.find(binary), std::string::npos) << file.path();
    }
    EXPECT_EQ(content.find("Bright Energy"), std::string::npos) << file.path();
  }
  EXPECT_GE(files, 1U);
}

TEST_F(StoreTest, files_are_for_the_owner_only) {
  const auto store = open_store(directory, log);
  using std::filesystem::perms;
  for (const auto& file : std::filesystem::recursive_directory_iterator(directory.path())) {
    const perms others = file.status().permissions() & (perms::group_all | perms::others_all);
    EXPECT_EQ(others, perms::none) << file.path();
  }
}

TEST_F(StoreTest, second_agent_on_the_same_cache_is_refused_in_one_sentence) {
  const auto store = open_store(directory, log);
  const auto second = try_open_store(directory, log);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what().find("another process holds it"), std::string::npos)
      << second.error().what();
}

TEST_F(StoreTest, I5_reader_never_sees_older_knowledge_than_was_put_before_it_looked) {
  const auto store = open_store(directory, log);
  constexpr std::int64_t kRounds = 300;
  ASSERT_TRUE(put_one(*store, active(1, minute(0))));
  std::atomic<std::int64_t> written{0};
  std::atomic<bool> wrong{false};
  std::thread desk([&] {
    std::int64_t before = 0;
    while (before < kRounds && !wrong) {
      before = written;
      const std::optional<StoredRecord> found = store->find(index_of(1));
      if (!found || found->knowledge->as_of < minute(before)) wrong = true;
    }
  });
  for (std::int64_t round = 1; round <= kRounds; ++round) {
    std::vector<Store::Entry> entries = {entry(active(1, minute(round)))};
    for (std::uint64_t other = 2; other < 40; ++other) entries.push_back(entry(active(other)));
    if (round % 3 == 0) {
      EXPECT_TRUE(store->put(entries));
    } else {
      EXPECT_TRUE(store->confirm(entries.front()));
    }
    written = round;
  }
  desk.join();
  EXPECT_FALSE(wrong);
  EXPECT_EQ(log.text(), "");
}

TEST_F(StoreTest, file_system_that_cannot_map_is_told_in_one_sentence) {
  for (const int failure : {EINVAL, ENODEV, EOPNOTSUPP}) {
    const std::string said = opening_error("/mnt/usb", failure).what();
    EXPECT_NE(said.find("/mnt/usb"), std::string::npos);
    EXPECT_NE(said.find("cannot map a file"), std::string::npos);
    EXPECT_NE(said.find("cache.directory"), std::string::npos);
  }
}

TEST(LmdbVersion, is_the_one_we_know_the_file_format_of) {
  EXPECT_TRUE(lmdb_version().starts_with("0.9."));
}

}  // namespace
}  // namespace akgate
