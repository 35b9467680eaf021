// SPDX-License-Identifier: Apache-2.0
//
// The agent's client against a register that does everything its published material does by way of
// oddities: what it reads from each, and that it never reads more than is there.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/register_conversation.hpp"
#include "tests/unit/register_server.hpp"
#include "tests/unit/register_token.hpp"
#include "tests/unit/verify_answer.hpp"

namespace akgate {
namespace {

const std::string kAk(kAskedKeyText);

class OddRegister : public testing::Test {
 protected:
  [[nodiscard]] ScriptedServer::Answer serve(std::string_view request) const {
    if (request.starts_with("GET /v1/auth/token ")) return {http(200, "", token_)};
    return {http(200, "", answer_)};
  }
  /// Asks who now answers everything with that.
  Conversation& answering(std::string answer) {
    answer_ = std::move(answer);
    return conversation_;
  }

  std::string token_ = token_body("opaque-token");
  std::string answer_;
  std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create()).value();
  ScriptedServer server_{*loop_, [this](auto request, auto) { return serve(request); }};
  Conversation conversation_{*loop_, server_.url(), {.id = "us", .key = Secret::copy_of("key")}};
};

std::string oddity(const std::vector<Edit>& edits) { return edited(kGoodAnswer, edits); }
constexpr std::string_view kState = R"("state": "ACTIVE",)";
constexpr std::string_view kRevoked = R"("revoked-at": null)";
constexpr std::string_view kRevokedAt = R"("revoked-at": "2026-01-01T00:00:00Z")";
constexpr std::string_view kDiscovered = R"({
  "response": {"timestamp": "2026-03-11T12:00:00Z", "transaction-id": "tid_1"},
  "access-record": {"access-event": {"state": "DISCOVERED"}}})";

/// What can be said of a verify answer: whether it may allow, denies whatever is asked, or is none.
enum class Reads : std::uint8_t { may_allow, denies, as_nothing };

Reads reading_of(const VerifyOutcome& end) {
  if (end.outcome != Outcome::found) return Reads::as_nothing;
  const bool denies = denies_by_itself(end.record, end.attested.value_or(Timestamp::min()));
  return denies ? Reads::denies : Reads::may_allow;
}

TEST_F(OddRegister, verify_reads_what_each_oddity_leaves) {
  struct Row {
    const char* oddity;
    std::string answer;
    Reads reads;
  };
  for (const Row& row : std::vector<Row>{
           {"none", oddity({}), Reads::may_allow},
           {"state missing: not proven active", oddity({{kState, ""}}), Reads::denies},
           {"state missing, revoked-at set", oddity({{kState, ""}, {kRevoked, kRevokedAt}}),
            Reads::denies},
           {"state missing, expiry passed",
            oddity({{kState, ""}, {"2027-11-10T17:07:01.580Z", "2025-11-10T17:07:01.580Z"}}),
            Reads::denies},
           {"ACTIVE with a revoked-at", oddity({{kRevoked, kRevokedAt}}), Reads::denies},
           {"ACTIVE with an expiry in the past",
            oddity({{"2027-11-10T17:07:01.580Z", "2025-11-10T17:07:01.580Z"}}), Reads::denies},
           {"nothing but DISCOVERED", std::string(kDiscovered), Reads::denies},
           {"DISCOVERED without its wrapper",
            edited(kDiscovered, {{R"("access-record": {)", ""}, {"}}}", "}}"}}), Reads::denies},
           {"arrangement-type missing", oddity({{R"("arrangement-type": "sole",)", ""}}),
            Reads::may_allow},
           {"role missing", oddity({{R"("role": "sole",)", ""}}), Reads::may_allow},
           {"no data types", oddity({{R"(["HH-CONSUMPTION", "HH-EXPORT"])", "[]"}}),
            Reads::may_allow},
           {"an unknown data type", oddity({{R"("HH-EXPORT")", R"("GAS-5-MINUTES")"}}),
            Reads::may_allow},
           {"reidentification-token echoed",
            oddity({{R"("notice": {)", R"("reidentification-token": "rt_1", "notice": {)"}}),
            Reads::may_allow},
           {"no fraction of a second", oddity({{"01.580Z", "01Z"}}), Reads::may_allow},
           {"another offset", oddity({{"17:07:01.580Z", "19:07:01.580123+02:00"}}),
            Reads::may_allow},
           {"additional fields everywhere",
            oddity({{R"("response": {)", R"("x": {"y": [1]}, "response": {"x": null,)"},
                    {R"("access-event": {)", R"("x": 1, "access-event": {"x": [],)"}}),
            Reads::may_allow},
           {"null for a record",
            oddity({{R"("access-record": {)", R"("access-record": null, "x": {)"}}),
            Reads::as_nothing},
           {"null for the controllers' arrangement",
            oddity(
                {{R"("controller-arrangement": {)", R"("controller-arrangement": null, "x": {)"}}),
            Reads::as_nothing},
           {"null for the processing",
            oddity({{R"("processing": {)", R"("processing": null, "x": {)"}}), Reads::as_nothing},
           {"null for the notice", oddity({{R"("notice": {)", R"("notice": null, "x": {)"}}),
            Reads::may_allow},
           {"null for the response", oddity({{R"("response": {)", R"("response": null, "x": {)"}}),
            Reads::as_nothing},
       }) {
    const VerifyOutcome end = answering(row.answer).verify(kAk);
    EXPECT_TRUE(reading_of(end) == row.reads) << row.oddity << ": " << end.detail;
    EXPECT_TRUE(end.outcome == Outcome::found || end.outcome == Outcome::malformed) << row.oddity;
    EXPECT_EQ(end.detail.find("ak_"), std::string::npos) << "I9: " << end.detail;
  }
}

