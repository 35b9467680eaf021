// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <map>

#include "cache/damage.hpp"
#include "cache/lmdb_file.hpp"
#include "cache_support.hpp"

namespace akgate {
namespace {

constexpr std::size_t kPage = 4096;

/// A cache with some history: records that were active and then revoked, erased, put again, so that
/// their former selves lie about in the file's free pages.
class Subject {
 public:
  Subject() {
    for (std::uint64_t number = 0; number < kKeys; ++number) indexes_.push_back(index_of(number));
    const TempDirectory directory;
    const LogFile log;
    {
      const auto store = open_store(directory, log);
      for (std::int64_t round = 0; round < 12; ++round) {
        std::vector<Store::Entry> entries;
        for (std::uint64_t i = 0; i < 100; ++i) {
          const std::uint64_t number = (i * 7 + static_cast<std::uint64_t>(round) * 61) % kKeys;
          const StoredRecord record = (number + static_cast<std::uint64_t>(round)) % 3 == 0
                                          ? revoked(number, minute(round))
                                          : active(number, minute(round));
          expected_.insert_or_assign(number, record);
          entries.push_back(entry(record));
        }
        EXPECT_TRUE(store->put(entries));
        EXPECT_TRUE(store->erase(index_of(entries_erased(round))));
        expected_.erase(entries_erased(round));
        EXPECT_TRUE(store->put_time_mark({.at = minute(round), .boot_id = "boot"}));
      }
    }
    file_ = read_all(directory.data_file());
    EXPECT_EQ(file_.size() % kPage, 0U);
    EXPECT_GT(file_.size() / kPage, 40U);
  }

  [[nodiscard]] const std::string& file() const { return file_; }

  /// How many are found, none of them other than it was put last; nothing where one is.
  [[nodiscard]] std::optional<std::size_t> found_in(Store& store) const {
    std::size_t found = 0;
    for (std::uint64_t number = 0; number < kKeys; ++number) {
      const std::optional<StoredRecord> record = store.find(indexes_[number]);
      if (!record) continue;
      const auto wanted = expected_.find(number);
      if (wanted == expected_.end() || !(*record == wanted->second)) return std::nullopt;
      ++found;
    }
    return found;
  }

 private:
  static std::uint64_t entries_erased(std::int64_t round) {
    return static_cast<std::uint64_t>(round) * 61 % kKeys;
  }

  static constexpr std::uint64_t kKeys = 400;
  std::vector<IndexKey> indexes_;
  std::map<std::uint64_t, StoredRecord> expected_;
  std::string file_;
};

void place(const TempDirectory& directory, std::string_view file) {
  std::filesystem::create_directory(directory.path("cache"));
  write_all(directory.data_file(), file);
}

class Damage {
 public:
  explicit Damage(std::uint64_t seed) : random_(seed) {}

