// SPDX-License-Identifier: Apache-2.0
//
// The trail as the desk sees it, in simulated time.

#include "audit/audit_trail.hpp"

#include <map>

#include "audit/whole_trail.hpp"
#include "audit_support.hpp"
#include "tests/support/simulated_loop.hpp"

namespace akgate {
namespace {

using namespace std::chrono_literals;

class AuditTrailTest : public testing::Test {
 protected:
  void start(const std::optional<AuditHead>& expected = std::nullopt) {
    trail = std::make_unique<AuditTrail>(
        AuditTrail::Settings{.directory = directory / "audit", .max_bytes = max_bytes, .sync = 5s},
        AuditTrail::Parts{.desk = desk, .writer = writer, .keys = keys, .log = log}, expected);
  }

  /// Lets time pass on both loops.
  void pass(std::chrono::milliseconds time) {
    for (auto left = time; left > 0ms; left -= 100ms) {
      desk.pass(100ms);
      writer.pass(100ms);
    }
    desk.settle();
  }

  [[nodiscard]] Verdict verdict(Reason reason) const {
    Verdict verdict;
    verdict.reason = reason;
    verdict.source = Source::register_;
    verdict.at = at_second(0) + std::chrono::duration_cast<std::chrono::milliseconds>(
                                    desk.now().time_since_epoch());
    verdict.age = 3s;
    verdict.transaction_id = tid(9);
    return verdict;
  }

  void note(Reason reason, std::uint64_t uid = 1000, const Question& question = {}) {
    trail->note(question, verdict(reason), {.uid = uid, .key = Fingerprint{4}});
  }

  /// An ALLOW that no other is like: it rests on a transaction of its own.
  void note_another() {
    Verdict allow = verdict(Reason::active);
    allow.transaction_id = tid(++transactions_);
    trail->note({}, allow, {.uid = 1000, .key = Fingerprint{4}});
  }

  [[nodiscard]] std::vector<AuditEntry> entries() const {
    auto whole = WholeTrail::open(directory / "audit", keys, trail->head()).value();
    std::vector<AuditEntry> all;
    while (auto entry = whole.next()) all.push_back(*std::move(entry));
    EXPECT_FALSE(whole.finding());
    return all;
  }

  /// Nothing can be written any more: a file stands where the directory should be.
  void break_disk() const { write_whole(directory / "audit", "no directory"); }
  void mend_disk() const { std::filesystem::remove(directory / "audit"); }

