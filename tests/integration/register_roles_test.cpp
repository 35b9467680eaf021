// SPDX-License-Identifier: Apache-2.0
//
// Who may do what: each role's answer to each operation, asked well, through the agent's client.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "tests/integration/register_conversation.hpp"
#include "tests/unit/verify_answer.hpp"

namespace akgate {
namespace {

constexpr std::array kAccounts = {"bright-energy", "concentrator-17", "dcc", "portal", ""};
constexpr std::array kRoles = {"data_user", "data_provider", "dcc", "portal", "no token"};

/// What a cell of the table works on, made anew for each.
struct Stock {
  AccessKey ak;  ///< ACTIVE, of the Data User that asks.
  std::string
      confirmed;  ///< A confirmed reidentification token of who asks, where it may have one.
};

HttpRequest plain(Method method, std::string_view path, std::string_view body = {}) {
  HttpRequest request;
  request.method = method;
  request.path = Secret::copy_of(path);
  request.body = body;
  return request;
}

const Mpxn kMeterPoint = Mpxn::parse("1234567890123").value();

struct Row {
  const char* operation;
  std::array<int, 5> status;  ///< By role.
  HttpRequest (*request)(const Stock& stock);
};

// clang-format off
constexpr std::array kTable = {
//                                data_user  data_provider  dcc  portal  no token
  Row{"create",                       {201,       403,      403,   403,    401},
      [](const Stock&) { return create_request(std::string(kRecord)); }},
  Row{"verify",                       {200,       200,      200,   200,    200},
      [](const Stock& stock) { return verify_request(stock.ak); }},
  Row{"replace",                      {200,       403,      403,   403,    401},
      [](const Stock& stock) { return replace_request(stock.ak, std::string(kRecord)); }},
  Row{"revoke",                       {200,       403,      403,   403,    401},
      [](const Stock& stock) { return revoke_request(stock.ak, "other"); }},
  Row{"meter point",                  {200,       403,      403,   403,    401},
      [](const Stock&) { return meter_point_request(kMeterPoint, {}); }},
  Row{"meter point, customer's word", {200,       403,      403,   200,    401},
      [](const Stock& stock) {
        return meter_point_request(kMeterPoint, {.state = {}, .legal_basis = {},
            .reidentification_token = Secret::copy_of(stock.confirmed)});
      }},
  Row{"list",                         {200,       403,      403,   403,    401},
      [](const Stock&) { return list_request({}); }},
  Row{"data user",                    {200,       200,      403,   403,    401},
      [](const Stock&) {
        return data_user_request(Duid::parse("duid_1a1a1a1a1a1a1a1a1a1a1a1a").value());
      }},
  Row{"create identity",              {201,       403,      403,   403,    401},
      [](const Stock&) {
        return plain(Method::post, "/identity-records",
            R"({"pii-principal": {"mpxn": "1234567890123", "move-in-date": "2021-06-01"},
                "expressed-by": "data-subject"})");
      }},
  Row{"reidentify",                   {200,       403,      403,   200,    401},
      [](const Stock&) {
        return plain(Method::post, "/identity-records/reidentify",
            R"({"mpxn": "1234567890123", "method": "magic-link"})");
      }},
  Row{"reidentify, poll",             {200,       403,      403,   200,    401},
      [](const Stock& stock) {
        return plain(Method::get, "/identity-records/reidentify/" + stock.confirmed);
      }},
  Row{"discovered access",            {403,       403,      201,   403,    401},
      [](const Stock&) {
        return plain(Method::post, "/discovered-access",
            R"({"mpxn": "1234567890123", "organisation-name": "Nobody Ltd",
                "organisation-reference": "org_1", "first-seen": "2024-06-01",
                "data-types-observed": ["HH-EXPORT"], "source-reference": "DCC-1"})");
      }},
};
// clang-format on

class Roles : public RegisterTest {
 protected:
  Stock stock_for(const std::string& account) {
    Stock stock{.ak = AccessKey::parse(registered(std::string(kRecord))).value(),
                .confirmed = "rt_000000000000000000000000"};
    if (account == "bright-energy" || account == "portal") {
      stock.confirmed = reidentification(account);
      customer_confirms(stock.confirmed);
    }
    return stock;
  }
};

TEST_F(Roles, each_may_do_what_the_register_says) {
  for (const Row& row : kTable) {
    for (std::size_t role = 0; role < kAccounts.size(); ++role) {
      const std::string account = kAccounts.at(role);
      const Stock stock = stock_for(account);
      EXPECT_EQ(ask(account, row.request(stock)).status(), row.status.at(role))
          << row.operation << " as " << kRoles.at(role);
    }
  }
}

TEST_F(Roles, each_gets_a_token_that_names_it) {
  for (std::size_t role = 0; role + 1 < kAccounts.size(); ++role) {
    const auto token = as(kAccounts.at(role)).token();
    ASSERT_TRUE(token.ok()) << token.error().what();
    EXPECT_EQ(token->claims.role, kRoles.at(role));
  }
}

}  // namespace
}  // namespace akgate
