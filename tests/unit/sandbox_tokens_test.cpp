// SPDX-License-Identifier: Apache-2.0
#include "tests/register/tokens.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/register/json.hpp"

namespace akgate::sandbox {
namespace {

using std::chrono::seconds;

const Clock::Time kNow{seconds(1'795'000'000)};
const Account kAccount{.account_id = "bright-energy",
                       .secret_key = "secret",
                       .role = Role::data_user,
                       .duid = "duid_b1b1b1b1b1b1b1b1b1b1b1b1",
                       .display_name = {},
                       .registered_at = {},
                       .suspended_at = {},
                       .contact_url = {},
                       .data_types = {}};

Tokens in_memory() { return Tokens::open("", seconds(60)).value(); }

TEST(SandboxTokens, a_token_is_good_until_its_lifetime_is_over) {
  const auto tokens = in_memory();
  const auto token = tokens.issue(kAccount, kNow);
  EXPECT_EQ(tokens.check(token, kNow), "bright-energy");
  EXPECT_EQ(tokens.check(token, kNow + seconds(59)), "bright-energy");
  EXPECT_EQ(tokens.check(token, kNow + seconds(60)), std::nullopt);
}

TEST(SandboxTokens, the_claims_are_those_of_the_register) {
  const auto token = in_memory().issue(kAccount, kNow);
  const auto first = token.find('.');
  EXPECT_EQ(base64_decode(token.substr(0, first)), R"({"alg":"HS256","typ":"JWT"})");
  EXPECT_EQ(base64_decode(token.substr(first + 1, token.rfind('.') - first - 1)),
            R"({"sub":"bright-energy","duid":"duid_b1b1b1b1b1b1b1b1b1b1b1b1","role":"data_user",)"
            R"("iat":1795000000,"exp":1795000060})");
}

TEST(SandboxTokens, no_other_signature_is_taken) {
  const auto tokens = in_memory();
  const auto token = tokens.issue(kAccount, kNow);
  const auto body = token.substr(0, token.rfind('.'));
  EXPECT_EQ(in_memory().check(token, kNow), std::nullopt) << "signed under another key";
  const std::string unsigned_header = base64url_encode(R"({"alg":"none","typ":"JWT"})");
  for (const auto& bad : {body, body + ".", body + ".AAAA", token + "A", std::string(""),
                          std::string(".."), unsigned_header + body.substr(body.find('.')) + "."}) {
    EXPECT_EQ(tokens.check(bad, kNow), std::nullopt) << bad;
  }
}

TEST(SandboxTokens, the_key_outlives_a_restart_and_can_be_forgotten) {
  const auto file = std::filesystem::path(testing::TempDir()) / "sandbox-token-key";
  std::filesystem::remove(file);
  const auto token = Tokens::open(file, seconds(60)).value().issue(kAccount, kNow);
  auto reopened = Tokens::open(file, seconds(60)).value();
  EXPECT_EQ(reopened.check(token, kNow), "bright-energy");
  ASSERT_TRUE(reopened.forget_all().ok());
  EXPECT_EQ(reopened.check(token, kNow), std::nullopt);
  EXPECT_EQ(Tokens::open(file, seconds(60)).value().check(token, kNow), std::nullopt);
}

TEST(SandboxTokens, base64_of_both_alphabets_is_read) {
  EXPECT_EQ(base64_decode("aWQ6c2VjcmV0"), "id:secret");
  EXPECT_EQ(base64_decode("-_-_"), base64_decode("+/+/"));
  EXPECT_EQ(base64_decode("YQ=="), "a");
  EXPECT_EQ(base64_decode("a*b"), std::nullopt);
  EXPECT_EQ(base64url_encode("a"), "YQ");
}

}  // namespace
}  // namespace akgate::sandbox
