// SPDX-License-Identifier: Apache-2.0
//
// One flipped bit or one cut, tried all over the file: what is read afterwards is what was written,
// or nothing.
#include "cache_support.hpp"

namespace akgate {
namespace {

constexpr std::uint64_t kRecords = 120;
constexpr std::size_t kFlippedPage = 4096;

class Flip : public testing::Test {
 protected:
  Flip() {
    {
      const auto store = open_store(directory, log);
      for (std::uint64_t number = 0; number < kRecords; ++number) {
        EXPECT_TRUE(put_one(*store, active(number)));
      }
      for (std::uint64_t number = 0; number < kRecords; number += 2) {
        EXPECT_TRUE(put_one(*store, wanted(number)));
      }
      EXPECT_TRUE(store->put_data_user(duid, data_user));
      EXPECT_TRUE(store->put_time_mark(mark));
    }
    file = read_all(directory.data_file());
  }

  static StoredRecord wanted(std::uint64_t number) {
    return number % 2 == 0 ? revoked(number) : active(number);
  }

  /// Opens it with that content and reads everything. Gives how many records are missing. (An empty
  /// file is one that was never written to.)
  std::size_t missing_in(std::string_view content) {
    for (const std::string& name : directory.names("cache")) {
      std::filesystem::remove_all(directory.path(name));
    }
    std::filesystem::create_directory(directory.path("cache"));
    write_all(directory.data_file(), content);
    const LogFile diary;
    const auto store = open_store(directory, diary);
    set_aside = diary.text().find("set aside") != std::string::npos;
    std::size_t missing = 0;
    for (std::uint64_t number = 0; number < kRecords; ++number) {
      const auto found = store->find(index_of(number));
      EXPECT_TRUE(!found || found == wanted(number)) << "another record than was written";
      if (!found) ++missing;
    }
    const auto user = store->find_data_user(duid);
    EXPECT_TRUE(!user || user->standing == data_user.standing);
    const auto time = store->time_mark();
    EXPECT_TRUE(time ? *time == mark || *time == TimeMark::lost() : set_aside);
    return missing;
  }

  /// A place that is looked at closely: the metas, and the heads and first nodes of all pages.
  static bool is_delicate(std::size_t at) {
    return at % kFlippedPage < 48 || (at < 2 * kFlippedPage && at % kFlippedPage < 160);
  }

  const TempDirectory directory;
  const LogFile log;
  const StoredDataUser data_user{
      .duid = *Duid::parse("duid_1"),
      .standing = {.status = DataUserStatus::suspended, .as_of = minute(1), .transaction_id = ""}};
  const IndexKey duid = device_keys().index_of(data_user.duid);
  const TimeMark mark{.at = minute(9), .boot_id = "boot", .boot_time = std::chrono::hours(1)};
  std::string file;
  bool set_aside = false;  ///< At the last opening.
};

TEST_F(Flip, I6_I7_of_any_bit_costs_the_records_it_touches_or_the_cache_that_lmdb_cannot_use) {
  constexpr std::size_t kInOnePage = kFlippedPage / 150;
  ASSERT_EQ(missing_in(file), 0U);
  std::size_t harmless = 0;
  std::size_t dear = 0;
  for (std::size_t at = 0; at < file.size(); at += is_delicate(at) ? 7U : 211U) {
    std::string flipped = file;
    flipped[at] = static_cast<char>(file[at] ^ (1 << (at * 5 % 8)));
    const std::size_t missing = missing_in(flipped);
    EXPECT_TRUE(set_aside || missing <= kInOnePage) << "byte " << at << " costs " << missing;
    if (missing == 0) ++harmless;
    if (set_aside) ++dear;
    if (HasFailure()) FAIL() << "byte " << at;
  }
  EXPECT_GT(harmless, 0U);
  EXPECT_GT(dear, 0U);
}

TEST_F(Flip, I6_cut_anywhere_it_is_read_as_far_as_it_goes_or_set_aside) {
  for (std::size_t size = 1; size < file.size(); size += 509) {
    static_cast<void>(missing_in(std::string_view(file).substr(0, size)));
    if (HasFailure()) FAIL() << "cut to " << size;
  }
}

TEST_F(Flip, I8_of_the_time_mark_alone_leaves_no_trust_in_the_time) {
  std::size_t lost = 0;
  for (std::size_t at = 2 * kFlippedPage; at < file.size(); ++at) {
    if (file.compare(at, 9, "time-mark") != 0) continue;
    std::string flipped = file;
    flipped[at + 40] = static_cast<char>(file[at + 40] ^ 1);
    EXPECT_EQ(missing_in(flipped), 0U);
    const auto store = open_store(directory, log);
    if (store->time_mark() == TimeMark::lost()) ++lost;
  }
  EXPECT_EQ(lost, 1U) << "the one that counts, of all that lie about";
}

/// Says of every record in the file that its value lies elsewhere, which none does.
std::string with_no_value_in_place(std::string file) {
  constexpr std::size_t kPageNumber = sizeof(std::size_t);
  constexpr std::size_t kHead = kPageNumber + 8;
  constexpr std::size_t kIndexBytes = 16;
  const auto number = [&file](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(file[at]) |
                                    static_cast<unsigned char>(file[at + 1]) << 8);
  };
  for (std::size_t page = 2 * kFlippedPage; page < file.size(); page += kFlippedPage) {
    if (number(page + kPageNumber + 2) != 2) continue;  // no leaf
    for (std::size_t at = page + kHead; at < page + number(page + kPageNumber + 4); at += 2) {
      const std::size_t node = page + number(at);
      if (number(node + 6) == kIndexBytes) file[node + 4] = 1;
    }
  }
  return file;
}

TEST(FlipAll, I6_a_walk_over_a_cache_of_which_nothing_can_be_read_comes_to_its_end) {
  constexpr std::uint64_t kMany = 50'000;
  const TempDirectory directory;
  const LogFile log;
  {
    std::vector<Store::Entry> entries;
    for (std::uint64_t number = 0; number < kMany; ++number) {
      entries.push_back(entry(active(number)));
    }
    ASSERT_TRUE(open_store(directory, log)->put(entries));
  }
  write_all(directory.data_file(), with_no_value_in_place(read_all(directory.data_file())));
  const auto store = open_store(directory, log);
  ASSERT_EQ(store->size(), kMany);
  EXPECT_FALSE(store->find(index_of(7)));
  EXPECT_FALSE(store->next_after(IndexKey{}));
}

}  // namespace
}  // namespace akgate
