// SPDX-License-Identifier: Apache-2.0
#include "gate/protocol.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gate_harness.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kCheck = "CHECK " + std::string(kKeyText);

Check parse_good(const std::string& line, const Demands& demands = {}) {
  Request request = parse_request(line, demands);
  if (auto* const check = std::get_if<Check>(&request)) return std::move(*check);
  const auto* const bad = std::get_if<BadRequest>(&request);
  ADD_FAILURE() << line << ": " << (bad != nullptr ? bad->detail : "no question");
  return {};
}

TEST(GateProtocol, reads_every_name) {
  const Check check =
      parse_good(kCheck +
                 " id=Ab.9_-x data-type=HH-CONSUMPTION data-type=READ%20INGS mpxn=1234567890123"
                 " controller=Bright%20Energy%25%20Ltd duid=duid_7 timeout=60000 mode=fresh");
  EXPECT_TRUE(check.question.key == AccessKey::parse(kKeyText));
  EXPECT_EQ(check.id, "Ab.9_-x");
  EXPECT_EQ(check.question.data_types.sorted(),
            (std::vector<std::string>{"HH-CONSUMPTION", "READ INGS"}));
  EXPECT_EQ(check.question.mpxn, "1234567890123");
  EXPECT_EQ(check.question.controller, "Bright Energy% Ltd");
  EXPECT_EQ(check.question.duid, "duid_7");
  EXPECT_EQ(check.timeout, milliseconds(60000));
  EXPECT_EQ(check.question.mode, Mode::fresh);
}

TEST(GateProtocol, a_bare_question_restricts_nothing) {
  const Check check = parse_good(kCheck);
  EXPECT_TRUE(check.question.key.has_value());
  EXPECT_EQ(check.id, "");
  EXPECT_TRUE(check.question.data_types.empty());
  EXPECT_FALSE(check.question.mpxn || check.question.controller || check.question.duid);
  EXPECT_FALSE(check.timeout);
  EXPECT_EQ(check.question.mode, Mode::normal);
}

TEST(GateProtocol, spaces_may_be_many) {
  EXPECT_EQ(parse_good("  CHECK   " + std::string(kKeyText) + "   mode=cached  ").question.mode,
            Mode::cached);
}

TEST(GateProtocol, values_at_their_bounds) {
  EXPECT_EQ(parse_good(kCheck + " timeout=1").timeout, milliseconds(1));
  EXPECT_EQ(parse_good(kCheck + " id=" + std::string(32, 'x')).id.size(), 32U);
  EXPECT_EQ(parse_good(kCheck + " controller=a=b").question.controller, "a=b");
  EXPECT_EQ(parse_good(kCheck + " controller=Stra\xc3\x9f"
                                "e%c3%9f")
                .question.controller,
            "Stra\xc3\x9f"
            "e\xc3\x9f");
  std::string line = kCheck;
  for (int i = 0; i < 32; ++i) line += " data-type=T" + std::to_string(i) + " data-type=T0";
  EXPECT_EQ(parse_good(line).question.data_types.sorted().size(), 32U);
}

TEST(GateProtocol, what_is_no_access_key_is_a_question_about_none) {
  for (const std::string word :
       {"ak_0123456789abcdef0123456", "ak_0123456789abcdef012345678", "AK_0123456789abcdef01234567",
        "ak_0123456789ABCDEF01234567", "ak_0123456789abcdef0123456g", "ak_", "x",
        "ak_0123456789abcdef01234567=", "%61k_0123456789abcdef01234567", "\xc3\xa4=b"}) {
    EXPECT_FALSE(parse_good("CHECK " + word).question.key) << word;
  }
}

TEST(GateProtocol, other_commands) {
  EXPECT_TRUE(std::holds_alternative<Ping>(parse_request("PING", {})));
  EXPECT_TRUE(std::holds_alternative<Hello>(parse_request("HELLO", {})));
  EXPECT_EQ(kHello, "HELLO akgate/1 version=" AKGATE_VERSION "\n");
}

struct BadLine {
  std::string line;
  const char* detail;  ///< Part of what the asker is told.
  const char* id = "";
  Demands demands{};
};

class GateBadLine : public testing::TestWithParam<BadLine> {};