  unsigned transactions_ = 100;
  const TemporaryDirectory directory{true};
  std::uint64_t max_bytes = 1U << 20U;
  SimulatedLoop desk;
  SimulatedLoop writer;
  const AuditKeys keys = audit_keys();
  const Log log{LogLevel::error, LogFormat::text, -1};
  std::unique_ptr<AuditTrail> trail;
};

TEST_F(AuditTrailTest, I13_a_verdict_is_told_whole) {
  start();
  Question question;
  static_cast<void>(question.data_types.add("HH-EXPORT"));
  question.mpxn = "1234567890123";
  question.controller = "Bright";
  question.duid = "duid_1";
  question.mode = Mode::fresh;
  note(Reason::active, 1000, question);
  pass(5s);
  const auto all = entries();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, AuditKind::allow);
  EXPECT_EQ(all[0].sequence, 1U);
  EXPECT_EQ(all[0].uid, 1000U);
  EXPECT_EQ(all[0].key, Fingerprint{4});
  EXPECT_EQ(all[0].meter_point, keys.meter_point("1234567890123"));
  EXPECT_EQ(all[0].data_types, question.data_types);
  EXPECT_EQ(all[0].controller, "Bright");
  EXPECT_EQ(all[0].duid, "duid_1");
  EXPECT_EQ(all[0].mode, Mode::fresh);
  EXPECT_EQ(all[0].source, Source::register_);
  EXPECT_EQ(all[0].age, 3s);
  EXPECT_EQ(all[0].transaction_id, tid(9));
}

TEST_F(AuditTrailTest, I13_each_verdict_counts_once) {
  start();
  for (int i = 0; i < 500; ++i) {
    note(Reason::active);
    note(Reason::revoked);
    note(Reason::not_found);
    pass(100ms);
  }
  pass(5s);
  std::map<std::pair<AuditKind, Reason>, std::uint64_t> counts;
  for (const AuditEntry& entry : entries()) counts[{entry.kind, entry.reason}] += entry.count;
  EXPECT_EQ(counts[std::pair(AuditKind::allow, Reason::active)], 500U);
  EXPECT_EQ(counts[std::pair(AuditKind::deny, Reason::revoked)], 500U);
  EXPECT_EQ(counts[std::pair(AuditKind::deny, Reason::not_found)], 500U);
}

TEST_F(AuditTrailTest, I13_durable_within_sync_and_in_one_write) {
  start();
  note(Reason::active);
  pass(3900ms);
  note(Reason::active);
  EXPECT_EQ(trail->bytes_written(), 0U);
  pass(1100ms);
  EXPECT_EQ(entries().size(), 2U);
  const std::uint64_t written = trail->bytes_written();
  pass(1h);
  EXPECT_EQ(trail->bytes_written(), written) << "an idle agent writes nothing";
  EXPECT_EQ(desk.pending() + writer.pending(), 0U) << "and does not wake";
}

TEST_F(AuditTrailTest, I13_denials_of_unknown_keys_are_folded_by_uid_and_reason) {
  start();
  for (int i = 0; i < 1000; ++i) {
    note(Reason::not_found, 1);
    note(Reason::malformed_key, 1);
    note(Reason::not_found, 2);
    if (i == 500) pass(1s);
  }
  note(Reason::blocked, 1);
  pass(5s);
  const auto all = entries();
  ASSERT_EQ(all.size(), 4U);
  for (const AuditEntry& entry : all) {
    if (entry.reason == Reason::blocked) continue;
    EXPECT_EQ(entry.count, 1000U);
    EXPECT_EQ(entry.last - entry.at, 1s);
    EXPECT_FALSE(entry.key);
  }
}

TEST_F(AuditTrailTest, I12_a_flood_of_denials_is_bounded_and_all_are_counted) {
  start();
  constexpr int kFlood = 100'000;
  for (int i = 0; i < kFlood; ++i) note(Reason::revoked);
  note(Reason::active);
  pass(5s);
  EXPECT_LT(trail->bytes_written(), 64U * 1024);
  EXPECT_EQ(trail->losses(), 0U);
  std::uint64_t denials = 0;
  for (const AuditEntry& entry : entries()) {
    if (entry.kind == AuditKind::deny) denials += entry.count;
  }
  EXPECT_EQ(denials, static_cast<std::uint64_t>(kFlood));
}

TEST_F(AuditTrailTest, I13_an_answer_told_again_and_again_is_counted) {
  start();
  Question question;
  ASSERT_TRUE(question.data_types.add("HH-CONSUMPTION"));
  question.controller = "Bright Energy Ltd";
  constexpr std::uint64_t kMany = 10'000;
  for (std::uint64_t i = 0; i < kMany; ++i) note(Reason::active, 1000, question);
  // Several of them in turns are counted each by itself.
  for (std::uint64_t i = 0; i < kMany; ++i) {
    note(Reason::active, i % 2 == 0 ? 7 : 8, question);
  }
  // Whatever is not quite the same is told by itself.
  note(Reason::active, 1001, question);
  note(Reason::active, 1000);
  pass(5s);
  for (int i = 0; i < 3; ++i) note(Reason::active, 1000, question);
  pass(5s);
  EXPECT_EQ(trail->losses(), 0U);
  const auto all = entries();
  ASSERT_EQ(all.size(), 3 * (Repeats::kToldOneByOne + 1) + 2 + 3);
  std::uint64_t counted = 0;
  for (const AuditEntry& entry : all) {
    if (entry.uid != 1000 || entry.controller.empty()) continue;
    counted += entry.count;
    EXPECT_EQ(entry.kind, AuditKind::allow);
    EXPECT_EQ(entry.data_types, question.data_types);
    EXPECT_EQ(entry.transaction_id, tid(9));
    EXPECT_TRUE(entry.key);
  }
  EXPECT_EQ(counted, kMany + 3);
}

// By the number that was given for it.
TEST_F(AuditTrailTest, I13_what_is_noted_again_counts_for_no_other_answer) {
  start();
  std::map<Reason, std::uint64_t> given;
  const auto tell = [&](Reason reason, std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
      trail->note_again({}, verdict(reason), {.uid = 7, .key = Fingerprint{1}}, given[reason]);
    }
  };
  std::map<Reason, std::uint64_t> told;
  for (const auto& [reason, times] : {std::pair<Reason, std::uint64_t>{Reason::active, 100},
                                      {Reason::revoked, 100},
                                      {Reason::active, 100},
                                      {Reason::revoked, 1},
                                      {Reason::active, 1}}) {
    tell(reason, times);
    told[reason] += times;
  }
  pass(5s);
  std::map<Reason, std::uint64_t> counted;
  for (const AuditEntry& entry : entries()) counted[entry.reason] += entry.count;
  EXPECT_EQ(counted, told);
  EXPECT_LT(entries().size(), 4 * (Repeats::kToldOneByOne + 1)) << "they were counted";
}

TEST_F(AuditTrailTest, I13_counted_answers_of_many_keys_have_room_in_their_block) {
  max_bytes = 16U << 20U;
  start();
  constexpr unsigned kKeys = 1'200;  // More than there are places.
  std::uint64_t told = 0;
  for (int round = 0; round < 30; ++round) {
    for (unsigned i = 0; i < kKeys; ++i) {
      const auto byte = [i](unsigned n) { return static_cast<std::uint8_t>(i >> n); };
      trail->note({}, verdict(Reason::active), {.uid = 7, .key = Fingerprint{byte(0), byte(8)}});
      ++told;
    }
    pass(500ms);
  }
  pass(10s);
  std::uint64_t counted = 0;
  for (const AuditEntry& entry : entries()) counted += entry.count;
  EXPECT_EQ(counted, told) << "the lost ones included: they are told too";
}

