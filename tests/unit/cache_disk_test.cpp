// SPDX-License-Identifier: Apache-2.0
//
// The store on a disk that is full, failing, read-only or somebody else's.
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "cache_support.hpp"
#include "tests/support/failing_disk.hpp"

namespace akgate {
namespace {

/// Runs `work` in a child and gives its exit code, or -1 with the signal said where it was killed.
template <typename Work>
int in_child(Work work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  ADD_FAILURE() << "killed by signal " << WTERMSIG(status);
  return -1;
}

class DiskTest : public testing::Test {
 protected:
  /// Mounts a small one at the directory, seen by this process alone.
  [[nodiscard]] bool own_file_system(const char* options) const {
    return unshare(CLONE_NEWNS) == 0 &&
           mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           mount("tmpfs", directory.path().c_str(), "tmpfs", 0, options) == 0;
  }

  [[nodiscard]] bool remount(unsigned long flags) const {
    return mount(nullptr, directory.path().c_str(), nullptr, MS_REMOUNT | flags, nullptr) == 0;
  }

  static constexpr int kMayNotMount = 77;
  const TempDirectory directory;
  const LogFile log;
};

TEST_F(DiskTest, I5_full_disk_is_an_error_to_the_writer_and_none_to_the_reader) {
  const int failed_at = in_child([&] {
    static_cast<void>(signal(SIGXFSZ, SIG_IGN));
    const auto store = try_open_store(directory, log);
    if (!store || !put_one(**store, active(1))) return 1;
    const rlimit full{.rlim_cur = 80 * 1024, .rlim_max = RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &full) != 0) return 2;
    std::uint64_t number = 2;
    Status written = Done{};
    for (; number < 5000 && written; ++number) written = put_one(**store, active(number));
    if (written || written.error().what().find("the disk is full") == std::string::npos) return 3;
    for (std::uint64_t kept = 1; kept + 1 < number; ++kept) {
      if ((*store)->find(index_of(kept)) != active(kept)) return 4;
    }
    // Room again: it goes on.
    const rlimit enough{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &enough) != 0) return 5;
    if (!put_one(**store, revoked(1))) return 6;
    return (*store)->find(index_of(1)) == revoked(1) ? 0 : 7;
  });
  EXPECT_EQ(failed_at, 0);
  const auto store = open_store(directory, log);
  EXPECT_EQ(store->find(index_of(1)), revoked(1));
  EXPECT_TRUE(directory.names("cache.damaged-").empty());
}

TEST_F(DiskTest, I6_damaged_cache_on_a_full_disk_makes_room_for_an_empty_one) {
  const int failed_at = in_child([&] {
    if (!own_file_system("size=256k")) return kMayNotMount;
    if (!open_store(directory, log)) return 1;
    write_all(directory.data_file(), std::string(1 << 20, 'x'));  // until the disk is full
    const auto store = try_open_store(directory, log);
    if (!store) return 2;
    return put_one(**store, active(1)) ? 0 : 3;
  });
  if (failed_at == kMayNotMount) GTEST_SKIP() << "this user may not mount";
  EXPECT_EQ(failed_at, 0) << log.text();
}

TEST_F(DiskTest, I6_started_on_a_read_only_file_system_it_reads_what_is_there_and_says_so) {
  const int failed_at = in_child([&] {
    if (!own_file_system("size=4m")) return kMayNotMount;
    {
      const auto store = open_store(directory, log);
      if (!put_one(*store, active(1)) || !store->confirm(entry(active(1, minute(5))))) return 1;
      if (!store->write_ledger()) return 2;
    }
    if (!remount(MS_RDONLY)) return 3;
    const auto store = try_open_store(directory, log);
    if (!store || (*store)->find(index_of(1)) != active(1, minute(5))) return 4;
    const Status refused = put_one(**store, revoked(1));
    if (refused || refused.error().what().find("read-only") == std::string::npos) return 5;
    if (!(*store)->find(index_of(1))) return 6;
    // Writable again: it goes on.
    if (!remount(0) || !put_one(**store, revoked(1))) return 7;
    return (*store)->find(index_of(1)) == revoked(1) ? 0 : 8;
  });
  if (failed_at == kMayNotMount) GTEST_SKIP() << "this user may not mount";
  EXPECT_EQ(failed_at, 0);
  EXPECT_NE(log.text().find("read-only; remount it"), std::string::npos) << log.text();
}