TEST_P(GateBadLine, is_refused) {
  const Request request = parse_request(GetParam().line, GetParam().demands);
  const auto* const bad = std::get_if<BadRequest>(&request);
  ASSERT_NE(bad, nullptr) << GetParam().line;
  EXPECT_NE(bad->detail.find(GetParam().detail), std::string::npos) << bad->detail;
  EXPECT_EQ(bad->id, GetParam().id);
}

const Demands kAllOff{.mpxn = Demand::off, .data_user = Demand::off};

INSTANTIATE_TEST_SUITE_P(
    GateProtocol, GateBadLine,
    testing::Values(
        BadLine{"", "empty"}, BadLine{"   ", "empty"},  //
        BadLine{"check " + std::string(kKeyText), "unknown command"},
        BadLine{"CHECKS " + std::string(kKeyText) + " id=7", "unknown command", "7"},
        BadLine{"PING now", "stand alone"}, BadLine{"HELLO id=7", "stand alone", "7"},
        BadLine{"WATCH " + std::string(kKeyText), "WATCH needs an id"},
        BadLine{"UNWATCH", "UNWATCH needs"}, BadLine{"UNWATCH id=7 id=8", "UNWATCH needs", "7"},
        BadLine{"UNWATCH id=a/b", "UNWATCH needs"},  //
        BadLine{"CHECK", "need an access key"}, BadLine{"WATCH id=7", "need an access key", "7"},
        BadLine{"CHECK id=7 mode=fresh", "need an access key", "7"},
        BadLine{"CHECK data-type=A " + std::string(kKeyText), "need an access key"},
        BadLine{kCheck + " " + std::string(kKeyText), "name=value"},
        BadLine{kCheck + " dat-type=HH", "unknown name"},
        BadLine{kCheck + " DATA-TYPE=HH id=7", "unknown name", "7"},
        BadLine{kCheck + " =x", "unknown name"},  //
        BadLine{kCheck + " id=7 id=7", "id stands twice", "7"},
        BadLine{kCheck + " id=a mpxn=1 mpxn=1", "mpxn stands twice", "a"},
        BadLine{kCheck + " controller=a controller=b", "controller stands twice"},
        BadLine{kCheck + " duid=a duid=b", "duid stands twice"},
        BadLine{kCheck + " timeout=5 timeout=5", "timeout stands twice"},
        BadLine{kCheck + " mode=cached mode=normal", "mode stands twice"},
        BadLine{kCheck + " id=", "id has no value"}, BadLine{kCheck + " id=a/b", "id must be"},
        BadLine{kCheck + " id=\xc3\xa4", "id must be"},
        BadLine{kCheck + " id=" + std::string(33, 'x'), "id must be"},
        BadLine{kCheck + " data-type=", "data-type has no value"},
        BadLine{kCheck + " data-type=" + std::string(65, 'T'), "data-type is longer"},
        BadLine{kCheck + " mpxn= id=7", "mpxn has no value", "7"},
        BadLine{kCheck + " controller=", "controller has no value"},
        BadLine{kCheck + " duid=", "duid has no value"},
        BadLine{kCheck + " timeout=0", "1 to 60000"},
        BadLine{kCheck + " timeout=60001", "1 to 60000"},
        BadLine{kCheck + " timeout=-1", "1 to 60000"},
        BadLine{kCheck + " timeout=2s", "1 to 60000"},
        BadLine{kCheck + " timeout=99999999999999999999", "1 to 60000"},
        BadLine{kCheck + " mode=Fresh", "mode must be"},
        BadLine{kCheck + " controller=a%", "two hex digits"},
        BadLine{kCheck + " controller=a%4", "two hex digits"},
        BadLine{kCheck + " controller=a%zz", "two hex digits"},
        BadLine{kCheck + " controller=a%0Ab id=x%2Ey", "no text", "x.y"},
        BadLine{kCheck + " controller=a%00", "no text"},
        BadLine{kCheck + " controller=a%7f", "no text"},
        BadLine{kCheck + " controller=a%ff", "no text"},
        BadLine{kCheck + " mpxn=1234567890123", "mpxn is not checked here", "", kAllOff},
        BadLine{kCheck + " id=1 duid=duid_1", "duid is not checked here", "1", kAllOff}));

TEST(GateProtocol, more_data_types_than_a_set_holds_are_refused) {
  std::string line = kCheck;
  for (int i = 0; i < 33; ++i) line += " data-type=T" + std::to_string(i);
  const Request request = parse_request(line, {});
  EXPECT_TRUE(std::holds_alternative<BadRequest>(request));
}

