// SPDX-License-Identifier: Apache-2.0
//
// What an entry says comes back from disk as it was, and how much room it takes there.

#include "audit/block.hpp"
#include "audit/packed.hpp"
#include "audit_support.hpp"

namespace akgate {
namespace {

using std::chrono::seconds;

std::vector<AuditEntry> one_of_each() {
  std::vector<AuditEntry> entries = {allow(1), deny(2)};
  for (const AuditKind kind :
       {AuditKind::bind, AuditKind::unbind, AuditKind::block, AuditKind::unblock, AuditKind::forget,
        AuditKind::reload, AuditKind::start, AuditKind::stop, AuditKind::lost, AuditKind::cut,
        AuditKind::broken}) {
    AuditEntry entry;
    entry.kind = kind;
    entry.at = at_second(3);
    entry.last = entry.at;
    entry.uid = 0;
    entry.detail = "what " + std::string(to_string(kind)) + " tells";
    entries.push_back(entry);
  }
  entries[2].key = Fingerprint{0xff};
  entries[2].meter_point = MeterPointHash{0xee};
  entries[10].count = 12345;
  entries[10].last = at_second(9000);
  return entries;
}

class EntryTest : public TrailTest {
 protected:
  /// The entries as one block, and back.
  [[nodiscard]] std::vector<AuditEntry> through_disk(const std::vector<AuditEntry>& entries) const {
    TrailWriter writer = open();
    append(writer, entries);
    const Reading reading = read();
    EXPECT_FALSE(reading.finding);
    return reading.entries;
  }
};

TEST_F(EntryTest, I13_each_kind_comes_back_as_it_was) {
  std::vector<AuditEntry> entries = one_of_each();
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].sequence = i + 1;
  EXPECT_EQ(through_disk(entries), entries);
}

TEST_F(EntryTest, I13_each_reason_source_and_mode_comes_back) {
  std::vector<AuditEntry> entries;
  for (auto reason = static_cast<int>(Reason::blocked);
       reason <= static_cast<int>(Reason::not_cached); ++reason) {
    AuditEntry entry = deny(reason, static_cast<Reason>(reason));
    entry.source = static_cast<Source>(reason % 4);
    entry.mode = static_cast<Mode>(reason % 3);
    if (reason % 2 == 0) entry.age.reset();
    entry.sequence = entries.size() + 1;
    entries.push_back(entry);
  }
  EXPECT_EQ(through_disk(entries), entries);
}

TEST_F(EntryTest, what_rests_on_three_answers_names_all_transactions) {
  AuditEntry entry = allow(1);
  entry.sequence = 1;
  entry.transaction_id = tid(1) + "," + tid(2) + "," + tid(3);
  entry.duid = "duid_bright";
  AuditEntry odd = allow(2);
  odd.sequence = 2;
  odd.transaction_id = "other-form," + tid(4) + ",tid_UPPER";
  EXPECT_EQ(through_disk({entry, odd}), (std::vector{entry, odd}));
}

TEST_F(EntryTest, time_that_goes_back_and_far_ages_come_back) {
  AuditEntry first = allow(50);
  first.sequence = 1;
  AuditEntry second = allow(1);
  second.sequence = 2;
  second.age = seconds(1ULL << 40U);
  second.uid = 0xffffffffU;
  EXPECT_EQ(through_disk({first, second}), (std::vector{first, second}));
}

TEST_F(EntryTest, texts_of_any_length_are_bounded) {
  AuditEntry entry = deny(1);
  const std::string fits(AuditEntry::kMaxText - std::string_view("…").size(), 'x');
  entry.controller = fits + "éé and more";
  for (int i = 0; i < 32; ++i) {
    static_cast<void>(entry.data_types.add("TYPE-" + std::to_string(i) + std::string(50, 'y')));
  }
  AuditBatch batch(EntryEncoder::kMaxBytes);
  batch.add(entry);
  EXPECT_LE(batch.bytes(), EntryEncoder::kMaxBytes);
  const std::vector<AuditEntry> back = through_disk({entry});
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].controller, fits + "…");
  EXPECT_TRUE(back[0].data_types.contains("…"));
}

TEST_F(EntryTest, I13_an_allow_takes_at_most_64_bytes) {
  struct Case {
    const char* what;
    int transactions;
    bool all_parts;
    std::uint64_t uid;
  };
  for (const Case& c : {Case{"usual", 1, false, 1000}, Case{"meter point", 2, false, 1000},
                        Case{"all there is", 3, true, 0xffffffffU}}) {
    SCOPED_TRACE(c.what);
    constexpr int kEntries = 1000;
    AuditBatch batch(std::size_t{1} << 20U);
    for (int i = 0; i < kEntries; ++i) {
      AuditEntry entry = allow(i);
      entry.uid = c.uid;
      entry.source = Source::grace;
      entry.age = std::chrono::hours(23);
      if (c.transactions > 1) entry.transaction_id += "," + tid(10'000U + static_cast<unsigned>(i));
      if (c.transactions > 2) entry.transaction_id += "," + tid(77);  // the Data User's: shared
      if (c.all_parts) entry.duid = "duid_0123456789abcdef01234567";
      batch.add(entry);
    }
    ChainEnd end;
    const std::string block = seal_block(audit_keys(), AuditRoom::allows, batch, end);
    EXPECT_LE(block.size(), 64U * kEntries);
    RecordProperty(std::string("bytes_") + c.what, std::to_string(block.size() / kEntries));
  }
}

TEST_F(EntryTest, I9_a_meter_point_is_not_to_be_found) {
  AuditEntry entry = allow(1);
  entry.meter_point = audit_keys().meter_point("1234567890123");
  TrailWriter writer = open();
  append(writer, {entry});
  EXPECT_EQ(read_whole(file(1)).find("1234567890123"), std::string::npos);
  EXPECT_NE(audit_keys().meter_point("1234567890124"), *entry.meter_point);
  EXPECT_NE(AuditKeys::derive(Key256(Key256::Bytes{8})).meter_point("1234567890123"),
            *entry.meter_point);
}

TEST(AuditHead, comes_back_from_text) {
  const AuditHead head{.allows = {.sequence = 12, .seal = {1, 2}}, .denials = {.sequence = 0}};
  EXPECT_EQ(AuditHead::parse(head.to_text()), head);
  for (const char* const nonsense : {"", ",", "1:00,2:00", "x:y,z:w"}) {
    EXPECT_FALSE(AuditHead::parse(nonsense)) << nonsense;
  }
}

}  // namespace
}  // namespace akgate
