// SPDX-License-Identifier: Apache-2.0
//
// The trail is bounded, the oldest goes first, and denials push out no ALLOW.

#include "audit_support.hpp"

namespace akgate {
namespace {

class RotationTest : public TrailTest {
 protected:
  [[nodiscard]] std::uint64_t bytes_on_disk() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
      bytes += entry.file_size();
    }
    return bytes;
  }

  /// Blocks of eight until rotation has come round twice.
  void fill(TrailWriter& writer, AuditEntry (*make)(int)) const {
    for (int i = 0; i < 400; ++i) {
      std::vector<AuditEntry> entries;
      for (int j = 0; j < 8; ++j) entries.push_back(make(i * 8 + j));
      append(writer, entries);
      ASSERT_LE(bytes_on_disk(), kSmallest);
    }
  }
};

AuditEntry revoked(int number) { return deny(number); }

TEST_F(RotationTest, I13_bounded_and_what_rotation_removed_is_not_missing) {
  TrailWriter writer = open();
  fill(writer, allow);
  const Reading reading = read(AuditRoom::allows, writer.end());
  EXPECT_FALSE(reading.finding);
  ASSERT_FALSE(reading.entries.empty());
  EXPECT_GT(reading.entries.front().sequence, 1U);
  EXPECT_EQ(reading.entries.back().sequence, 3200U);
  EXPECT_EQ(reading.entries.size(), 3201U - reading.entries.front().sequence);
  // Three quarters of the room, less the file that is being filled.
  EXPECT_GT(bytes_on_disk(), kSmallest * 3 / 4 * 10 / 12);
}

TEST_F(RotationTest, I13_a_flood_of_denials_pushes_out_no_allow) {
  TrailWriter allows = open();
  append(allows, {allow(1), allow(2)});
  TrailWriter denials = open(AuditRoom::denials);
  fill(denials, revoked);
  EXPECT_EQ(read().entries.size(), 2U);
  const Reading reading = read(AuditRoom::denials);
  EXPECT_FALSE(reading.finding);
  EXPECT_GT(reading.entries.front().sequence, 1U);
}

TEST_F(RotationTest, I13_the_oldest_that_rotation_left_is_missing_when_removed) {
  TrailWriter writer = open();
  fill(writer, allow);
  const auto files = list_trail_files(directory.path(), AuditRoom::allows).value();
  std::filesystem::remove(file(files.front()));
  const Reading reading = read();
  ASSERT_TRUE(reading.finding);
  EXPECT_EQ(reading.finding->kind, AuditFinding::Kind::missing);
  EXPECT_EQ(reading.finding->file, trail_file_name(AuditRoom::allows, files.front()));
}

TEST_F(RotationTest, goes_on_where_it_was_after_each_restart) {
  for (int i = 0; i < 300; ++i) {
    TrailWriter writer = open();
    append(writer, {allow(i), allow(i)});
  }
  const Reading reading = read();
  EXPECT_FALSE(reading.finding);
  EXPECT_EQ(reading.entries.back().sequence, 600U);
}

TEST_F(RotationTest, less_room_than_before_is_kept_from_the_next_file_on) {
  {
    TrailWriter roomy =
        TrailWriter::open(
            {.directory = directory.path(), .room = AuditRoom::allows, .max_bytes = 4 * kSmallest},
            audit_keys(), std::nullopt, at_second(0))
            .value();
    for (int i = 0; i < 3000; ++i) append(roomy, {allow(i)});
  }
  TrailWriter writer = open();
  for (int i = 0; i < 3000; ++i) append(writer, {allow(i)});
  EXPECT_LE(bytes_on_disk(), kSmallest);
  EXPECT_FALSE(read().finding);
}

TEST_F(RotationTest, a_reader_that_rotation_overtakes_finds_nothing_wrong) {
  TrailWriter writer = open();
  fill(writer, allow);
  auto reader =
      TrailReader::open(directory.path(), AuditRoom::allows, audit_keys(), std::nullopt).value();
  ASSERT_TRUE(reader.next());
  fill(writer, allow);
  while (reader.next()) continue;
  EXPECT_FALSE(reader.finding());
}

}  // namespace
}  // namespace akgate
