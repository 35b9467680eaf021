// SPDX-License-Identifier: Apache-2.0
#include "register/operations.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "verify_answer.hpp"

namespace akgate {
namespace {

using std::chrono::seconds;

const Mpxn kAskedMeterPoint = Mpxn::parse("1234567890123").value();
const Duid kAskedDataUser = Duid::parse("duid_demo").value();

TEST(Operations, are_these_requests) {
  const Secret token = Secret::copy_of("rt_1&state=ACTIVE +\xc3\xa9/%");
  struct Row {
    HttpRequest request;
    Method method;
    std::string_view path;
    std::string_view body;
  };
  for (const Row& row : std::vector<Row>{
           {verify_request(asked_key()), Method::get, "/access-records/ak_691df0c788ca043403b7fa90",
            ""},
           {meter_point_request(kAskedMeterPoint, {}), Method::get,
            "/meter-points/1234567890123/access-records", ""},
           {meter_point_request(
                kAskedMeterPoint,
                {.state = "ACTIVE", .legal_basis = "uk-consent", .reidentification_token = token}),
            Method::get,
            "/meter-points/1234567890123/access-records?state=ACTIVE&legal-basis=uk-consent"
            "&reidentification-token=rt_1%26state%3DACTIVE%20%2B%C3%A9%2F%25",
            ""},
           {list_request({.state = "", .legal_basis = "", .limit = std::nullopt}), Method::get,
            "/records", ""},
           {list_request({.state = "A#", .legal_basis = "", .limit = 500}), Method::get,
            "/records?state=A%23&limit=500", ""},
           {create_request("{}"), Method::post, "/access-records", "{}"},
           {replace_request(asked_key(), "{}"), Method::put,
            "/access-records/ak_691df0c788ca043403b7fa90", "{}"},
           {revoke_request(asked_key(), ""), Method::delete_,
            "/access-records/ak_691df0c788ca043403b7fa90", ""},
           {revoke_request(asked_key(), "lia-lapsed"), Method::delete_,
            "/access-records/ak_691df0c788ca043403b7fa90?reason=lia-lapsed", ""},
           {data_user_request(kAskedDataUser), Method::get, "/data-users/duid_demo", ""},
       }) {
    EXPECT_TRUE(row.request.method == row.method) << row.path;
    EXPECT_EQ(row.request.path.reveal(), row.path);
    EXPECT_EQ(row.request.body, row.body) << row.path;
    EXPECT_TRUE(row.request.authorization.empty()) << row.path;
  }
}

HttpReply reply(int status, std::string_view body = {}) {
  HttpReply reply;
  reply.status = status;
  reply.sent = true;
  reply.body = body;
  return reply;
}

constexpr std::string_view kNone = R"({"response": {"transaction-id": "tid_1"},
  "errors": [{"error-code": "NOT001", "message": "1234567890123, duid_demo"}]})";
constexpr std::string_view kListed = R"({"response": {"transaction-id": "tid_2"},
  "mpxn": "1234567890123", "access-records": [{"ak": "ak_691df0c788ca043403b7fa90"}]})";
constexpr std::string_view kNotListed = R"({"response": {"transaction-id": "tid_3",
  "timestamp": "2026-03-11T12:00:00Z"}, "mpxn": "1234567890123", "access-records": []})";
constexpr std::string_view kActive = R"({"response": {"transaction-id": "tid_4"},
  "data-user": {"duid": "duid_demo", "status": "active"}})";

HttpReply cached(std::string_view body) {
  HttpReply from = reply(200, body);
  from.cache_age = seconds(5);
  return from;
}

