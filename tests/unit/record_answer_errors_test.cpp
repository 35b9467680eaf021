// SPDX-License-Identifier: Apache-2.0
//
// Answers that say nothing about the key, and those that say there is none.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "record/read_answer.hpp"
#include "verify_answer.hpp"

namespace akgate {
namespace {

TEST(ReadVerifyAnswer, what_makes_no_sense_is_an_error) {
  struct Row {
    const char* why;
    std::string body;
  };
  const std::vector<Row> rows = {
      {"nothing", ""},
      {"HTML", "<html>captive portal</html>"},
      {"a list", "[]"},
      {"null", "null"},
      {"an empty object", "{}"},
      {"an error body", R"({"response": {}, "errors": [{"error-code": "NOT001"}]})"},
      {"text behind", std::string(kGoodAnswer) + "x"},
      {"two documents", std::string(kGoodAnswer) + std::string(kGoodAnswer)},
      {"cut short", std::string(kGoodAnswer.substr(0, kGoodAnswer.size() - 1))},
      {"record a list",
       edited(kGoodAnswer, {{R"("access-record": {)", R"("access-record": [], "x": {)"}})},
      {"record a text",
       edited(kGoodAnswer, {{R"("access-record": {)", R"("access-record": "x", "x": {)"}})},
      {"no event", edited(kGoodAnswer, {{R"("access-event")", R"("x")"}})},
      {"event null",
       edited(kGoodAnswer, {{R"("access-event": {)", R"("access-event": null, "x": {)"}})},
      {"event a list",
       edited(kGoodAnswer, {{R"("access-event": {)", R"("access-event": [], "x": {)"}})},
      {"another key's record",
       edited(kGoodAnswer, {{R"(identifier": "ak_691df0c788ca043403b7fa90)",
                             R"(identifier": "ak_000000c788ca043403b7fa90)"}})},
      {"another key's revocation",
       edited(kGoodAnswer, {{R"(identifier": "ak_691df0c788ca043403b7fa90)",
                             R"(identifier": "ak_000000c788ca043403b7fa90)"},
                            {"ACTIVE", "REVOKED"}})},
      {"a key in other case",
       edited(kGoodAnswer, {{R"(identifier": "ak_691df0c788ca043403b7fa90)",
                             R"(identifier": "AK_691DF0C788CA043403B7FA90)"}})},
      {"identifier of the wrong type",
       edited(kGoodAnswer, {{R"("record-identifier": )", R"("record-identifier": 7, "x": )"}})},
      {"identifier with a NUL behind",
       edited(kGoodAnswer, {{R"(identifier": "ak_691df0c788ca043403b7fa90)",
                             R"(identifier": "ak_691df0c788ca043403b7fa90\u0000)"}})},
      {"too deep", edited(kGoodAnswer, {{R"("art26-reference": null)", R"("art26-reference": )" +
                                                                           std::string(40, '[') +
                                                                           std::string(40, ']')}})},
      {"too big", edited(kGoodAnswer, {{"Energy efficiency", std::string(256 * 1024, 'x')}})},
  };
  for (const Row& row : rows) {
    const Result<VerifyAnswer> answer = read_verify_answer(row.body, asked_key());
    EXPECT_FALSE(answer.ok()) << row.why;
  }
}

TEST(ReadVerifyAnswer, a_key_twice_in_an_object_that_decides_is_an_error_even_for_a_denial) {
  // One member of each object on the way, once repeated and once in another case.
  for (const std::string_view member :
       {R"("response": {)", R"("transaction-id": )", R"("access-record": {)",
        R"("record-metadata": {)", R"("controller-arrangement": {)", R"("arrangement-type": )",
        R"("controllers": [)", R"("name": "Bright)", R"("processing": {)", R"("data-types": )",
        R"("access-event": {)", R"("state": )", R"("expiry": )", R"("revoked-at": )",
        R"("consent-type": )"}) {
    const std::string_view name = member.substr(1, member.find('"', 1) - 1);
    std::string upper(name);
    for (char& c : upper) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    for (const std::string& twin : {std::string(name), upper}) {
      const std::string doubled = "\"" + twin + "\": null, " + std::string(member);
      for (const std::string_view state : {"ACTIVE", "REVOKED"}) {
        const std::string body = edited(kGoodAnswer, {{member, doubled}, {"ACTIVE", state}});
        const Result<VerifyAnswer> answer = read_verify_answer(body, asked_key());
        ASSERT_FALSE(answer.ok()) << twin << " beside " << name;
        EXPECT_NE(answer.error().what().find("twice"), std::string::npos) << answer.error().what();
      }
    }
  }
}

TEST(ReadVerifyAnswer, I9_neither_error_nor_missing_shows_a_value_of_the_answer) {
  const std::vector<std::vector<Edit>> troubles = {
      {{"2027-11-10T17", "CANARY"}},
      {{R"("ACTIVE")", R"(["CANARY"])"}},
      {{R"("state")", R"("duid": "CANARY", "state")"}},
      {{"tid_691d", "CANARY,"}},
      {{R"(identifier": "ak_691d)", R"(identifier": "ak_CANARY)"}},
      {{R"("state")", R"("STATE": "CANARY", "state")"}},
      {{R"("state")", R"(CANARY "state")"}},
  };
  for (const std::vector<Edit>& edits : troubles) {
    const Result<VerifyAnswer> answer = read_verify_answer(edited(kGoodAnswer, edits), asked_key());
    const std::string told = answer.ok() ? answer->missing : answer.error().what();
    EXPECT_NE(told, "");
    EXPECT_EQ(told.find("CANARY"), std::string::npos) << told;
    EXPECT_EQ(told.find("691d"), std::string::npos) << told;
  }
}

TEST(ReadNotFound, takes_the_registers_own_envelope) {
  const Result<Envelope> envelope = read_not_found(
      R"({"response": {"resource": "/v1/access-records/ak_691df0c788ca043403b7fa90",
                       "timestamp": "2026-03-11T12:00:00.250Z", "transaction-id": "tid_1"},
          "errors": [{"error-code": "NOT001", "message": "no such record"}], "more": null})");
  ASSERT_TRUE(envelope.ok()) << envelope.error().what();
  EXPECT_EQ(envelope->transaction_id, "tid_1");
  EXPECT_EQ(envelope->timestamp, at("2026-03-11T12:00:00.250Z"));
}

