// SPDX-License-Identifier: Apache-2.0
//
// `akgate audit …`, from the options to the exit code, on a trail as the agent leaves it.

#include "audit/export_cursor.hpp"
#include "audit/trail_writer.hpp"
#include "audit_support.hpp"
#include "cache/keys.hpp"
#include "cli/audit_lines.hpp"
#include "cli/command.hpp"
#include "record/json.hpp"

namespace akgate {
namespace {

using Words = std::vector<std::string_view>;

struct AuditEnded {
  ExitCode exit;
  std::string out;
  std::string err;
};

class CliAuditTest : public testing::Test {
 protected:
  CliAuditTest() : keys_(AuditKeys::derive(DeviceKeys::load_or_make(key_file_)->audit())) {
    std::filesystem::create_directory(trail_);
    write_whole(config_, R"({"register":{"url":"https://register.example/v1"},)"
                         R"("cache":{"device-key-file":")" +
                             key_file_ + R"("},"audit":{"directory":")" + trail_ +
                             R"("},"control":{"socket":")" + directory_ / "none.sock" + R"("}})");
    std::filesystem::permissions(config_, std::filesystem::perms(0600));
  }

  AuditEnded run(Words arguments) {
    arguments.insert(arguments.begin(), "audit");
    arguments.insert(arguments.end(), {"--config", config_});
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const ExitCode exit = run_akgate(arguments);
    return {exit, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
  }

  void note(const std::vector<AuditEntry>& entries, AuditRoom room = AuditRoom::allows) const {
    TrailWriter writer =
        TrailWriter::open({.directory = trail_, .room = room, .max_bytes = kSmallest}, keys_,
                          std::nullopt, at_second(0))
            .value();
    AuditBatch batch(max_batch_bytes(room, kSmallest));
    for (const AuditEntry& entry : entries) batch.add(entry);
    ASSERT_TRUE(writer.append(batch));
  }

  [[nodiscard]] static std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  const TemporaryDirectory directory_{true};
  const std::string key_file_ = directory_ / "device.key";
  const std::string trail_ = directory_ / "audit";
  const std::string config_ = directory_ / "akgated.json";
  const AuditKeys keys_;
};

AuditEntry folded() {
  AuditEntry entry;
  entry.kind = AuditKind::deny;
  entry.reason = Reason::not_found;
  entry.at = at_second(2);
  entry.last = at_second(5);
  entry.count = 70;
  entry.uid = 33;
  return entry;
}

TEST_F(CliAuditTest, show_tells_both_rooms_in_the_order_of_time) {
  AuditEntry bound;
  bound.kind = AuditKind::bind;
  bound.at = at_second(3);
  bound.last = bound.at;
  bound.key = Fingerprint{0xab};
  note({allow(1), bound, allow(4)});
  note({folded()}, AuditRoom::denials);
  const AuditEnded shown = run({"show"});
  EXPECT_EQ(shown.exit, ExitCode::done) << shown.err;
  EXPECT_EQ(shown.out,
            "2026-11-22T10:00:01Z ALLOW reason=active source=cache age=1 "
            "fingerprint=fp_0101000000000000 mpxn=mp_020100000000 data-type=HH-CONSUMPTION "
            "controller=Bright%20Energy%20Ltd mode=normal txn=tid_000000000000000000000001 "
            "uid=1000 room=allows sequence=1\n"
            "2026-11-22T10:00:02Z DENY reason=not-found count=70 last=2026-11-22T10:00:05Z uid=33 "
            "room=denials sequence=1\n"
            "2026-11-22T10:00:03Z bind fingerprint=fp_ab00000000000000 uid=0 room=allows "
            "sequence=2\n"
            "2026-11-22T10:00:04Z ALLOW reason=active source=cache age=4 "
            "fingerprint=fp_0104000000000000 mpxn=mp_020400000000 data-type=HH-CONSUMPTION "
            "controller=Bright%20Energy%20Ltd mode=normal txn=tid_000000000000000000000004 "
            "uid=1000 room=allows sequence=3\n");
  EXPECT_EQ(lines_in(run({"show", "--since", "2026-11-22T10:00:03Z"}).out), 3U);
  EXPECT_EQ(run({"show", "--since", "1s"}).out, "");
}

TEST_F(CliAuditTest, show_for_programs_is_one_document) {
  EXPECT_EQ(run({"show", "--json"}).out, "[]\n");
  note({allow(1), allow(2)});
  const AuditEnded shown = run({"show", "--json"});
  const auto document = JsonDocument::parse(shown.out);
  ASSERT_TRUE(document) << shown.out;
  const JsonView first = document->root().first_child();
  EXPECT_EQ(first["verdict"].string(), "ALLOW");
  EXPECT_EQ(first["txn"].string(), tid(1));
  EXPECT_EQ(first["sequence"].number(), 1.0);
  EXPECT_EQ(first["data-type"].first_child().string(), "HH-CONSUMPTION");
  EXPECT_EQ(first.next()["age"].number(), 2.0);
}

