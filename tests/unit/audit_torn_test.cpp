// SPDX-License-Identifier: Apache-2.0
//
// What a power cut leaves: at most the last block is lost, and it is told from tampering.

#include "audit/block.hpp"
#include "audit_support.hpp"

namespace akgate {
namespace {

class TornTest : public TrailTest {
 protected:
  void SetUp() override {
    TrailWriter writer = open();
    append(writer, {allow(1), allow(2)});
    durable_ = read_whole(file(1)).size();
    durable_end_ = writer.end();
    append(writer, {allow(3), allow(4), allow(5)});
    whole_ = read_whole(file(1));
  }

  /// The trail stands as a crash left it: it is no tampering, and the agent goes on behind what was
  /// durable, and says so.
  void expect_power_cut(const std::string& bytes) const {
    write_whole(file(1), bytes);
    const Reading before = read(AuditRoom::allows, durable_end_);
    ASSERT_FALSE(before.finding);
    ASSERT_TRUE(before.torn);
    ASSERT_EQ(before.entries.size(), 2U);
    TrailWriter writer = open(AuditRoom::allows, durable_end_);
    append(writer, {allow(6)});
    const Reading after = read(AuditRoom::allows, writer.end());
    ASSERT_FALSE(after.finding);
    ASSERT_FALSE(after.torn);
    ASSERT_EQ(after.entries.size(), 4U);
    ASSERT_EQ(after.entries[2].kind, AuditKind::cut);
    ASSERT_EQ(after.entries[2].at, at_second(1000));
    ASSERT_EQ(after.entries[3].key, allow(6).key);
  }

  std::size_t durable_ = 0;
  ChainEnd durable_end_;
  std::string whole_;
};

TEST_F(TornTest, I13_an_end_torn_at_any_byte_is_a_power_cut) {
  for (std::size_t size = durable_ + 1; size < whole_.size(); ++size) {
    SCOPED_TRACE(size);
    expect_power_cut(whole_.substr(0, size));
    if (HasFatalFailure()) return;
  }
}

TEST_F(TornTest, I13_an_end_never_filled_from_any_byte_on_is_a_power_cut) {
  for (std::size_t size = durable_; size + 8 <= whole_.size(); ++size) {
    SCOPED_TRACE(size);
    expect_power_cut(whole_.substr(0, size) + std::string(whole_.size() - size, '\0'));
    if (HasFatalFailure()) return;
  }
}

TEST_F(TornTest, I13_a_cut_between_blocks_below_the_head_is_tampering) {
  ASSERT_EQ(read().end.sequence, 5U);
  const ChainEnd head = read().end;
  write_whole(file(1), whole_.substr(0, durable_));
  EXPECT_FALSE(read(AuditRoom::allows, durable_end_).finding);
  const Reading reading = read(AuditRoom::allows, head);
  ASSERT_TRUE(reading.finding);
  EXPECT_EQ(reading.finding->kind, AuditFinding::Kind::missing);
  EXPECT_EQ(reading.finding->sequence, 3U);
}

TEST_F(TornTest, I13_a_torn_block_below_the_head_is_tampering) {
  const ChainEnd head = read().end;
  write_whole(file(1), whole_.substr(0, whole_.size() - 5));
  const Reading reading = read(AuditRoom::allows, head);
  ASSERT_TRUE(reading.finding);
  EXPECT_EQ(reading.finding->sequence, 3U);
}

TEST_F(TornTest, I13_an_altered_byte_in_the_last_block_is_tampering) {
  for (std::size_t at = durable_; at < whole_.size(); ++at) {
    std::string bytes = whole_;
    bytes[at] = static_cast<char>(~bytes[at]);
    write_whole(file(1), bytes);
    ASSERT_TRUE(read().finding) << at;
  }
}

TEST_F(TornTest, a_file_that_was_only_begun_is_gone_on_with) {
  const FileHead head{.room = AuditRoom::allows, .number = 2, .oldest = 1, .before = read().end};
  write_whole(file(2), encode_file_head(audit_keys(), head));
  write_whole(directory / "allows-0000000003.trail.tmp-00", "left behind");
  TrailWriter writer = open();
  append(writer, {allow(6)});
  EXPECT_FALSE(read().finding);
  EXPECT_EQ(read().entries.size(), 6U);
  EXPECT_FALSE(std::filesystem::exists(directory / "allows-0000000003.trail.tmp-00"));
}

}  // namespace
}  // namespace akgate