// How they tell silence from refusal from rubbish is proven with "verify", whose reader shares it.
struct Row {
  const char* why;
  HttpReply reply;
  Outcome outcome;
};
const std::vector<Row> kNoAnswers = {
    {"closed", reply(503, kActive), Outcome::silent},
    {"our token", reply(401, kNone), Outcome::refused},
    {"our role", reply(403, kNone), Outcome::refused},
    {"a gateway's 404", reply(404, "<html>"), Outcome::malformed},
    {"a cache", cached(kListed), Outcome::malformed},
    {"rubbish", reply(200, "1234567890123 duid_demo ak_691df0c788ca043403b7fa90"),
     Outcome::malformed},
    {"created", reply(201, kListed), Outcome::malformed},
};

void expect_clean(const std::string& detail, const char* why) {
  for (const std::string_view secret : {"691df0", "1234567890123", "duid_demo"}) {
    EXPECT_EQ(detail.find(secret), std::string::npos) << "I9, " << why << ": " << detail;
  }
}

TEST(ReadMeterPointReply, only_the_registers_own_answer_is_knowledge) {
  for (const Row& row : kNoAnswers) {
    const auto end = read_meter_point_reply(row.reply, asked_key(), kAskedMeterPoint, "");
    EXPECT_TRUE(end.outcome == row.outcome && !end.listed) << row.why << ": " << end.detail;
    EXPECT_FALSE(end.detail.empty()) << row.why;
    expect_clean(end.detail, row.why);
  }
  const auto listed =
      read_meter_point_reply(reply(200, kListed), asked_key(), kAskedMeterPoint, "");
  EXPECT_TRUE(listed.outcome == Outcome::found && listed.listed) << listed.detail;
  EXPECT_EQ(listed.transaction_id, "tid_2");
  const auto not_listed =
      read_meter_point_reply(reply(200, kNotListed), asked_key(), kAskedMeterPoint, "");
  EXPECT_TRUE(not_listed.outcome == Outcome::found && !not_listed.listed) << not_listed.detail;
  EXPECT_EQ(not_listed.attested, at("2026-03-11T12:00:00Z"));
  const auto unknown = read_meter_point_reply(reply(404, kNone), asked_key(), kAskedMeterPoint, "");
  EXPECT_TRUE(unknown.outcome == Outcome::found && !unknown.listed) << unknown.detail;
  EXPECT_EQ(unknown.transaction_id, "tid_1");
}

TEST(ReadMeterPointReply, a_403_is_explained_by_role) {
  struct Explained {
    std::string_view role;
    std::string_view part;
  };
  for (const Explained& row :
       {Explained{"", "meter point: bind keys"},
        Explained{"data_provider", "ours is data_provider: bind keys"},
        Explained{"dcc", "ours is dcc"}, Explained{"data_user", "ours registered none: bind keys"},
        Explained{"portal", "confirmed reidentification-token"}}) {
    const auto end = read_meter_point_reply(reply(403), asked_key(), kAskedMeterPoint, row.role);
    EXPECT_NE(end.detail.find(row.part), std::string::npos) << end.detail;
  }
}

TEST(ReadDataUserReply, only_the_registers_own_answer_is_knowledge) {
  for (const Row& row : kNoAnswers) {
    const auto end = read_data_user_reply(row.reply, kAskedDataUser, "");
    EXPECT_TRUE(end.outcome == row.outcome) << row.why << ": " << end.detail;
    expect_clean(end.detail, row.why);
  }
  const auto active = read_data_user_reply(reply(200, kActive), kAskedDataUser, "");
  EXPECT_TRUE(active.outcome == Outcome::found && active.status == DataUserStatus::active);
  EXPECT_EQ(active.transaction_id, "tid_4");
  const auto unknown = read_data_user_reply(reply(404, kNone), kAskedDataUser, "");
  EXPECT_TRUE(unknown.outcome == Outcome::not_found && unknown.status == DataUserStatus::unknown);
  const auto portal = read_data_user_reply(reply(403), kAskedDataUser, "portal");
  EXPECT_NE(portal.detail.find("ours is portal"), std::string::npos) << portal.detail;
}

}  // namespace
}  // namespace akgate
