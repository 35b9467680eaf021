// SPDX-License-Identifier: Apache-2.0
//
// The trail on a disk that is full or failing, and under an agent that is killed at any write.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "audit_support.hpp"
#include "tests/support/real_call.hpp"

namespace {

// At which of the next calls that change a file to fail, or to end the process; 0: at none.
int fail_at_call = 0;
int die_at_call = 0;
// Of the bytes of a write that fails or ends the process, so many are written all the same.
std::size_t bytes_that_pass = 0;

/// Whether this call is to fail.
bool is_hit() {
  const bool dies = die_at_call > 0 && --die_at_call == 0;
  const bool fails = fail_at_call > 0 && --fail_at_call == 0;
  if (fails) errno = ENOSPC;
  return dies || fails;
}

bool is_to_die = false;

int end_or_fail() {
  if (is_to_die) _exit(0);
  return -1;
}

}  // namespace

// These stand in for the C library's in this program.
extern "C" {
__attribute__((visibility("default"))) ssize_t pwrite(int fd, const void* from, std::size_t size,
                                                      off_t offset) {
  const auto write_it = akgate::real_call("pwrite", &pwrite);
  if (!is_hit()) return write_it(fd, from, size, offset);
  static_cast<void>(write_it(fd, from, std::min(size, bytes_that_pass), offset));
  errno = ENOSPC;
  return end_or_fail();
}
__attribute__((visibility("default"))) int fdatasync(int fd) {
  return is_hit() ? end_or_fail() : akgate::real_call("fdatasync", &fdatasync)(fd);
}
__attribute__((visibility("default"))) int fsync(int fd) {
  return is_hit() ? end_or_fail() : akgate::real_call("fsync", &fsync)(fd);
}
__attribute__((visibility("default"))) int ftruncate(int fd, off_t size) noexcept {
  return is_hit() ? end_or_fail() : akgate::real_call("ftruncate", &ftruncate)(fd, size);
}
__attribute__((visibility("default"))) int rename(const char* from, const char* to) noexcept {
  return is_hit() ? end_or_fail() : akgate::real_call("rename", &rename)(from, to);
}
__attribute__((visibility("default"))) int unlink(const char* path) noexcept {
  return is_hit() ? end_or_fail() : akgate::real_call("unlink", &unlink)(path);
}
}

namespace akgate {
namespace {

class AuditDiskTest : public TrailTest {
 protected:
  void TearDown() override { fail_at_call = die_at_call = 0; }

  [[nodiscard]] static AuditBatch batch_of(int number) {
    AuditBatch batch(max_batch_bytes(AuditRoom::allows, kSmallest));
    for (int i = 0; i < 12; ++i) batch.add(allow(number));
    return batch;
  }
};

TEST_F(AuditDiskTest, I13_a_write_that_fails_anywhere_is_made_again_and_costs_nothing) {
  int number = 0;
  for (const std::size_t passes : {0U, 5U, 200U}) {
    bytes_that_pass = passes;
    for (int call = 1; call < 8; ++call) {
      TrailWriter writer = open();
      // Over the end of a file and more.
      for (int i = 0; i < 8; ++i) {
        const AuditBatch batch = batch_of(++number);
        fail_at_call = call;
        Status status = writer.append(batch);
        fail_at_call = 0;
        if (!status) status = writer.append(batch);
        ASSERT_TRUE(status) << status.error().what();
      }
    }
  }
  const Reading reading = read();
  ASSERT_FALSE(reading.finding) << reading.finding->sequence;
  EXPECT_FALSE(reading.torn);
  EXPECT_EQ(reading.end.sequence, 12U * static_cast<std::uint64_t>(number));
}

TEST_F(AuditDiskTest, a_full_disk_is_told_in_one_sentence) {
  TrailWriter writer = open();
  append(writer, {allow(1)});
  fail_at_call = 1;
  const Status status = writer.append(batch_of(2));
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().what().find("the disk is full"), std::string::npos);
}

TEST_F(AuditDiskTest, I13_killed_at_any_write_it_goes_on_with_all_that_was_durable) {
  int kills = 0;
  for (int call = 1; call < 60; ++call) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      is_to_die = true;
      bytes_that_pass = static_cast<std::size_t>(call) * 7 % 200;
      die_at_call = call;
      TrailWriter writer = open();
      for (int i = 0; i < 20; ++i) {
        if (!writer.append(batch_of(i))) _exit(1);
        const ChainEnd end = writer.end();
        if (write(ends[1], &end, sizeof(end)) != sizeof(end)) _exit(2);
      }
      _exit(3);
    }
    close(ends[1]);
    ChainEnd durable;
    for (ChainEnd told; ::read(ends[0], &told, sizeof(told)) == sizeof(told);) durable = told;
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    if (WEXITSTATUS(status) == 3) break;  // there are no more calls
    ASSERT_EQ(WEXITSTATUS(status), 0);
    ++kills;
    const Reading left = read(AuditRoom::allows, durable);
    ASSERT_FALSE(left.finding) << call << ": a crash was taken for tampering";
    TrailWriter writer = open(AuditRoom::allows, durable);
    append(writer, {allow(call)});
    const Reading after = read(AuditRoom::allows, writer.end());
    ASSERT_FALSE(after.finding) << call;
    ASSERT_FALSE(after.torn);
    ASSERT_EQ(after.entries.back().key, allow(call).key);
  }
  EXPECT_GT(kills, 40);
}

}  // namespace
}  // namespace akgate
