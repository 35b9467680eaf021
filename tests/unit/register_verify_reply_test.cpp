// SPDX-License-Identifier: Apache-2.0
#include "register/operations.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "verify_answer.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kNoSuchRecord = R"({
  "response": {"resource": "/v1/access-records/ak_691df0c788ca043403b7fa90",
               "timestamp": "2026-03-11T12:00:00Z", "transaction-id": "tid_1"},
  "errors": [{"error-code": "NOT001", "message": "ak_691df0c788ca043403b7fa90 is not known"}]})";

HttpReply reply_of(int status, std::string_view body = {}) {
  HttpReply reply;
  reply.status = status;
  reply.sent = true;
  reply.body = body;
  return reply;
}

HttpReply with(HttpReply reply, const std::function<void(HttpReply&)>& change) {
  change(reply);
  return reply;
}

HttpReply no_reply(bool sent, bool garbled = false) {
  return with(reply_of(0), [&](HttpReply& r) {
    r.sent = sent;
    r.garbled = garbled;
    r.problem = "what happened";
  });
}

HttpReply good_answer(const std::vector<Edit>& edits = {}) {
  return reply_of(200, edited(kGoodAnswer, edits));
}

HttpReply told_to_wait(int status) {
  return with(reply_of(status), [](HttpReply& r) { r.retry_after = milliseconds(1500); });
}

HttpReply aged(HttpReply from, seconds age) {
  return with(std::move(from), [&](HttpReply& r) { r.cache_age = age; });
}

struct ReplyRow {
  const char* why;
  HttpReply reply;
  Outcome outcome;
  Silence silence = Silence::none;
};

void expect_all(const std::vector<ReplyRow>& rows) {
  for (const ReplyRow& row : rows) {
    const VerifyOutcome end = read_verify_reply(row.reply, asked_key());
    const std::string name = row.why + std::string(", status ") + std::to_string(row.reply.status);
    EXPECT_EQ(static_cast<int>(end.outcome), static_cast<int>(row.outcome))
        << name << ": " << end.detail;
    EXPECT_EQ(static_cast<int>(end.silence), static_cast<int>(row.silence)) << name;
    const bool knowledge = row.outcome == Outcome::found || row.outcome == Outcome::not_found;
    EXPECT_EQ(end.detail.empty(), knowledge) << name << " says: " << end.detail;
    EXPECT_EQ(end.detail.find("ak_"), std::string::npos) << "I9: " << end.detail;
    EXPECT_EQ(end.transaction_id.empty(), !knowledge) << name;
  }
}

TEST(ReadVerifyReply, silence_is_what_concerns_all_or_may_be_this_keys_own) {
  std::vector<ReplyRow> rows = {
      {"it never left", no_reply(false), Outcome::silent, Silence::link},
      {"it left, and nothing came", no_reply(true), Outcome::silent, Silence::request},
      {"slow down, all of you", reply_of(429), Outcome::silent, Silence::link},
      {"slow down, and how long", told_to_wait(429), Outcome::silent, Silence::link},
      {"closed for some time", told_to_wait(503), Outcome::silent, Silence::link},
      {"an error that names a time", told_to_wait(500), Outcome::silent, Silence::request},
      {"an error of more than our bound", with(reply_of(500), [](auto& r) { r.garbled = true; }),
       Outcome::silent, Silence::request},
      {"it did not hear us out", reply_of(408), Outcome::silent, Silence::request},
  };
  for (const int status : {500, 501, 502, 503, 504, 505, 511, 599}) {
    rows.push_back(
        {"server error", reply_of(status, kGoodAnswer), Outcome::silent, Silence::request});
  }
  expect_all(rows);
}

TEST(ReadVerifyReply, refusal_is_about_us_and_says_nothing_of_the_key) {
  std::vector<ReplyRow> rows;
  for (const int status : {400, 401, 402, 403, 405, 406, 409, 410, 421, 422, 425, 451, 499}) {
    rows.push_back({"refused", reply_of(status, kNoSuchRecord), Outcome::refused});
  }
  expect_all(rows);
}

TEST(ReadVerifyReply, only_the_registers_own_envelope_says_no_such_record) {
  expect_all({
      {"the register's", reply_of(404, kNoSuchRecord), Outcome::not_found},
      {"bare", reply_of(404), Outcome::malformed},
      {"a gateway's page", reply_of(404, "<html><h1>404 Not Found</h1></html>"),
       Outcome::malformed},
      {"another service's JSON", reply_of(404, R"({"message": "no route"})"), Outcome::malformed},
      {"a record with it", reply_of(404, kGoodAnswer), Outcome::malformed},
      {"no errors", reply_of(404, R"({"response": {"transaction-id": "tid_1"}, "errors": []})"),
       Outcome::malformed},
  });
}

