// SPDX-License-Identifier: Apache-2.0
//
// I13: a removed or altered line shows, and the first one is named.

#include <algorithm>

#include "audit/block.hpp"
#include "audit_support.hpp"
#include "base/wire.hpp"

namespace akgate {
namespace {

using Kind = AuditFinding::Kind;

/// A stretch of a file, and the entry that must be named when it is not as it was.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t sequence = 0;
  bool is_entry = false;
};

/// Cuts a file into its stretches by the format alone. `sequence`: of its first entry.
std::vector<Stretch> stretches_of(const std::string& bytes, std::uint64_t sequence,
                                  std::uint64_t named_for_head) {
  std::vector<Stretch> stretches = {{0, kFileHeadBytes, named_for_head}};
  std::size_t at = kFileHeadBytes;
  while (at < bytes.size()) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[at + i]); };
    const std::size_t body_end =
        at + kBlockHeadBytes + byte(0) + (static_cast<std::size_t>(byte(1)) << 8U);
    WireReader in(std::string_view(bytes).substr(0, body_end).substr(at + kBlockHeadBytes));
    static_cast<void>(in.count());
    static_cast<void>(in.milliseconds());
    std::size_t record = body_end - in.rest().size();
    stretches.push_back({at, record, sequence});
    while (record < body_end) {
      const std::string_view text = in.text();
      static_cast<void>(in.raw(4));
      const std::size_t end = body_end - in.rest().size();
      const bool is_entry = text.front() != '\0';
      stretches.push_back({record, end, sequence, is_entry});
      if (is_entry) ++sequence;
      record = end;
    }
    at = body_end + kBlockSealBytes;
    stretches.push_back({body_end, at, sequence - 1});
  }
  return stretches;
}

class TamperTest : public TrailTest {
 protected:
  /// Three files: entries 1 to 6 in three blocks, 7 to 10 in two, 11 to 12 in one.
  void SetUp() override {
    TrailWriter writer = open();
    append(writer, {allow(1), allow(2)});
    append(writer, {allow(3), allow(4), allow(5)});
    append(writer, {allow(6)});
    begin_file();
    TrailWriter second = open(AuditRoom::allows, std::nullopt);
    append(second, {allow(7), allow(8), allow(9)});
    append(second, {allow(10)});
    begin_file();
    TrailWriter third = open();
    append(third, {allow(11), allow(12)});
    ASSERT_FALSE(read().finding);
    ASSERT_EQ(read().entries.size(), 12U);
    head_ = third.end();
  }

  void begin_file() const {
    const Reading so_far = read();
    const auto files = list_trail_files(directory.path(), AuditRoom::allows).value();
    const FileHead head{
        .room = AuditRoom::allows, .number = files.back() + 1, .oldest = 1, .before = so_far.end};
    write_whole(file(head.number), encode_file_head(audit_keys(), head));
  }

  [[nodiscard]] std::vector<Stretch> stretches(std::uint64_t number) const {
    const std::uint64_t first = number == 1 ? 1 : number == 2 ? 7 : 11;
    return stretches_of(read_whole(file(number)), first, number == 1 ? 0 : first);
  }

  /// The entries' stretches of one block.
  [[nodiscard]] Stretch entry(std::uint64_t number, std::uint64_t sequence) const {
    const auto all = stretches(number);
    return *std::find_if(all.begin(), all.end(), [&](const Stretch& stretch) {
      return stretch.is_entry && stretch.sequence == sequence;
    });
  }

  void expect_finding(Kind kind, std::uint64_t sequence, std::uint64_t number) const {
    const Reading reading = read(AuditRoom::allows, head_);
    ASSERT_TRUE(reading.finding);
    EXPECT_EQ(reading.finding->kind, kind);
    EXPECT_EQ(reading.finding->sequence, sequence);
    EXPECT_EQ(reading.finding->file, trail_file_name(AuditRoom::allows, number));
  }

  ChainEnd head_;
};

TEST_F(TamperTest, I13_a_flipped_bit_anywhere_names_the_entry) {
  for (const std::uint64_t number : {1U, 2U, 3U}) {
    const std::string whole = read_whole(file(number));
    for (const Stretch& stretch : stretches(number)) {
      for (std::size_t bit = stretch.begin * 8; bit < stretch.end * 8; ++bit) {
        std::string altered = whole;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ 1 << bit % 8);
        write_whole(file(number), altered);
        const Reading reading = read();
        ASSERT_TRUE(reading.finding) << number << " bit " << bit;
        ASSERT_EQ(reading.finding->kind, Kind::altered) << number << " bit " << bit;
        ASSERT_EQ(reading.finding->sequence, stretch.sequence) << number << " bit " << bit;
        ASSERT_EQ(reading.finding->file, trail_file_name(AuditRoom::allows, number));
      }
    }
    write_whole(file(number), whole);
  }
}

TEST_F(TamperTest, I13_a_removed_entry_is_missing) {
  const std::string whole = read_whole(file(1));
  const Stretch gone = entry(1, 4);
  write_whole(file(1), whole.substr(0, gone.begin) + whole.substr(gone.end));
  expect_finding(Kind::missing, 4, 1);
}

TEST_F(TamperTest, I13_a_removed_entry_is_missing_however_the_length_was_mended) {
  std::string bytes = read_whole(file(1));
  const Stretch gone = entry(1, 4);
  const std::size_t head = stretches(1)[6].begin;  // of the second block
  ASSERT_EQ(stretches(1)[6].sequence, 3U);
  bytes[head] = static_cast<char>(bytes[head] - static_cast<char>(gone.end - gone.begin));
  write_whole(file(1), bytes.substr(0, gone.begin) + bytes.substr(gone.end));
  expect_finding(Kind::missing, 4, 1);
}