  std::string done_to(std::string file) {
    const std::size_t pages = file.size() / kPage;
    switch (below(8)) {
      case 0:  // anywhere
        for (std::size_t i = 1 + below(8); i > 0; --i) flip(file, below(file.size()), coin());
        break;
      case 1:  // the heads and node tables of some pages
        for (std::size_t i = 1 + below(8); i > 0; --i) {
          flip(file, below(pages) * kPage + below(48), coin());
        }
        break;
      case 2:  // the metas
        for (std::size_t i = 1 + below(2); i > 0; --i) {
          flip(file, below(2) * kPage + below(160), coin());
        }
        break;
      case 3:  // many nodes
        for (std::size_t page = 2; page < pages; ++page) {
          flip(file, page * kPage + 16 + below(kPage - 16), coin());
        }
        break;
      case 4: {  // two pages change places
        const std::size_t a = below(pages) * kPage;
        const std::size_t b = below(pages) * kPage;
        for (std::size_t i = 0; i < kPage; ++i) std::swap(file[a + i], file[b + i]);
        break;
      }
      case 5: {  // a stretch of zeros or ones, as flash leaves them
        const std::size_t at = below(file.size());
        const std::size_t size = std::min(file.size() - at, 1 + below(2 * kPage));
        file.replace(at, size, std::string(size, coin() ? '\0' : '\xff'));
        break;
      }
      case 6:  // cut
        file.resize(below(file.size()));
        break;
      default: {  // a stretch from elsewhere in the file
        const std::size_t size = 1 + below(kPage);
        file.replace(below(file.size() - size), size, file, below(file.size() - size), size);
      }
    }
    return file;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool coin() { return below(2) == 0; }
  void flip(std::string& file, std::size_t at, bool one_bit) {
    const std::size_t change = one_bit ? std::size_t{1} << below(8) : 1 + below(255);
    file[at] = static_cast<char>(file[at] ^ static_cast<char>(change));
  }
  std::mt19937_64 random_;
};

enum Outcome : int { kKept, kSetAside, kWrong, kRefused, kNotWritable, kLost };

/// What becomes of a damaged cache: opened, read, written to, opened again.
Outcome outcome_of(const Subject& subject, const std::string& file) {
  const TempDirectory directory;
  const LogFile log;
  place(directory, file);
  {
    const auto store = try_open_store(directory, log);
    if (!store) return kRefused;
    if (!subject.found_in(**store)) return kWrong;
    for (std::uint64_t number = 2000; number < 2030; ++number) {
      if (!put_one(**store, active(number))) return kNotWritable;
      if ((*store)->find(index_of(number)) != active(number)) return kLost;
    }
    if (!(*store)->erase(index_of(2000))) return kNotWritable;
    if (!subject.found_in(**store)) return kWrong;
  }
  const auto again = try_open_store(directory, log);
  if (!again) return kRefused;
  if (!subject.found_in(**again)) return kWrong;
  for (std::uint64_t number = 2001; number < 2030; ++number) {
    if ((*again)->find(index_of(number)) != active(number)) return kLost;
  }
  return directory.names("cache.damaged-").empty() ? kKept : kSetAside;
}

TEST(DamageTest, I6_I7_no_damage_leads_to_a_wrong_record_a_crash_or_a_refusal_to_start) {
  const char* const more = getenv("AKGATE_DAMAGE_SEEDS");
  const std::uint64_t seeds = more != nullptr ? std::stoull(more) : 150;
  const Subject subject;
  ASSERT_EQ(outcome_of(subject, subject.file()), kKept);
  std::map<int, int> outcomes;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const std::string damaged = Damage(seed).done_to(subject.file());
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      alarm(20);  // a hang is a crash
      _exit(outcome_of(subject, damaged));
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "seed " << seed << ": signal " << WTERMSIG(status);
    ASSERT_LE(WEXITSTATUS(status), kSetAside) << "seed " << seed;
    ++outcomes[WEXITSTATUS(status)];
  }
  EXPECT_GT(outcomes[kKept], 0) << "every flip in a value cost the whole cache";
  EXPECT_GT(outcomes[kSetAside], 0) << "no damage was noticed";
}

class Damaged : public testing::Test {
 protected:
  void put_some() {
    const auto store = open_store(directory, log);
    for (std::uint64_t number = 0; number < 60; ++number) {
      ASSERT_TRUE(put_one(*store, active(number)));
    }
  }