TEST_F(OddRegister, an_oddity_never_widens_what_a_record_covers) {
  const AccessRecord none =
      answering(oddity({{R"(["HH-CONSUMPTION", "HH-EXPORT"])", "[]"}})).verify(kAk).record;
  EXPECT_TRUE(none.data_types.empty());
  const AccessRecord joint =
      answering(oddity({{R"("arrangement-type": "sole",)", ""}})).verify(kAk).record;
  EXPECT_TRUE(joint.arrangement == Arrangement::joint) << "the strictest";
}

TEST_F(OddRegister, lists_are_read_for_the_asked_key_alone) {
  const std::string response = R"("response": {"transaction-id": "tid_1"})";
  const std::string row = R"({"ak": ")" + kAk + R"(", "state": "ACTIVE"})";
  struct Row {
    const char* oddity;
    std::string answer;
    Outcome outcome;
    bool listed;
  };
  for (const Row& each : std::vector<Row>{
           {"rows without record-metadata",
            "{" + response + R"(, "access-records": [)" + row + "]}", Outcome::found, true},
           {"null for every member but the key",
            "{" + response + R"(, "access-records": [{"ak": ")" + kAk +
                R"(", "state": null, "data-types": null, "record-metadata": null}]})",
            Outcome::found, true},
           {"rows of every state whatever was asked",
            "{" + response + R"(, "access-records": [{"ak": null, "state": "REVOKED"}, )" + row +
                "]}",
            Outcome::found, true},
           {"DISCOVERED rows only",
            "{" + response +
                R"(, "access-records": [{"ak": "ak_000000000000000000000001", "state": "DISCOVERED",
                     "lead-controller-name": null, "record-metadata": null}]})",
            Outcome::found, false},
           {"no envelope, and ours in it", R"({"access-records": [)" + row + "]}",
            Outcome::malformed, false},
           {"null for the list", "{" + response + R"(, "access-records": null})",
            Outcome::malformed, false},
           {"the list of another meter point",
            "{" + response + R"(, "mpxn": "2000012345678", "access-records": [)" + row + "]}",
            Outcome::malformed, false},
           {"the list of operation 5", "{" + response + R"(, "records": [)" + row + "]}",
            Outcome::malformed, false},
       }) {
    const ListingOutcome end = answering(each.answer).verify_meter_point(kAk, kMpxn);
    EXPECT_TRUE(end.outcome == each.outcome) << each.oddity << ": " << end.detail;
    EXPECT_EQ(end.listed, each.listed) << each.oddity;
    EXPECT_EQ(end.detail.find("ak_"), std::string::npos) << "I9: " << end.detail;
  }
}

TEST_F(OddRegister, the_directory_is_believed_in_its_own_words_only) {
  const auto status = [&](const std::string& data_user) {
    const DataUserOutcome end =
        answering(R"({"response": {"transaction-id": "tid_1"}, "data-user": )" + data_user + "}")
            .verify_data_user("duid_x");
    return end.outcome == Outcome::found ? end.status : DataUserStatus::unknown;
  };
  EXPECT_TRUE(status(R"({"status": "active", "more": {}})") == DataUserStatus::active);
  EXPECT_TRUE(status(R"({"duid": null, "status": "active"})") == DataUserStatus::active);
  EXPECT_TRUE(status(R"({"duid": "duid_x", "status": null})") == DataUserStatus::other);
  EXPECT_TRUE(status(R"({"duid": "duid_x"})") == DataUserStatus::other);
  EXPECT_TRUE(status(R"({"duid": "duid_y", "status": "active"})") == DataUserStatus::unknown)
      << "no answer about ours";
  EXPECT_TRUE(status("null") == DataUserStatus::unknown);
}

TEST_F(OddRegister, a_token_need_not_be_a_JWT) {
  const auto got = conversation_.token();
  ASSERT_TRUE(got.ok()) << got.error().what();
  EXPECT_EQ(got->claims.role, "");
  const std::string list = R"({"response": {"transaction-id": "tid_1"}, "access-records": []})";
  EXPECT_TRUE(answering(list).verify_meter_point(kAk, kMpxn).outcome == Outcome::found)
      << "a role that is not told is not held against us";
}

}  // namespace
}  // namespace akgate