TEST(ReadVerifyReply, an_answer_that_makes_no_sense_is_malformed) {
  std::vector<ReplyRow> rows = {
      {"no HTTP", no_reply(true, true), Outcome::malformed},
      {"longer than any answer",
       with(reply_of(200),
            [](auto& r) {
              r.garbled = true;
              r.problem = "too large";
            }),
       Outcome::malformed},
      {"nothing", reply_of(200), Outcome::malformed},
      {"a captive portal", reply_of(200, "<html>Welcome to our network!</html>"),
       Outcome::malformed},
      {"cut short", reply_of(200, kGoodAnswer.substr(0, kGoodAnswer.size() / 2)),
       Outcome::malformed},
      {"text behind it", reply_of(200, std::string(kGoodAnswer) + "x"), Outcome::malformed},
      {"about another key",
       good_answer({{R"("record-identifier": "ak_6)", R"("record-identifier": "ak_7)"}}),
       Outcome::malformed},
      {"the errors of a 404", reply_of(200, kNoSuchRecord), Outcome::malformed},
  };
  for (const int status :
       {100, 101, 103, 201, 202, 204, 206, 226, 300, 301, 302, 303, 304, 307, 308, 600, 999}) {
    rows.push_back({"a status the register never answers with", reply_of(status, kGoodAnswer),
                    Outcome::malformed});
  }
  expect_all(rows);
}

TEST(ReadVerifyReply, a_cache_in_between_does_not_speak_for_the_register) {
  expect_all({
      {"just made", aged(good_answer(), seconds(0)), Outcome::found},
      {"kept for a second", aged(good_answer(), seconds(1)), Outcome::malformed},
      {"no such record, kept", aged(reply_of(404, kNoSuchRecord), seconds(60)), Outcome::malformed},
  });
}

TEST(ReadVerifyReply, I1_a_record_that_may_allow_must_be_complete_one_that_denies_need_not) {
  const Edit no_types{R"("data-types": ["HH-CONSUMPTION", "HH-EXPORT"],)", ""};
  const Edit ended{"2027-11-10T17:07:01.580Z", "2026-03-11T12:00:00Z"};  // when the answer was made
  const Edit no_timestamp{R"("timestamp": "2026-03-11T12:00:00Z",)", ""};
  const auto dated = [](HttpReply from, std::string_view date) {
    return with(std::move(from), [&](HttpReply& r) { r.date = at(date); });
  };
  expect_all({
      {"complete", good_answer(), Outcome::found},
      {"active, a part missing", good_answer({no_types}), Outcome::malformed},
      {"revoked, a part missing", good_answer({no_types, {R"("ACTIVE")", R"("REVOKED")"}}),
       Outcome::found},
      {"a revoked-at, a part missing",
       good_answer(
           {no_types, {R"("revoked-at": null)", R"("revoked-at": "2026-01-01T00:00:00Z")"}}),
       Outcome::found},
      {"discovered, and nothing else",
       reply_of(200, R"({"response": {"transaction-id": "tid_1"}, "access-record":
                      {"access-event": {"state": "DISCOVERED"}}})"),
       Outcome::found},
      {"ended by the register's own clock", good_answer({no_types, ended}), Outcome::found},
      {"ended by the Date header",
       dated(good_answer({no_types, ended, no_timestamp}), "2026-03-11T12:00:00Z"), Outcome::found},
      {"not yet ended by the Date header",
       dated(good_answer({no_types, ended, no_timestamp}), "2026-03-11T11:59:59Z"),
       Outcome::malformed},
      {"ended or not, nobody says", good_answer({no_types, ended, no_timestamp}),
       Outcome::malformed},
  });
}

TEST(ReadVerifyReply, hands_over_record_transaction_and_clock) {
  HttpReply from = good_answer();
  from.date = at("2001-01-01T00:00:00Z");
  const VerifyOutcome end = read_verify_reply(from, asked_key());
  EXPECT_TRUE(end.record == good_record());
  EXPECT_EQ(end.transaction_id, "tid_691df0c788ca043403b7fa90");
  EXPECT_EQ(end.attested, at("2026-03-11T12:00:00Z"))
      << "the register's own word before the header's";

  from.body =
      edited(kGoodAnswer, {{R"("timestamp": "2026-03-11T12:00:00Z")", R"("timestamp": "noon")"}});
  EXPECT_EQ(read_verify_reply(from, asked_key()).attested, from.date);
  from.date.reset();
  EXPECT_EQ(read_verify_reply(from, asked_key()).attested, std::nullopt);
  EXPECT_EQ(read_verify_reply(reply_of(404, kNoSuchRecord), asked_key()).attested,
            at("2026-03-11T12:00:00Z"));
}

TEST(ReadVerifyReply, Retry_After_counts_on_429_and_503_only) {
  for (const int status : {429, 503}) {
    EXPECT_EQ(read_verify_reply(told_to_wait(status), asked_key()).retry_after, milliseconds(1500))
        << status;
  }
  for (const int status : {200, 301, 403, 404, 500}) {
    EXPECT_EQ(read_verify_reply(told_to_wait(status), asked_key()).retry_after, std::nullopt)
        << status;
  }
}

}  // namespace
}  // namespace akgate
