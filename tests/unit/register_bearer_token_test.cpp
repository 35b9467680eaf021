// SPDX-License-Identifier: Apache-2.0
#include "register/bearer_token.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "register_token.hpp"
#include "tests/support/temporary_directory.hpp"
#include "verify_answer.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// 2027-01-15T08:00:00Z, the register's clock in these tests.
constexpr int kNow = 1'800'000'000;

std::string claims(int issued_at, int expires_at) {
  return R"({"iat": )" + std::to_string(issued_at) + R"(, "exp": )" + std::to_string(expires_at) +
         R"(, "role": "data_user", "duid": "duid_demo"})";
}

HttpReply answer(std::string body, std::optional<Timestamp> date = std::nullopt) {
  HttpReply reply;
  reply.status = 200;
  reply.sent = true;
  reply.body = std::move(body);
  reply.date = date;
  return reply;
}

TEST(TokenRequest, offers_id_and_key_as_basic_credentials) {
  const HttpRequest request =
      token_request({.id = "Aladdin", .key = Secret::copy_of("open sesame")});
  EXPECT_TRUE(request.method == Method::get && request.body.empty());
  EXPECT_EQ(request.path.reveal(), "/auth/token");
  EXPECT_EQ(request.authorization.reveal(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617's
}

TEST(TokenAnswer, lives_as_long_as_the_least_that_the_register_says) {
  const Timestamp now{seconds(kNow)};
  const auto plain = [](int lasts) { return jwt(claims(kNow, kNow + lasts)); };
  struct Row {
    const char* why;
    HttpReply reply;
    seconds lifetime;
  };
  for (const Row& row : std::vector<Row>{
           {"expires alone", answer(token_body("opaque-token", "7200")), seconds(7200)},
           {"a fraction", answer(token_body("opaque-token", "90.9")), seconds(90)},
           {"no longer than a day", answer(token_body("opaque-token", "1e300")), hours(24)},
           {"expires first", answer(token_body(plain(7200), "60")), seconds(60)},
           {"exp first, counted from iat", answer(token_body(plain(600))), seconds(600)},
           {"exp first, counted from the register's Date",
            answer(token_body(jwt(claims(kNow - 3600, kNow + 300))), now), seconds(300)},
           {"exp first, counted from the register's timestamp before its Date",
            answer(R"({"response": {"timestamp": "2027-01-15T08:00:00Z"}, "expires": 7200,
                       "bearer-token": ")" +
                       jwt(claims(kNow - 3600, kNow + 200)) + "\"}",
                   now - hours(9)),
            seconds(200)},
           {"exp without iat or date", answer(token_body(jwt(R"({"exp": 5})"))), seconds(7200)},
       }) {
    const auto token = read_token_answer(row.reply);
    ASSERT_TRUE(token.ok()) << row.why << ": " << token.error().what();
    EXPECT_EQ(token->lifetime, row.lifetime) << row.why;
  }
}

TEST(TokenAnswer, what_makes_no_sense_is_an_error_without_the_token) {
  const std::string token = "secret-token";
  for (const std::string& body : {
           std::string(),
           std::string("<html>secret-token</html>"),
           std::string("[]"),
           std::string(R"({"expires": 7200})"),
           std::string(R"({"bearer-token": null, "expires": 7200})"),
           token_body("", "7200"),
           token_body("===", "7200"),
           token_body(token + " x"),
           token_body(token + "\\r\\nX-Injected: 1"),
           token_body(token + std::string(9000, 'x')),
           token_body("s\u00e9cret-token"),
           token_body(token, "0"),
           token_body(token, "-5"),
           token_body(token, "null"),
           token_body(token, R"("7200")"),
           R"({"bearer-token": ")" + token + "\"}",
           R"({"bearer-token": ")" + token + R"(", "expires": 60, "expires": 7200})",
           token_body(jwt(claims(kNow, kNow))),
           token_body(jwt(claims(kNow, kNow - 60))),
       }) {
    const auto read = read_token_answer(answer(body));
    ASSERT_FALSE(read.ok()) << body;
    EXPECT_EQ(read.error().what().find("secret"), std::string::npos) << read.error().what();
  }
  EXPECT_FALSE(
      read_token_answer(answer(token_body(jwt(claims(kNow - 99, kNow))), Timestamp(seconds(kNow))))
          .ok())
      << "expired by the register's own clock";
}

TEST(TokenAnswer, claims_are_read_and_rubbish_claims_nothing) {
  struct Row {
    std::string token;
    std::string_view role;
    std::string_view duid;
  };
  for (const Row& row : std::vector<Row>{
           {jwt(R"({"role": "data_provider", "duid": "duid_c0"})"), "data_provider", "duid_c0"},
           {jwt(R"({"sub": "x"})"), "", ""},
           {jwt(R"({"role": "Data User\n", "duid": "../etc"})"), "", ""},
           {jwt(R"({"role": 7, "duid": ["duid_x"]})"), "", ""},
           {jwt(R"({"role": "dcc", "Role": "data_user"})"), "", ""},
           {jwt("[]"), "", ""},
           {jwt("{"), "", ""},
           {"opaque", "", ""},
           {"one.dot", "", ""},
           {"not.base-64-.rest=", "", ""},
       }) {
    const auto token = read_token_answer(answer(token_body(row.token)));
    ASSERT_TRUE(token.ok()) << row.token;
    EXPECT_EQ(token->text.reveal(), row.token);
    EXPECT_EQ(token->claims.role, row.role) << row.token;
    EXPECT_EQ(token->claims.duid, row.duid) << row.token;
  }
}

TEST(ReadAccount, names_the_file_and_never_its_content) {
  const TemporaryDirectory directory;
  const std::string file = directory / "secret-key";
  const auto write = [&](std::string_view content) {
    std::ofstream(file, std::ios::trunc) << content;
    ::chmod(file.c_str(), 0600);
  };
  EXPECT_TRUE(read_account("", directory / "none").value().id.empty()) << "no account, no file";

  write("open sesame\n");
  const auto account = read_account("Aladdin", file);
  ASSERT_TRUE(account.ok()) << account.error().what();
  EXPECT_EQ(account->id, "Aladdin");
  EXPECT_EQ(account->key.reveal(), "open sesame");
  EXPECT_FALSE(read_account("a:b", file).ok());
  EXPECT_FALSE(read_account("a\nb", file).ok());

  write("open\nsesame\n");
  const auto two_lines = read_account("Aladdin", file);
  ASSERT_FALSE(two_lines.ok());
  EXPECT_NE(two_lines.error().what().find("secret-key"), std::string::npos);
  EXPECT_EQ(two_lines.error().what().find("sesame"), std::string::npos);
  EXPECT_FALSE(read_account("Aladdin", directory / "none").ok());
}

}  // namespace
}  // namespace akgate