TEST_F(DiskTest, no_cache_yet_on_a_read_only_file_system_is_told_in_one_sentence) {
  const int failed_at = in_child([&] {
    if (!own_file_system("size=4m") || !remount(MS_RDONLY)) return kMayNotMount;
    const auto store = try_open_store(directory, log);
    if (store) return 1;
    const std::string& said = store.error().what();
    return said.find("read-only") != std::string::npos ||
                   said.find("Read-only") != std::string::npos
               ? 0
               : 2;
  });
  if (failed_at == kMayNotMount) GTEST_SKIP() << "this user may not mount";
  EXPECT_EQ(failed_at, 0);
}

TEST_F(DiskTest, ledger_that_cannot_be_written_is_an_error_and_costs_nothing_in_memory) {
  const int failed_at = in_child([&] {
    if (!own_file_system("size=1m")) return kMayNotMount;
    const auto store = open_store(directory, log);
    if (!put_one(*store, active(1)) || !store->confirm(entry(active(1, minute(5))))) return 1;
    if (!store->write_ledger() || !store->confirm(entry(active(1, minute(6))))) return 2;
    write_all(directory.path("full"), std::string(2 << 20, 'x'));
    const Status full = store->write_ledger();
    if (full || full.error().what().find(directory.path("ledger")) == std::string::npos) return 3;
    if (store->find(index_of(1)) != active(1, minute(6))) return 4;
    std::filesystem::remove(directory.path("full"));
    if (!store->write_ledger()) return 5;  // room again: it goes on, though nothing came after
    return directory.names("ledger") == std::vector<std::string>{"ledger"} ? 0 : 6;
  });
  if (failed_at == kMayNotMount) GTEST_SKIP() << "this user may not mount";
  EXPECT_EQ(failed_at, 0);
}

TEST_F(DiskTest, ledger_in_a_directory_that_turned_read_only_is_an_error_and_no_more) {
  const int failed_at = in_child([&] {
    constexpr uid_t kNobody = 65534;
    if (geteuid() == 0 && chown(directory.path().c_str(), kNobody, kNobody) != 0) return 1;
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) return 2;
    const auto store = open_store(directory, log);
    if (!put_one(*store, active(1)) || !store->confirm(entry(active(1, minute(5))))) return 3;
    std::filesystem::permissions(directory.path(), std::filesystem::perms(0500));
    const bool written = store->write_ledger().ok();
    std::filesystem::permissions(directory.path(), std::filesystem::perms(0700));
    if (written) return 4;
    if (!put_one(*store, revoked(2)) || store->find(index_of(1)) != active(1, minute(5))) return 5;
    return store->write_ledger() ? 0 : 6;
  });
  EXPECT_EQ(failed_at, 0);
}

TEST_F(DiskTest, place_that_is_no_directory_is_told_in_one_sentence) {
  write_all(directory.path("file"), "");
  const auto store = Store::open({.directory = directory.path("file")}, device_keys(), log.log());
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().what().find(directory.path("file")), std::string::npos);
}

TEST_F(DiskTest, directory_of_another_user_is_told_in_one_sentence) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  const int failed_at = in_child([&] {
    if (setresuid(65534, 65534, 65534) != 0) return 1;
    const auto store = try_open_store(directory, log);
    if (store) return 2;
    return store.error().what().find(directory.path()) != std::string::npos ? 0 : 3;
  });
  EXPECT_EQ(failed_at, 0);
}

/// The write fails, with as many tries of LMDB to undo it as there are.
class MetaWrite : public DiskTest, public testing::WithParamInterface<int> {};

TEST_P(MetaWrite, I6_that_fails_costs_an_error_and_nothing_else) {
  for (int round = 0; round < 5; ++round) {
    const auto store = open_store(directory, log);
    ASSERT_TRUE(put_one(*store, active(1)));
    FailingDisk::meta_writes = GetParam();
    const Status failed = put_one(*store, revoked(1));
    EXPECT_EQ(FailingDisk::meta_writes, 0) << "the test does not hit what it means";
    FailingDisk::meta_writes = 0;
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().what().find("the disk is full"), std::string::npos);
    EXPECT_TRUE(store->find(index_of(1))) << "nothing to read any more";
    ASSERT_TRUE(put_one(*store, revoked(1)));
    EXPECT_EQ(store->find(index_of(1)), revoked(1));
  }
  EXPECT_TRUE(directory.names("cache.damaged-").empty()) << log.text();
}

INSTANTIATE_TEST_SUITE_P(Disk, MetaWrite, testing::Values(1, 2));

}  // namespace
}  // namespace akgate