TEST_F(TamperTest, I13_entries_that_changed_places_are_reordered) {
  const std::string whole = read_whole(file(1));
  const Stretch a = entry(1, 4);
  const Stretch b = entry(1, 5);
  write_whole(file(1), whole.substr(0, a.begin) + whole.substr(b.begin, b.end - b.begin) +
                           whole.substr(a.begin, a.end - a.begin) + whole.substr(b.end));
  expect_finding(Kind::reordered, 4, 1);
}

TEST_F(TamperTest, I13_an_entry_that_stands_twice_is_reordered) {
  const std::string whole = read_whole(file(1));
  const Stretch a = entry(1, 4);
  write_whole(file(1), whole.substr(0, a.end) + whole.substr(a.begin));
  expect_finding(Kind::reordered, 4, 1);
}

TEST_F(TamperTest, I13_blocks_removed_or_swapped_show) {
  const std::string whole = read_whole(file(1));
  const auto all = stretches(1);
  std::vector<std::size_t> ends = {kFileHeadBytes};
  for (const Stretch& stretch : all) {
    if (stretch.end - stretch.begin == kBlockSealBytes) ends.push_back(stretch.end);
  }
  ASSERT_EQ(ends.size(), 4U);
  const auto block = [&](std::size_t i) { return whole.substr(ends[i], ends[i + 1] - ends[i]); };
  const std::string head = whole.substr(0, kFileHeadBytes);
  write_whole(file(1), head + block(0) + block(2));
  expect_finding(Kind::missing, 3, 1);
  write_whole(file(1), head + block(0) + block(2) + block(1));
  expect_finding(Kind::reordered, 3, 1);
  write_whole(file(1), head + block(0) + block(0) + block(1) + block(2));
  expect_finding(Kind::reordered, 1, 1);
  write_whole(file(1), head + block(0) + block(1));
  expect_finding(Kind::missing, 6, 1);
  write_whole(file(1), whole + block(2));
  expect_finding(Kind::reordered, 6, 1);
}

TEST_F(TamperTest, I13_a_removed_file_is_missing) {
  const std::vector<std::uint64_t> first_missing = {0, 7, 11};
  for (const std::uint64_t number : {1U, 2U, 3U}) {
    const std::string whole = read_whole(file(number));
    std::filesystem::remove(file(number));
    const Reading reading = read(AuditRoom::allows, head_);
    ASSERT_TRUE(reading.finding) << number;
    EXPECT_EQ(reading.finding->kind, Kind::missing);
    EXPECT_EQ(reading.finding->sequence, first_missing[number - 1]);
    write_whole(file(number), whole);
  }
  EXPECT_FALSE(read(AuditRoom::allows, head_).finding);
}

TEST_F(TamperTest, I13_files_that_changed_places_or_stand_twice_show) {
  std::filesystem::rename(file(1), file(9));
  std::filesystem::rename(file(2), file(1));
  std::filesystem::rename(file(9), file(2));
  expect_finding(Kind::altered, 0, 1);
  std::filesystem::rename(file(1), file(9));
  std::filesystem::rename(file(2), file(1));
  std::filesystem::rename(file(9), file(2));
  ASSERT_FALSE(read().finding);
  std::filesystem::copy_file(file(3), file(4));
  expect_finding(Kind::altered, 13, 4);
}

TEST_F(TamperTest, I13_an_end_that_was_cut_off_shows_by_the_head) {
  const std::string whole = read_whole(file(3));
  write_whole(file(3), whole.substr(0, kFileHeadBytes));
  EXPECT_FALSE(read().finding) << "nothing tells of it but the head";
  expect_finding(Kind::missing, 11, 3);
  for (const std::uint64_t number : {1U, 2U, 3U}) std::filesystem::remove(file(number));
  expect_finding(Kind::missing, 1, 1);
}

TEST_F(TamperTest, I13_another_trail_in_its_place_shows_by_the_head) {
  ChainEnd other = head_;
  other.seal[0] ^= 1U;
  const Reading reading = read(AuditRoom::allows, other);
  ASSERT_TRUE(reading.finding);
  EXPECT_EQ(reading.finding->kind, Kind::altered);
  EXPECT_EQ(reading.finding->sequence, 12U);
}

TEST_F(TamperTest, I13_a_cut_in_an_older_file_is_no_power_cut) {
  const std::string whole = read_whole(file(2));
  write_whole(file(2), whole.substr(0, whole.size() - 3));
  expect_finding(Kind::altered, 10, 2);
}

TEST_F(TamperTest, I13_an_altered_trail_is_left_as_it_is_and_goes_on_in_a_new_file) {
  std::string bytes = read_whole(file(3));
  bytes[kFileHeadBytes + 40] ^= 1;
  write_whole(file(3), bytes);
  {
    TrailWriter writer = open(AuditRoom::allows, head_);
    append(writer, {allow(20)});
    EXPECT_EQ(writer.end().sequence, 14U) << "no number twice: 13 tells what was found";
  }
  EXPECT_EQ(read_whole(file(3)), bytes);
  const Reading reading = read();
  ASSERT_TRUE(reading.finding);
  EXPECT_EQ(reading.finding->sequence, 11U);
  ASSERT_GE(reading.entries.size(), 2U);
  EXPECT_EQ(reading.entries[reading.entries.size() - 2].kind, AuditKind::broken);
  EXPECT_EQ(reading.entries.back().sequence, 14U);
}

}  // namespace
}  // namespace akgate
