// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "cache_support.hpp"

namespace akgate {
namespace {

class CrashTest : public testing::Test {
 protected:
  /// Puts one record after the other, confirms it, and tells each number down the pipe once that is
  /// durable.
  void put_until_killed(std::uint64_t from, int pipe) const {
    const auto store = try_open_store(directory, log);
    if (!store) _exit(1);
    for (std::uint64_t number = from;; ++number) {
      const std::array entries = {entry(active(number)), entry(revoked(number % 7))};
      if (!(*store)->put(entries)) _exit(2);
      if (!(*store)->confirm(entry(active(number, minute(1)))) || !(*store)->write_ledger()) {
        _exit(4);
      }
      if (write(pipe, &number, sizeof(number)) != sizeof(number)) _exit(3);
    }
  }

  const TempDirectory directory;
  const LogFile log;
};

TEST_F(CrashTest, I6_killed_at_any_moment_it_opens_again_with_all_that_was_put) {
  std::mt19937_64 random(1);
  std::uint64_t next = 10;
  std::chrono::nanoseconds worst{0};
  for (int round = 0; round < 40; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) put_until_killed(next, ends[1]);
    close(ends[1]);
    // Once it is at it, at a random moment within the next few puts.
    std::uint64_t done = 0;
    ASSERT_EQ(read(ends[0], &done, sizeof(done)), static_cast<ssize_t>(sizeof(done)));
    usleep(static_cast<useconds_t>(random() % 2000));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "ended by itself with " << WEXITSTATUS(status);
    while (read(ends[0], &done, sizeof(done)) == static_cast<ssize_t>(sizeof(done))) continue;
    close(ends[0]);

    const auto start = std::chrono::steady_clock::now();
    const auto store = open_store(directory, log);
    worst = std::max<std::chrono::nanoseconds>(worst, std::chrono::steady_clock::now() - start);
    for (std::uint64_t number = next; number <= done; ++number) {
      ASSERT_EQ(store->find(index_of(number)), active(number, minute(1))) << round;
      ASSERT_EQ(store->find(index_of(number % 7)), revoked(number % 7)) << round;
    }
    next = done + 1;
  }
  EXPECT_EQ(log.text(), "") << "a crash was taken for damage";
  RecordProperty("puts", std::to_string(next));
  RecordProperty(
      "worst_reopening_us",
      std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(worst).count()));
}

}  // namespace
}  // namespace akgate
