// SPDX-License-Identifier: Apache-2.0
//
// What the command line makes of the register's answers to drafts, and of its refusals.

#include "cli/register_reply.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "cli/register_draft.hpp"

namespace akgate {
namespace {

constexpr const char* kEnvelope =
    R"({"response":{"resource":"/v1/x","timestamp":"2026-03-11T12:00:00Z","transaction-id":"tid_1"},)";

std::string errors(const std::string& list) { return kEnvelope + ("\"errors\":" + list + "}"); }

AuthorizedTransport::Reply reply(int status, std::string body) {
  AuthorizedTransport::Reply reply;
  reply.authorized = true;
  reply.http.status = status;
  reply.http.body = std::move(body);
  return reply;
}

std::string_view gone(int status) { return status == 404 ? "there is no such thing" : ""; }

struct ReplyCase {
  int status;
  std::string body;
  ExitCode exit;
  const char* text;
};

TEST(RegisterRefusal, only_the_register_itself_can_say_no) {
  const std::string not_found = errors(R"([{"error-code":"NOT001","message":"unknown"}])");
  const std::vector<ReplyCase> cases = {
      {404, not_found, ExitCode::finding,
       "the register refuses (status 404): there is no such thing\nNOT001: unknown"},
      {400,
       errors(
           R"([{"error-code":"VAL001","message":"a\u001b\nb ak_691df0c788ca043403b7fa90"},{"message":7}])"),
       ExitCode::finding,
       "the register refuses (status 400)\nVAL001: a??b ak_(hidden)\n(no code): (no message)"},
      {404, "<html>", ExitCode::error,
       "something answered that is not the register (status 404); check register.url, and what "
       "lies "
       "in between"},
      {404, R"({"errors":[{}]})", ExitCode::error,
       "something answered that is not the register (status 404); check register.url, and what "
       "lies "
       "in between"},
      {401, errors(R"([{"error-code":"AUTH002","message":"expired"}])"), ExitCode::error,
       "the register does not take our token (status 401): check register.account-id and "
       "register.secret-key-file\nAUTH002: expired"},
      {503, not_found, ExitCode::error, "the register cannot answer (status 503)\nNOT001: unknown"},
      {302, "", ExitCode::error,
       "the register's answer makes no sense (status 302); check register.url, and whether "
       "something in between redirects"},
  };
  for (const ReplyCase& c : cases) {
    const RegisterRefusal refusal = read_refusal(reply(c.status, c.body), gone);
    EXPECT_EQ(refusal.exit, c.exit) << c.status << c.body;
    EXPECT_EQ(refusal.text, c.text);
  }
}

TEST(RegisterRefusal, a_register_that_wants_to_be_left_alone_says_for_how_long) {
  auto busy = reply(429, "");
  busy.http.retry_after = std::chrono::milliseconds(1500);
  EXPECT_EQ(read_refusal(busy, gone).text,
            "the register cannot answer (status 429), and wants to be left alone for 2 s");
}

TEST(RegisterRefusal, what_was_never_asked_is_no_finding) {
  auto unsent = reply(401, errors(R"([{"error-code":"AUTH005"}])"));
  unsent.authorized = false;
  unsent.http.problem = "the register refused our credentials";
  EXPECT_EQ(read_refusal(unsent, gone).exit, ExitCode::error);
  EXPECT_EQ(read_refusal(unsent, gone).text, "the register refused our credentials");
}

TEST(RegisterRefusal, as_many_errors_are_told_as_a_person_reads) {
  std::string list = "[{}";
  for (int i = 0; i < 100; ++i) list += ",{}";
  const std::string text = read_refusal(reply(400, errors(list + "]")), gone).text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 21);
  EXPECT_TRUE(text.ends_with("\n…"));
}

TEST(RegisterDraft, faults_are_told_a_line_each) {
  EXPECT_EQ(describe({{.path = "processing.purpose", .remedy = "must be a text"},
                      {.path = "not\x1b[2Jice", .remedy = "is not read: write it notice"}}),
            "processing.purpose: must be a text\nnot?[2Jice: is not read: write it notice\n");
}

HttpReply created(std::string body, std::string location) {
  HttpReply reply;
  reply.status = 201;
  reply.body = std::move(body);
  reply.location = std::move(location);
  return reply;
}

TEST(RegisterDraft, the_key_of_a_new_record_is_found_wherever_the_register_names_it) {
  const std::string key = "ak_691df0c788ca043403b7fa90";
  const std::string token = R"("access-token":{"key":")" + key + R"(","expiry":null}})";
  const CreatedRecord whole = read_created(created(kEnvelope + token, "/v1/access-records/" + key));
  EXPECT_EQ(whole.key.reveal(), key);
  EXPECT_EQ(whole.location, "/v1/access-records/" + key);
  EXPECT_EQ(whole.expires, "never");
  EXPECT_EQ(whole.transaction_id, "tid_1");
  EXPECT_EQ(read_created(created(kEnvelope + token, "")).key.reveal(), key);
  EXPECT_EQ(read_created(created("", "https://x.example/v1/access-records/" + key)).key.reveal(),
            key);
  EXPECT_TRUE(read_created(created("{}", "/v1/access-records/ak_1")).key.empty());
}

}  // namespace
}  // namespace akgate
