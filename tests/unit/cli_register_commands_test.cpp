// SPDX-License-Identifier: Apache-2.0
//
// The commands that go to the register itself, from the arguments to the exit code, against the
// sandbox register.

#include "cli_register_stage.hpp"
#include "record/access_key.hpp"

namespace akgate {
namespace {

using RegisterCommands = RegisterStage;
using Asked = std::vector<std::string>;

constexpr const char* kUnknownKey = "ak_000000000000000000000000";

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(RegisterCommands, token_prints_the_token_and_what_it_says) {
  const Ended told = run({"token"});
  EXPECT_EQ(told.exit, ExitCode::done) << told.err;
  EXPECT_TRUE(told.out.starts_with("token         ey")) << told.out;
  EXPECT_TRUE(contains(told.out, "\nlasts         7")) << told.out;
  EXPECT_TRUE(contains(told.out, "\nrole          data_user\n")) << told.out;
  EXPECT_TRUE(contains(told.out, "\ndata user     duid_b1b1b1b1b1b1b1b1b1b1b1b1\n")) << told.out;
  const Ended printed = run({"token", "--json"});
  EXPECT_TRUE(printed.out.starts_with("{\"bearer-token\":\"ey")) << printed.out;
  EXPECT_TRUE(contains(printed.out, "\"role\":\"data_user\"")) << printed.out;
}

TEST_F(RegisterCommands, wrong_credentials_and_no_account_end_with_2) {
  act_as("bright-energy", "not-the-key");
  EXPECT_EQ(run({"token"}).exit, ExitCode::error);
  const Ended refused = run({"list"});
  EXPECT_EQ(refused.exit, ExitCode::error);
  EXPECT_NE(refused.err, "");
  act_without_account();
  const Ended nobody = run({"list"});
  EXPECT_EQ(nobody.exit, ExitCode::error);
  EXPECT_TRUE(contains(nobody.err, "set register.account-id")) << nobody.err;
  EXPECT_EQ(asked(), Asked{});
}

TEST_F(RegisterCommands, create_hands_over_the_key_and_the_location) {
  const std::string file = write("record.json", valid_record());
  const Ended told = run({"create", file});
  ASSERT_EQ(told.exit, ExitCode::done) << told.err;
  const std::string key = told.out.substr(told.out.find("ak_"), 27);
  ASSERT_TRUE(AccessKey::parse(key)) << told.out;
  EXPECT_EQ(told.out.find("access key    " + key + "\nlocation      /v1/access-records/" + key +
                          "\nexpires       2099-11-10T17:07:01.580Z\ntransaction   tid_"),
            0U)
      << told.out;
  EXPECT_EQ(run({"show", key}).exit, ExitCode::done);

  type(valid_record());
  const Ended printed = run({"create", "-", "--json"});
  EXPECT_TRUE(printed.out.starts_with("{\"ak\":\"ak_")) << printed.out << printed.err;
}

TEST_F(RegisterCommands, create_tells_all_faults_at_once_and_sends_nothing) {
  const std::string file =
      write("record.json",
            R"({"record-metadata": 1, "processing": {}, "access-event": {"expiry": null}})");
  const Ended ended = run({"create", file});
  EXPECT_EQ(ended.exit, ExitCode::error);
  EXPECT_EQ(ended.out, "");
  for (const char* const path : {"akgate: record-metadata: ", "akgate: processing.legal-basis: ",
                                 "akgate: processing.purpose: ", "akgate: processing.data-types: ",
                                 "akgate: access-event.registered-at: "}) {
    EXPECT_TRUE(contains(ended.err, path)) << path << ended.err;
  }
  EXPECT_TRUE(ended.err.ends_with("akgate: nothing was sent: mend " + file + " first\n"))
      << ended.err;
  EXPECT_EQ(run({"create", write("record.json", "{,}")}).exit, ExitCode::error);
  EXPECT_EQ(run({"create", directory_ / "none"}).exit, ExitCode::error);
  EXPECT_EQ(run({"create", write("record.json", std::string(300'000, ' '))}).exit, ExitCode::error);
  EXPECT_EQ(asked(), Asked{});
}

TEST_F(RegisterCommands, create_shows_what_the_register_refuses) {
  const std::string foreign =
      sandbox::to_text(sandbox::valid_record(sandbox::kGridsIdentity).get());
  const Ended refused = run({"create", write("record.json", foreign), "--json"});
  EXPECT_EQ(refused.exit, ExitCode::finding);
  EXPECT_TRUE(contains(refused.err, "akgate: VAL001: record-metadata.identity-record-ref"))
      << refused.err;
  EXPECT_TRUE(contains(refused.out, "\"error-code\":\"VAL001\"")) << refused.out;

  auto by_token = sandbox::valid_record("");
  sandbox::put_text(by_token.get(), "reidentification-token", "rt_unknown");
  sandbox::erase(sandbox::member(by_token.get(), "record-metadata"), "identity-record-ref");
  const Ended unknown = run({"create", write("record.json", sandbox::to_text(by_token.get()))});
  EXPECT_EQ(unknown.exit, ExitCode::finding);
  EXPECT_TRUE(contains(unknown.err, "there is no such reidentification-token")) << unknown.err;

  act_as("concentrator-17", "concentrator-demo-key");
  const Ended provider = run({"create", write("record.json", valid_record())});
  EXPECT_EQ(provider.exit, ExitCode::finding);
  EXPECT_TRUE(contains(provider.err, "our account's role is data_provider")) << provider.err;
}

TEST_F(RegisterCommands, create_says_when_the_record_may_be_there_though_no_key_came) {
  const std::string file = write("record.json", valid_record());
  const std::vector<std::pair<sandbox::Response, bool>> rows = {
      {{.status = 201, .body = "{}"}, true},
      {{.status = 200, .body = "{}"}, true},
      {{.status = 503}, true},
      {{.delivery = sandbox::Delivery::drop}, true},
      {{.status = 404, .body = "<html>"}, false},
  };
  for (const auto& row : rows) {
    instead_ = [&](const auto&) { return row.first; };
    const Ended ended = run({"create", file});
    EXPECT_EQ(ended.exit, ExitCode::error);
    EXPECT_EQ(contains(ended.err, "before you send it again"), row.second) << ended.err;
  }
  act_as("bright-energy", "not-the-key");
  EXPECT_FALSE(contains(run({"create", file}).err, "before you send it again"));
}

TEST_F(RegisterCommands, replace_takes_the_key_and_the_record) {
  const std::string key = registered();
  const std::string file = write("record.json", valid_record());
  const Ended replaced = run({"replace", key, file});
  EXPECT_EQ(replaced.exit, ExitCode::done) << replaced.err;
  EXPECT_EQ(replaced.out, "the record is replaced\n");
  const Ended printed = run({"replace", key, file, "--json"});
  EXPECT_TRUE(contains(printed.out, "\"expiry\":\"2099-")) << printed.out;
  EXPECT_FALSE(contains(printed.out, key)) << printed.out;
  type(key + "\n");
  EXPECT_EQ(run({"replace", "-", file}).exit, ExitCode::done);
  setenv("AKGATE_ACCESS_KEY", key.c_str(), 1);
  EXPECT_EQ(run({"replace", file}).exit, ExitCode::done);
  unsetenv("AKGATE_ACCESS_KEY");

  EXPECT_TRUE(contains(run({"replace", kUnknownKey, file}).err, "our account has no such record"));
  EXPECT_EQ(run({"revoke", key}).exit, ExitCode::done);
  const Ended revoked = run({"replace", key, file});
  EXPECT_EQ(revoked.exit, ExitCode::finding);
  EXPECT_TRUE(contains(revoked.err, "only an ACTIVE record can be replaced")) << revoked.err;
}

TEST_F(RegisterCommands, replace_that_names_too_little_or_too_much_sends_nothing) {
  const std::string file = write("record.json", valid_record());
  for (const Words& arguments :
       {Words{"replace"}, Words{"replace", file}, Words{"replace", kUnknownKey},
        Words{"replace", "-", "-"}, Words{"replace", "ak_1", file},
        Words{"replace", kUnknownKey, file, file}}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit, ExitCode::error);
    EXPECT_FALSE(contains(ended.err, kUnknownKey)) << ended.err;
  }
  EXPECT_EQ(asked(), Asked{});
}

TEST_F(RegisterCommands, revoke_is_done_once) {
  const std::string key = registered();
  const Ended revoked = run({"revoke", key, "--reason", "customer-request"});
  EXPECT_EQ(revoked.exit, ExitCode::done) << revoked.err;
  EXPECT_EQ(revoked.out, "the record is revoked\n");
  EXPECT_EQ(asked(), Asked{"DELETE /v1/access-records/" + key + "?reason=customer-request"});
  const Ended again = run({"revoke", key});
  EXPECT_EQ(again.exit, ExitCode::finding);
  EXPECT_TRUE(contains(again.err, "or it is revoked already")) << again.err;
}

TEST_F(RegisterCommands, list_prints_own_records_with_their_keys) {
  EXPECT_EQ(run({"list"}).out, "no records\n");
  const std::string key = registered();
  const std::string other = registered();
  EXPECT_EQ(run({"revoke", other}).exit, ExitCode::done);
  const Ended told = run({"list"});
  EXPECT_EQ(told.exit, ExitCode::done) << told.err;
  EXPECT_EQ(told.err, "");
  EXPECT_TRUE(contains(told.out, key + "  ACTIVE ")) << told.out;
  EXPECT_TRUE(contains(told.out, other + "  REVOKED ")) << told.out;
  const Ended active = run({"list", "--state", "ACTIVE", "--json"});
  EXPECT_TRUE(active.out.starts_with("{\"complete\":true,\"records\":[{\"ak\":\"" + key))
      << active.out;
  EXPECT_FALSE(contains(active.out, other)) << active.out;
}

TEST_F(RegisterCommands, list_says_when_it_may_be_incomplete) {
  registered();
  const Ended told = run({"list", "--limit", "1"});
  EXPECT_EQ(told.exit, ExitCode::done);
  EXPECT_TRUE(contains(told.err, "may be incomplete")) << told.err;
  const Ended printed = run({"list", "--limit=1", "--legal-basis=uk-consent", "--json"});
  EXPECT_TRUE(printed.out.starts_with("{\"complete\":false,")) << printed.out;
  EXPECT_EQ(asked(), (Asked{"GET /v1/records?limit=1", "GET /v1/records?limit=1",
                            "GET /v1/records?legal-basis=uk-consent&limit=1"}));
}

TEST_F(RegisterCommands, list_is_for_data_users) {
  act_as("concentrator-17", "concentrator-demo-key");
  const Ended refused = run({"list", "--json"});
  EXPECT_EQ(refused.exit, ExitCode::finding);
  EXPECT_TRUE(contains(refused.err, "our account's role is data_provider")) << refused.err;
  EXPECT_TRUE(contains(refused.out, "\"error-code\":\"AUTH003\"")) << refused.out;
}

TEST_F(RegisterCommands, list_reads_as_many_rows_as_the_register_sends) {
  std::string rows;
  for (int i = 0; i < 499; ++i) {
    rows += std::string(i == 0 ? "" : ",") + R"({"ak":"ak_)" + std::to_string(100 + i) +
            R"(","purpose":")" + std::string(2000, 'x') + R"("})";
  }
  instead_ = [&](const auto&) {
    return sandbox::Response{.body = R"({"response":{},"records":[)" + rows + "]}"};
  };
  const Ended ended = run({"list"});
  EXPECT_EQ(ended.exit, ExitCode::done) << ended.err;
  EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 500);
}

TEST_F(RegisterCommands, meter_point_lists_its_records) {
  const std::string key = registered();
  const Ended told = run({"meter-point", "1234567890123"});
  EXPECT_EQ(told.exit, ExitCode::done) << told.err;
  EXPECT_TRUE(contains(told.out, key)) << told.out;
  const Ended printed = run({"meter-point", "1234567890123", "--state=ACTIVE", "--json"});
  EXPECT_TRUE(
      printed.out.starts_with("{\"mpxn\":\"1234567890123\",\"access-records\":[{\"ak\":\"" + key))
      << printed.out;
  EXPECT_EQ(run({"meter-point", "1234567890123", "--state=REVOKED"}).out, "no records\n");
}

TEST_F(RegisterCommands, meter_point_explains_by_role_why_it_is_not_shown) {
  const Ended user = run({"meter-point", "2000012345678"});
  EXPECT_EQ(user.exit, ExitCode::finding);
  EXPECT_TRUE(contains(user.err, "for which it has registered a record itself")) << user.err;
  act_as("concentrator-17", "concentrator-demo-key");
  EXPECT_TRUE(contains(run({"meter-point", "1234567890123"}).err, "`akgate bind`"));
  act_as("portal", "portal-demo-key");
  EXPECT_TRUE(
      contains(run({"meter-point", "1234567890123"}).err, "needs a confirmed --reidentification"));
  type("rt_typed\n");
  const Ended unknown = run({"meter-point", "1234567890123", "--reidentification-token", "-"});
  EXPECT_EQ(unknown.exit, ExitCode::finding);
  EXPECT_TRUE(contains(unknown.err, "no such reidentification-token")) << unknown.err;
  EXPECT_FALSE(contains(unknown.err, "rt_typed")) << unknown.err;
  EXPECT_EQ(asked().back(),
            "GET /v1/meter-points/1234567890123/access-records?reidentification-token=rt_typed");
}

TEST_F(RegisterCommands, data_user_shows_its_standing) {
  const Ended told = run({"data-user", "duid_1a1a1a1a1a1a1a1a1a1a1a1a"});
  EXPECT_EQ(told.exit, ExitCode::done) << told.err;
  EXPECT_TRUE(
      told.out.starts_with("data user     duid_1a1a1a1a1a1a1a1a1a1a1a1a\n"
                           "status        suspended\n"
                           "name          Lapsed Energy Ltd\n"
                           "data types    HH-CONSUMPTION\n"))
      << told.out;
  EXPECT_TRUE(contains(run({"data-user", "duid_1a1a1a1a1a1a1a1a1a1a1a1a", "--json"}).out,
                       "\"status\":\"suspended\""));
  const Ended unknown = run({"data-user", "duid_nobody"});
  EXPECT_EQ(unknown.exit, ExitCode::finding);
  EXPECT_TRUE(contains(unknown.err, "no such Data User")) << unknown.err;
}

struct Misuse {
  std::vector<std::string_view> arguments;
  const char* said;
};

TEST_F(RegisterCommands, what_cannot_be_right_is_not_asked_and_what_would_be_right_is_said) {
  const std::vector<Misuse> rows = {
      {{"list", "--state", "active"},
       "ACTIVE, EXPIRED, REVOKED or DISCOVERED; did you mean ACTIVE?"},
      {{"list", "--state", "x"}, "must be ACTIVE, EXPIRED, REVOKED or DISCOVERED\n"},
      {{"list", "--state="}, "must be ACTIVE, EXPIRED, REVOKED or DISCOVERED\n"},
      {{"list", "--legal-basis", "uk-contracts"}, "did you mean uk-contract?"},
      {{"meter-point", "1234567890123", "--legal-basis", "UK-CONSENT"}, "did you mean uk-consent?"},
      {{"list", "--limit", "0"}, "1 to 500"},
      {{"list", "--limit", "501"}, "1 to 500"},
      {{"list", "--limit", "ten"}, "1 to 500"},
      {{"list", "more"}, "takes no operand"},
      {{"token", "more"}, "takes no operand"},
      {{"revoke", kUnknownKey, "--reason", "lia-laps"}, "did you mean lia-lapsed?"},
      {{"revoke", "ak_1"}, "24 lower-case hex digits"},
      {{"revoke"}, "no access key is given"},
      {{"create"}, "name one file"},
      {{"meter-point"}, "name one meter point"},
      {{"meter-point", "../records"}, "no meter point"},
      {{"meter-point", "1234567890123", "--reidentification-token="}, "token is empty"},
      {{"data-user", "duid_/"}, "no Data User"},
      {{"lst"}, "did you mean `register list`?"},
  };
  for (const Misuse& row : rows) {
    const Ended ended = run(row.arguments);
    EXPECT_EQ(ended.exit, ExitCode::error) << row.said;
    EXPECT_TRUE(contains(ended.err, row.said)) << row.said << " is not in " << ended.err;
    EXPECT_EQ(ended.out, "");
  }
  EXPECT_EQ(asked(), Asked{});
}

TEST_F(RegisterCommands, a_gateway_that_answers_for_the_register_is_no_finding) {
  instead_ = [](const auto&) { return sandbox::Response{.status = 404, .body = "<html>"}; };
  for (const Words& arguments :
       {Words{"list"}, Words{"revoke", kUnknownKey}, Words{"data-user", "duid_nobody"},
        Words{"meter-point", "1234567890123"}}) {
    EXPECT_EQ(run(arguments).exit, ExitCode::error);
  }
  instead_ = [](const auto&) { return sandbox::Response{.body = "[]"}; };
  for (const Words& arguments :
       {Words{"list"}, Words{"data-user", "duid_nobody"}, Words{"meter-point", "1234567890123"}}) {
    EXPECT_EQ(run(arguments).exit, ExitCode::error);
  }
}

}  // namespace
}  // namespace akgate
