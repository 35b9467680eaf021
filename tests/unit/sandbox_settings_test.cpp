// SPDX-License-Identifier: Apache-2.0
#include "tests/register/settings.hpp"

#include <gtest/gtest.h>

#include "tests/register/accounts.hpp"
#include "tests/register/demo.hpp"

namespace akgate::sandbox {
namespace {

TEST(SandboxSettings, the_command_line_is_read) {
  const auto settings =
      read_settings({"--seed-demo", "--listen", "[::1]:0", "--token-lifetime=60", "--time-offset",
                     "-2d", "--data", "/tmp/d", "--tls-cert=c", "--tls-key=k"});
  ASSERT_TRUE(settings.ok()) << settings.error().what();
  EXPECT_EQ(settings->host, "::1");
  EXPECT_EQ(settings->port, 0);
  EXPECT_EQ(settings->token_lifetime, std::chrono::seconds(60));
  EXPECT_EQ(settings->time_offset, -std::chrono::hours(48));
  EXPECT_EQ(settings->data, "/tmp/d");
}

TEST(SandboxSettings, what_makes_no_sense_is_named) {
  struct Row {
    std::vector<std::string_view> arguments;
    const char* named;
  };
  const Row rows[] = {
      {{}, "--accounts"},
      {{"--seed-demo", "--listen", "8443"}, "--listen"},
      {{"--seed-demo", "--listen", "h:65536"}, "--listen"},
      {{"--seed-demo", "--listen", ":1"}, "--listen"},
      {{"--seed-demo", "--tls-cert", "c"}, "--tls-key"},
      {{"--seed-demo", "--token-lifetime", "0"}, "--token-lifetime"},
      {{"--seed-demo", "--time-offset", "soon"}, "--time-offset"},
      {{"--seed-demo", "--nonsense"}, "--nonsense"},
      {{"--seed-demo", "more"}, "options only"},
  };
  for (const auto& row : rows) {
    const auto settings = read_settings(row.arguments);
    ASSERT_FALSE(settings.ok()) << row.named;
    EXPECT_NE(settings.error().what().find(row.named), std::string::npos)
        << settings.error().what();
  }
}

TEST(SandboxSettings, help_lists_every_demo_account_with_its_key) {
  Accounts accounts;
  ASSERT_TRUE(seed_demo_accounts(accounts).ok());
  const auto help = help_text();
  for (const char* id : {"bright-energy", "grid-analytics", "lapsed-energy", "concentrator-17",
                         "dcc", "portal", "admin"}) {
    const auto* account = accounts.find(id);
    ASSERT_NE(account, nullptr) << id;
    EXPECT_NE(help.find(account->secret_key), std::string::npos) << id;
    EXPECT_NE(help.find(account->duid), std::string::npos) << id;
  }
}

TEST(SandboxSettings, an_accounts_file_with_a_fault_is_refused_with_the_account_named) {
  struct Row {
    const char* json;
    const char* named;
  };
  constexpr Row kRows[] = {
      {"[]", "accounts"},
      {R"({"accounts": [{"account-id": "a:b", "secret-key": "s", "role": "dcc", "duid": "duid_1"}]})",
       "account-id"},
      {R"({"accounts": [{"account-id": "a", "role": "dcc", "duid": "duid_1"}]})", "\"a\""},
      {R"({"accounts": [{"account-id": "a", "secret-key": "s", "role": "king", "duid": "duid_1"}]})",
       "role"},
      {R"({"accounts": [{"account-id": "a", "secret-key": "s", "role": "dcc"}]})", "duid"},
      {R"({"accounts": [{"account-id": "a", "secret-key": "s", "role": "dcc", "duid": "duid_1", "status": "x"}]})",
       "status"},
      {R"({"accounts": [{"account-id": "a", "secret-key": "s", "role": "dcc", "duid": "duid_1"},
                        {"account-id": "a", "secret-key": "s", "role": "dcc", "duid": "duid_1"}]})",
       "two accounts"},
      {R"({"accounts": [{"account-id": "a", "secret-key": "s", "role": "data_user", "duid": "duid_1"},
                        {"account-id": "b", "secret-key": "s", "role": "data_user", "duid": "duid_1"}]})",
       "two Data Users"},
  };
  for (const auto& row : kRows) {
    Accounts accounts;
    const auto added = accounts.add_from_json(row.json);
    ASSERT_FALSE(added.ok()) << row.json;
    EXPECT_NE(added.error().what().find(row.named), std::string::npos) << added.error().what();
  }
}

}  // namespace
}  // namespace akgate::sandbox