TEST(ReadNotFound, anything_else_says_nothing_about_the_key) {
  for (
      const std::string_view body : {
          "",
          "404 page not found",
          "<html><head><title>404 Not Found</title></head></html>",
          "null",
          "[]",
          "{}",
          R"({"errors": [{"error-code": "NOT001"}]})",
          R"({"message": "no Route matched with those values"})",
          R"({"response": {"transaction-id": "tid_1"}})",
          R"({"response": {"transaction-id": "tid_1"}, "errors": []})",
          R"({"response": {"transaction-id": "tid_1"}, "errors": null})",
          R"({"response": {"transaction-id": "tid_1"}, "errors": {"error-code": "NOT001"}})",
          R"({"response": {"transaction-id": "tid_1"}, "errors": "NOT001"})",
          R"({"response": {}, "errors": [{"error-code": "NOT001"}]})",
          R"({"response": {"transaction-id": 1}, "errors": [{"error-code": "NOT001"}]})",
          R"({"response": "tid_1", "errors": [{"error-code": "NOT001"}]})",
          R"({"response": {"transaction-id": "tid_1"}, "errors": [{}], "ERRORS": []})",
          R"({"response": {"transaction-id": "tid_1", "transaction-id": "tid_2"}, "errors": [{}]})",
          R"({"response": {"transaction-id": "tid_1"}, "errors": [{}]} x)",
      }) {
    EXPECT_FALSE(read_not_found(body).ok()) << body;
  }
}

}  // namespace
}  // namespace akgate