// I9: wherever in a bad line a key was pasted, the reply does not repeat it.
TEST(GateProtocol, I9_an_error_repeats_nothing_of_the_line) {
  const std::string key(kKeyText);
  for (const std::string& line :
       {key, key + "=x", "CHECK " + key + " " + key, "CHECK " + key + " " + key + "=",
        "CHECK x=" + key, "CHECK " + key + " id=" + key + "/", "CHECK " + key + " mode=" + key,
        "CHECK " + key + " timeout=" + key, "CHECK " + key + " controller=%" + key, "PING " + key,
        "WATCH " + key, "CHECK " + key + " mpxn=" + key + " mpxn=" + key}) {
    const Request request = parse_request(line, {});
    const auto* const bad = std::get_if<BadRequest>(&request);
    ASSERT_NE(bad, nullptr) << line;
    std::string reply;
    append_bad_request(reply, *bad);
    EXPECT_EQ(reply.find("0123456789abcdef"), std::string::npos) << reply;
  }
}

TEST(GateProtocol, a_bad_request_is_one_line_of_fields) {
  std::string reply;
  append_bad_request(reply, {.detail = "100% wrong", .id = "7"});
  append_bad_request(reply, {.detail = "wrong", .id = ""});
  EXPECT_EQ(reply,
            "ERROR reason=bad-request detail=100%25%20wrong id=7\n"
            "ERROR reason=bad-request detail=wrong\n");
}

Verdict allowance() {
  Verdict verdict;
  verdict.reason = Reason::active;
  verdict.source = Source::cache;
  verdict.age = milliseconds(41999);
  verdict.good_for = milliseconds(299600);
  verdict.at = kTenOClock + milliseconds(500);
  verdict.expiry = Expiry::at_instant(kTenOClock + milliseconds(86399999));
  verdict.transaction_id = "tid_1,tid_2";
  return verdict;
}

std::string line_of(const Verdict& verdict, std::string_view id = "",
                    milliseconds wall_is_off = {}) {
  std::string line;
  append_verdict(line, verdict, id, verdict.at + wall_is_off);
  return line;
}

TEST(GateProtocol, a_verdict_has_its_fields_in_order_and_rounded_down) {
  EXPECT_EQ(line_of(allowance(), "q-1"),
            "ALLOW reason=active source=cache age=41 for=299 until=2026-11-22T10:05:00Z"
            " expires=2026-11-23T09:59:59Z txn=tid_1,tid_2 id=q-1\n");
}

TEST(GateProtocol, what_has_no_value_is_left_out) {
  Verdict verdict;
  verdict.reason = Reason::register_unreachable;
  EXPECT_EQ(line_of(verdict), "DENY reason=register-unreachable source=local\n");
}

TEST(GateProtocol, a_record_without_end_never_expires) {
  Verdict verdict = allowance();
  verdict.expiry = Expiry::never();
  EXPECT_NE(line_of(verdict).find(" expires=never txn="), std::string::npos);
}

TEST(GateProtocol, under_grace_it_is_good_for_no_time) {
  Verdict verdict = allowance();
  verdict.source = Source::grace;
  verdict.good_for = milliseconds(0);
  EXPECT_NE(line_of(verdict).find(" source=grace age=41 for=0 until=2026-11-22T10:00:00Z "),
            std::string::npos);
}

TEST(GateProtocol, until_is_left_out_where_the_clocks_differ) {
  const auto tells_until = [](milliseconds off) {
    return line_of(allowance(), "", off).find(" until=") != std::string::npos;
  };
  EXPECT_TRUE(tells_until(milliseconds(2000)));
  EXPECT_TRUE(tells_until(milliseconds(-2000)));
  EXPECT_FALSE(tells_until(milliseconds(2001)));
  EXPECT_FALSE(tells_until(milliseconds(-2001)));
}

TEST(GateProtocol, a_transaction_id_cannot_make_up_fields_or_lines) {
  Verdict verdict = allowance();
  verdict.transaction_id = "tid id=9\nALLOW";
  const std::string line = line_of(verdict, "1");
  EXPECT_TRUE(line.ends_with(" txn=" + percent_encode(verdict.transaction_id) + " id=1\n")) << line;
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

}  // namespace
}  // namespace akgate
