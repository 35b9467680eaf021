// SPDX-License-Identifier: Apache-2.0
//
// The store on a disk that is full, failing, read-only or somebody else's.
#include <dlfcn.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "cache_support.hpp"

namespace {

// How many of the next short writes at the beginning of a file are to fail: LMDB's last step of a
// commit.
int failing_meta_writes = 0;

}  // namespace

/// Stands in for the C library's in this program.
extern "C" __attribute__((visibility("default"))) ssize_t pwrite(int fd, const void* from,
                                                                 std::size_t size, off_t offset) {
  if (failing_meta_writes > 0 && size < 512 && offset < 65536) {
    --failing_meta_writes;
    errno = ENOSPC;
    return -1;
  }
  static const auto real = reinterpret_cast<decltype(&pwrite)>(dlsym(RTLD_NEXT, "pwrite"));
  return real(fd, from, size, offset);
}

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

TEST_F(DiskTest, read_only_file_system_is_told_in_one_sentence) {
  const int failed_at = in_child([&] {
    if (!own_file_system("size=4m")) return kMayNotMount;
    if (!open_store(directory, log)) return 1;
    const unsigned long read_only = MS_REMOUNT | MS_RDONLY;
    if (mount(nullptr, directory.path().c_str(), nullptr, read_only, nullptr) != 0) return 2;
    const auto store = try_open_store(directory, log);
    if (store) return 3;
    return store.error().what().find("read-only") != std::string::npos ? 0 : 4;
  });
  if (failed_at == kMayNotMount) GTEST_SKIP() << "this user may not mount";
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
    failing_meta_writes = GetParam();
    const Status failed = put_one(*store, revoked(1));
    EXPECT_EQ(failing_meta_writes, 0) << "the test does not hit what it means";
    failing_meta_writes = 0;
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