TEST_F(AuditTrailTest, under_load_one_write_is_under_way_and_blocks_grow) {
  start();
  for (int i = 0; i < 20'000; ++i) note_another();
  EXPECT_EQ(writer.pending(), 1U);
  EXPECT_GT(trail->losses(), 0U) << "the writer did not run: there is no more room than this";
  pass(5s);
  std::uint64_t counted = 0;
  for (const AuditEntry& entry : entries()) counted += entry.count;
  EXPECT_EQ(counted, 20'000U) << "what is lost is told";
}

TEST_F(AuditTrailTest, a_disk_that_fails_is_told_and_tried_again) {
  break_disk();
  start();
  note(Reason::active);
  EXPECT_TRUE(trail->can_record());
  pass(5s);
  EXPECT_FALSE(trail->can_record());
  EXPECT_NE(trail->trouble().find(directory / "audit"), std::string::npos) << trail->trouble();
  note(Reason::active);
  pass(20s);
  mend_disk();
  pass(10s);
  EXPECT_TRUE(trail->can_record());
  EXPECT_EQ(trail->losses(), 0U);
  EXPECT_EQ(entries().size(), 2U);
}

TEST_F(AuditTrailTest, what_a_failing_disk_costs_is_counted_and_told) {
  break_disk();
  start();
  constexpr std::uint64_t kMany = 30'000;
  for (std::uint64_t i = 0; i < kMany; ++i) note_another();
  pass(10s);
  EXPECT_FALSE(trail->can_record());
  const std::uint64_t lost = trail->losses();
  EXPECT_GT(lost, 0U);
  mend_disk();
  pass(20s);
  std::uint64_t told = 0;
  std::uint64_t kept = 0;
  for (const AuditEntry& entry : entries()) {
    (entry.kind == AuditKind::lost ? told : kept) += entry.count;
  }
  EXPECT_EQ(told, lost);
  EXPECT_EQ(kept + told, kMany);
}

TEST_F(AuditTrailTest, two_agents_do_not_write_one_trail) {
  start();
  note(Reason::active);
  pass(5s);
  const std::unique_ptr<AuditTrail> first = std::move(trail);
  start(first->head());
  note(Reason::active);
  pass(5s);
  EXPECT_FALSE(trail->can_record());
  EXPECT_NE(trail->trouble().find("another process holds it"), std::string::npos)
      << trail->trouble();
}

TEST_F(AuditTrailTest, flush_tells_when_all_is_durable) {
  start();
  int durable = 0;
  const auto count = [&](const Status& status) {
    EXPECT_TRUE(status);
    ++durable;
  };
  trail->flush(count);
  EXPECT_EQ(durable, 1) << "there is nothing to wait for";
  for (int i = 0; i < 100; ++i) {
    note_another();
    note(Reason::not_found);
  }
  trail->flush(count);
  note(Reason::revoked);
  trail->flush(count);
  EXPECT_EQ(durable, 1);
  pass(100ms);
  pass(100ms);
  EXPECT_EQ(durable, 3);
  EXPECT_EQ(entries().size(), 102U);
}

TEST_F(AuditTrailTest, flush_that_fails_says_so) {
  break_disk();
  start();
  note(Reason::active);
  bool failed = false;
  trail->flush([&](const Status& status) { failed = !status; });
  pass(200ms);
  EXPECT_TRUE(failed);
}

TEST_F(AuditTrailTest, I13_an_end_cut_off_while_the_agent_was_down_is_told_in_the_trail) {
  start();
  for (int i = 0; i < 3; ++i) {
    note(Reason::active);
    pass(5s);
  }
  const AuditHead head = trail->head();
  EXPECT_EQ(head.allows.sequence, 3U);
  const std::string file = directory / "audit/allows-0000000001.trail";
  write_whole(file, read_whole(file).substr(0, kFileHeadBytes));
  start(head);
  AuditEntry begun;
  begun.kind = AuditKind::start;
  begun.at = at_second(9000);
  trail->note(begun);
  pass(5s);
  auto whole = WholeTrail::open(directory / "audit", keys, std::nullopt).value();
  const auto first = whole.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, AuditKind::broken);
  EXPECT_EQ(first->sequence, 4U);
  EXPECT_EQ(whole.next()->kind, AuditKind::start);
  EXPECT_FALSE(whole.next());
  ASSERT_TRUE(whole.finding());
  EXPECT_EQ(describe(*whole.finding()), "entry 1 of allows (allows-0000000001.trail) is missing");
}

}  // namespace
}  // namespace akgate
