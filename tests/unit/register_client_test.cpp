// SPDX-License-Identifier: Apache-2.0
#include "register/register_client.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "register_token.hpp"
#include "register_transport_fixture.hpp"
#include "verify_answer.hpp"

namespace akgate {
namespace {

const Mpxn kMeterPoint = Mpxn::parse("1234567890123").value();
const Duid kDataUser = Duid::parse("duid_demo").value();

constexpr std::string_view kList = R"({"response": {"transaction-id": "tid_1"},
  "mpxn": "1234567890123", "access-records": [{"ak": "ak_691df0c788ca043403b7fa90"}]})";
constexpr std::string_view kSuspended = R"({"response": {"transaction-id": "tid_2"},
  "data-user": {"duid": "duid_demo", "status": "suspended"}})";

class RegisterClientTest : public TransportTest {
 protected:
  void start(const std::string& role) {
    role_ = role;
    connect(settings(server_.url()));
    authorized_.emplace(*transport_, clock_,
                        Account{.id = role.empty() ? "" : "us", .key = Secret::copy_of("key")});
    client_.emplace(*transport_, *authorized_);
  }
  void TearDown() override { authorized_.reset(); }

  template <typename End, typename Call>
  End run(const Call& call) {
    std::optional<End> end;
    call([&](End came) {
      end = std::move(came);
      look();
    });
    EXPECT_FALSE(end) << "not before the call has returned";
    run_until([&] { return end.has_value(); });
    return end.value_or(End());
  }
  VerifyOutcome verify() {
    return run<VerifyOutcome>([&](auto on_end) { client_->verify(asked_key(), on_end); });
  }
  ListingOutcome verify_meter_point() {
    return run<ListingOutcome>(
        [&](auto on_end) { client_->verify_meter_point(asked_key(), kMeterPoint, on_end); });
  }
  DataUserOutcome verify_data_user() {
    return run<DataUserOutcome>([&](auto on_end) { client_->verify_data_user(kDataUser, on_end); });
  }

  [[nodiscard]] ScriptedServer::Answer serve(std::string_view request) const {
    if (request.starts_with("GET /v1/auth/token ")) {
      return {http(200, "", token_body(jwt(R"({"role": ")" + role_ + "\"}")))};
    }
    if (request.starts_with("GET /v1/access-records/")) return {http(200, "", kGoodAnswer)};
    if (request.find("\r\nAuthorization: Bearer ") == std::string_view::npos) {
      return {http(401, "", "")};
    }
    if (request.starts_with("GET /v1/data-users/duid_demo ")) return {http(200, "", kSuspended)};
    return {role_ == "data_user" ? http(200, "", kList) : http(403, "", "")};
  }

  std::string role_;
  ManualClock clock_;
  ScriptedServer server_{*loop_, [this](auto request, auto) { return serve(request); }};
  std::optional<AuthorizedTransport> authorized_;
  std::optional<RegisterClient> client_;
};

TEST_F(RegisterClientTest, verify_carries_no_token_even_where_one_is_held) {
  start("data_user");
  verify_data_user();
  const VerifyOutcome end = verify();
  EXPECT_TRUE(end.outcome == Outcome::found && end.record == good_record()) << end.detail;
  EXPECT_EQ(end.requests, 1U);
  EXPECT_EQ(server_.requests.back().find("Authorization"), std::string::npos);
}

TEST_F(RegisterClientTest, asks_with_one_token_and_counts_what_it_sent) {
  start("data_user");
  const ListingOutcome listing = verify_meter_point();
  EXPECT_TRUE(listing.outcome == Outcome::found && listing.listed) << listing.detail;
  EXPECT_EQ(listing.transaction_id, "tid_1");
  EXPECT_EQ(listing.requests, 2U) << "a token too";
  const DataUserOutcome data_user = verify_data_user();
  EXPECT_TRUE(data_user.outcome == Outcome::found && data_user.status == DataUserStatus::suspended);
  EXPECT_EQ(data_user.requests, 1U);
}

TEST_F(RegisterClientTest, I11_roles_that_are_refused_operation_4_do_not_ask_it) {
  for (const std::string role : {"data_provider", "dcc"}) {
    start(role);
    server_.requests.clear();
    EXPECT_EQ(verify_meter_point().requests, 1U) << "the token, which tells the role";
    const ListingOutcome end = verify_meter_point();
    EXPECT_TRUE(end.outcome == Outcome::refused);
    EXPECT_NE(end.detail.find("ours is " + role), std::string::npos) << end.detail;
    EXPECT_EQ(end.requests, 0U);
    EXPECT_EQ(server_.requests.size(), 1U);
    EXPECT_TRUE(verify_data_user().outcome == Outcome::found);
  }
}

TEST_F(RegisterClientTest, a_role_that_nobody_has_heard_of_may_ask) {
  start("auditor");
  const ListingOutcome end = verify_meter_point();
  EXPECT_TRUE(end.outcome == Outcome::refused);
  EXPECT_NE(end.detail.find("ours is auditor"), std::string::npos) << end.detail;
  EXPECT_EQ(end.requests, 2U);
}

TEST_F(RegisterClientTest, without_an_account_only_verify_is_asked) {
  start("");
  EXPECT_TRUE(verify().outcome == Outcome::found);
  for (const Ending& end : {Ending(verify_meter_point()), Ending(verify_data_user())}) {
    EXPECT_TRUE(end.outcome == Outcome::refused);
    EXPECT_EQ(end.requests, 0U);
    EXPECT_NE(end.detail.find("set register.account-id"), std::string::npos) << end.detail;
  }
  EXPECT_EQ(server_.requests.size(), 1U);
}

}  // namespace
}  // namespace akgate