TEST_F(CliAuditTest, I13_verify_says_that_all_is_well_and_what_it_cannot_know) {
  note({allow(1), allow(4)});
  const AuditEnded verified = run({"verify"});
  EXPECT_EQ(verified.exit, ExitCode::done);
  EXPECT_EQ(
      verified.out,
      "The trail is as it was written: 2 lines from 2026-11-22T10:00:01Z to "
      "2026-11-22T10:00:04Z.\nThe agent could not be asked how far the trail had come: had its "
      "end been cut off, that would not show, as nothing was exported yet.\n");
  EXPECT_EQ(run({"export"}).exit, ExitCode::done);
  EXPECT_NE(run({"verify"}).out.find("cut off behind what was exported last, that would not show"),
            std::string::npos);
}

TEST_F(CliAuditTest, I13_verify_names_what_was_altered) {
  note({allow(1), allow(2)});
  const std::string file = trail_ + "/allows-0000000001.trail";
  std::string bytes = read_whole(file);
  bytes[bytes.size() - 20] ^= 1;
  write_whole(file, bytes);
  const AuditEnded verified = run({"verify"});
  EXPECT_EQ(verified.exit, ExitCode::finding);
  EXPECT_EQ(verified.out.substr(0, verified.out.find('\n')),
            "The trail is NOT as it was written: entry 2 of allows (allows-0000000001.trail) was "
            "altered.");
  const auto json = JsonDocument::parse(run({"verify", "--json"}).out);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->root()["whole"].boolean(), false);
  EXPECT_EQ(run({"show"}).exit, ExitCode::finding);
}

TEST_F(CliAuditTest, I13_verify_tells_a_power_cut_from_tampering) {
  note({allow(1)});
  note({allow(2)});
  const std::string file = trail_ + "/allows-0000000001.trail";
  const std::string bytes = read_whole(file);
  write_whole(file, bytes.substr(0, bytes.size() - 7));
  const AuditEnded verified = run({"verify"});
  EXPECT_EQ(verified.exit, ExitCode::done);
  EXPECT_NE(verified.out.find("not whole: a power cut"), std::string::npos) << verified.out;
  EXPECT_NE(verified.out.find("At most 5s"), std::string::npos) << verified.out;
}

TEST_F(CliAuditTest, export_goes_on_where_it_was) {
  note({allow(1), allow(2)});
  note({deny(1)}, AuditRoom::denials);
  const AuditEnded first = run({"export"});
  EXPECT_EQ(first.exit, ExitCode::done) << first.err;
  EXPECT_EQ(lines_in(first.out), 3U);
  EXPECT_EQ(run({"export"}).out, "");
  note({allow(3)});
  EXPECT_EQ(lines_in(run({"export", "--since", "2026-11-22T10:00:00Z"}).out), 4U);
  const AuditEnded second = run({"export", "--json"});
  EXPECT_EQ(lines_in(second.out), 1U);
  EXPECT_NE(second.out.find(R"("sequence":3)"), std::string::npos);
}

TEST_F(CliAuditTest, I13_what_was_exported_shows_that_an_end_was_cut_off) {
  note({allow(1)});
  note({allow(2)});
  EXPECT_EQ(run({"export"}).exit, ExitCode::done);
  std::filesystem::remove(trail_ + "/allows-0000000001.trail");
  EXPECT_EQ(run({"verify"}).exit, ExitCode::finding);
  const AuditEnded exported = run({"export"});
  EXPECT_EQ(exported.exit, ExitCode::finding);
  EXPECT_NE(exported.err.find("is missing"), std::string::npos) << exported.err;
  EXPECT_EQ(read_export_cursor(trail_)->value().allows.sequence, 2U) << "the cursor stays";
}

TEST_F(CliAuditTest, export_says_what_it_came_too_late_for) {
  note({allow(1)});
  EXPECT_EQ(run({"export"}).exit, ExitCode::done);
  for (int i = 0; i < 1500; ++i) note({allow(i)});
  const AuditEnded late = run({"export"});
  EXPECT_EQ(late.exit, ExitCode::finding);
  EXPECT_NE(late.err.find("rotated away before"), std::string::npos) << late.err;
  EXPECT_EQ(run({"export"}).exit, ExitCode::done);
}

TEST_F(CliAuditTest, what_is_missing_or_misspelt_is_an_error) {
  std::filesystem::remove(trail_ + "/export-cursor");
  write_whole(trail_ + "/export-cursor", "rubbish");
  EXPECT_EQ(run({"export"}).exit, ExitCode::error);
  EXPECT_EQ(run({"show", "--since", "yesterday"}).exit, ExitCode::error);
  EXPECT_EQ(run({"show", "operand"}).exit, ExitCode::error);
  std::filesystem::remove(key_file_);
  const AuditEnded keyless = run({"verify"});
  EXPECT_EQ(keyless.exit, ExitCode::error);
  EXPECT_FALSE(std::filesystem::exists(key_file_)) << "no key is made by who only reads";
}

TEST(AuditLine, text_from_elsewhere_drives_no_terminal) {
  AuditEntry entry = deny(1);
  entry.controller = "a\x1b[2J\"b";
  EXPECT_EQ(audit_line(entry).find('\x1b'), std::string::npos);
  EXPECT_TRUE(JsonDocument::parse(audit_json(entry)));
}

}  // namespace
}  // namespace akgate