  const TempDirectory directory;
  const LogFile log;
};

TEST_F(Damaged, I6_is_set_aside_said_and_replaced_by_an_empty_cache) {
  put_some();
  write_all(directory.data_file(), std::string(3 * kPage, 'x'));
  const auto store = open_store(directory, log);
  EXPECT_EQ(store->size(), 0U);
  ASSERT_EQ(directory.names("cache.damaged-20").size(), 1U);
  EXPECT_EQ(read_all(directory.path(directory.names("cache.damaged-")[0] + "/data.mdb")),
            std::string(3 * kPage, 'x'));
  EXPECT_NE(log.text().find("is damaged"), std::string::npos) << log.text();
  EXPECT_NE(log.text().find(directory.names("cache.damaged-")[0]), std::string::npos);
  EXPECT_TRUE(put_one(*store, active(1)));
}

TEST_F(Damaged, I12_only_the_two_newest_are_kept) {
  for (int i = 0; i < 5; ++i) {
    put_some();
    write_all(directory.data_file(), std::string(2 * kPage, static_cast<char>('a' + i)));
    ASSERT_TRUE(open_store(directory, log));
  }
  std::vector<char> kept;
  for (const std::string& name : directory.names("cache.damaged-")) {
    kept.push_back(read_all(directory.path(name + "/data.mdb")).at(0));
  }
  std::sort(kept.begin(), kept.end());
  EXPECT_EQ(kept, (std::vector<char>{'d', 'e'}));
}

TEST_F(Damaged, I6_first_write_finds_what_opening_need_not_read) {
  put_some();
  std::size_t leaf = 0;
  {
    Result<RandomAccessFile> raw = RandomAccessFile::open(directory.data_file());
    ASSERT_TRUE(raw);
    const Result<LmdbFile> file = LmdbFile::over(std::move(*raw));
    ASSERT_TRUE(file);
    const LmdbSnapshot newest = file->snapshots()->newest;
    const std::optional<LmdbTree> records = file->subtree(newest, "records");
    ASSERT_TRUE(records && records->depth == 2) << "more or fewer records are needed";
    std::vector<std::uint8_t> bytes;
    ASSERT_TRUE(file->read_pages(records->root, 1, bytes));
    leaf = LmdbPage::parse(bytes, records->root)->node(0)->child;
  }
  std::string file = read_all(directory.data_file());
  file[leaf * kPage + kPageHeadSize + 1] = '\x7f';  // its first node is far outside now
  write_all(directory.data_file(), file);

  const auto store = open_store(directory, log);
  EXPECT_TRUE(directory.names("cache.damaged-").empty());
  std::size_t found = 0;
  for (std::uint64_t number = 0; number < 60; ++number) {
    const std::optional<StoredRecord> record = store->find(index_of(number));
    if (!record) continue;
    EXPECT_EQ(record, active(number));
    ++found;
  }
  EXPECT_GT(found, 0U);
  EXPECT_LT(found, 60U);

  EXPECT_TRUE(put_one(*store, revoked(3)));
  EXPECT_EQ(directory.names("cache.damaged-").size(), 1U);
  EXPECT_EQ(store->find(index_of(3)), revoked(3));
  EXPECT_EQ(store->size(), 1U);
}

TEST_F(Damaged, I7_under_another_device_key_it_is_set_aside_unread) {
  put_some();
  const auto store = open_store(directory, log, 100, device_keys(2));
  EXPECT_EQ(store->size(), 0U);
  EXPECT_EQ(directory.names("cache.damaged-").size(), 1U);
  EXPECT_NE(log.text().find("another device key"), std::string::npos) << log.text();
}

TEST_F(Damaged, I6_empty_file_of_a_crash_before_the_first_write_is_no_damage) {
  place(directory, "");
  const auto store = open_store(directory, log);
  EXPECT_TRUE(put_one(*store, active(1)));
  EXPECT_TRUE(directory.names("cache.damaged-").empty());
}

TEST_F(Damaged, I5_older_state_cannot_pass_for_the_newest) {
  {
    const auto store = open_store(directory, log);
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(put_one(*store, active(1)));
    ASSERT_TRUE(put_one(*store, revoked(1)));
  }
  const std::string file = read_all(directory.data_file());
  // Where a number has so many bytes: behind the page's head, the file's, two trees and the last
  // page.
  constexpr std::size_t kNumber = sizeof(std::size_t);
  constexpr std::size_t kTree = 8 + 5 * kNumber;
  constexpr std::size_t kTransactionAt = (kNumber + 8) + (8 + 2 * kNumber) + 2 * kTree + kNumber;
  const auto transaction = [&](std::size_t meta) {
    std::size_t number = 0;
    std::memcpy(&number, file.data() + meta * kPage + kTransactionAt, sizeof(number));
    return number;
  };
  const std::size_t newest = transaction(0) > transaction(1) ? 0 : 1;
  ASSERT_EQ(transaction(newest), transaction(1 - newest) + 1);
  // The newest is dated back, or the one before dated forward: each a matter of a bit or two.
  for (const auto& [meta, number] : {std::pair(newest, transaction(newest) - 2),
                                     std::pair(1 - newest, transaction(newest) + 1)}) {
    std::string turned_back = file;
    std::memcpy(turned_back.data() + meta * kPage + kTransactionAt, &number, sizeof(number));
    const TempDirectory other;
    place(other, turned_back);
    const auto store = open_store(other, log);
    EXPECT_FALSE(store->find(index_of(1)));
    EXPECT_EQ(other.names("cache.damaged-").size(), 1U);
  }
}

TEST(SetAside, names_it_by_the_time_and_never_over_another) {
  const TempDirectory directory;
  for (int i = 0; i < 3; ++i) {
    std::filesystem::create_directory(directory.path("cache"));
    const Result<std::string> name = set_cache_aside(directory.path(), minute(0));
    ASSERT_TRUE(name) << name.error().what();
    EXPECT_EQ(*name, i == 0   ? "cache.damaged-20260921T141320Z"
                     : i == 1 ? "cache.damaged-20260921T141320Z-2"
                              : "cache.damaged-20260921T141320Z-3");
  }
}

}  // namespace
}  // namespace akgate
