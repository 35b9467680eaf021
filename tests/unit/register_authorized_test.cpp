// SPDX-License-Identifier: Apache-2.0
#include "register/authorized_transport.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "register_token.hpp"
#include "register_transport_fixture.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Reply = AuthorizedTransport::Reply;

constexpr std::string_view kKey = "open-sesame";

/// A register that hands out `token-1`, `token-2`, … and takes the newest, unless told otherwise.
class AuthorizedTest : public TransportTest {
 protected:
  void start(const Account& account = aladdin()) { start_at(server_.url(), 8, account); }
  void start_at(const std::string& url, std::size_t max_in_flight, const Account& account) {
    authorized_.reset();
    RegisterSettings with = settings(url);
    with.max_in_flight = max_in_flight;
    connect(with);
    authorized_ = std::make_unique<AuthorizedTransport>(*transport_, clock_, account);
  }
  void TearDown() override { authorized_.reset(); }

  static Account aladdin() { return {.id = "aladdin", .key = Secret::copy_of(kKey)}; }

  void send(std::span<const std::string_view> refused_roles = {}) {
    authorized_->send(
        get("/records"),
        [this](Reply reply) {
          came_.push_back(std::move(reply));
          look();
        },
        refused_roles);
  }

  Reply ask(std::span<const std::string_view> refused_roles = {}) {
    const std::size_t before = came_.size();
    send(refused_roles);
    EXPECT_EQ(came_.size(), before) << "not before send() has returned";
    run_until([&] { return came_.size() > before; });
    const Reply& reply = came_.back();
    for (const std::string& text : {reply.http.problem, reply.obstacle.detail}) {
      EXPECT_EQ(text.find(kKey), std::string::npos) << "I9: " << text;
      EXPECT_EQ(text.find("token-"), std::string::npos) << "I9: " << text;
    }
    EXPECT_EQ(reply.http.problem, reply.obstacle.detail);
    EXPECT_EQ(reply.authorized, reply.obstacle.detail.empty());
    return reply;
  }

  ScriptedServer::Answer serve(std::string_view request) {
    if (request.starts_with("GET /v1/auth/token ")) {
      ++tokens_;
      return {token_answer_.empty() ? http(200, "", token_body("token-" + std::to_string(tokens_)))
                                    : token_answer_};
    }
    ++requests_;
    const std::string newest =
        "\r\nAuthorization: Bearer token-" + std::to_string(tokens_) + "\r\n";
    const bool welcome = takes_ == Takes::any || (takes_ == Takes::newest &&
                                                  request.find(newest) != std::string_view::npos);
    return {http(welcome ? 200 : 401, "", "{}")};
  }

  int tokens_ = 0;            ///< How many times one was asked for.
  int requests_ = 0;          ///< All others.
  std::string token_answer_;  ///< Instead of a token.
  enum class Takes { newest, any, none } takes_ = Takes::newest;  ///< Which tokens.
  ManualClock clock_;
  ScriptedServer server_{*loop_, [this](auto request, auto) { return serve(request); }};
  std::unique_ptr<AuthorizedTransport> authorized_;
  std::vector<Reply> came_;
};

TEST_F(AuthorizedTest, one_token_does_for_any_number_of_requests) {
  start();
  for (int i = 0; i < 5; ++i) send();
  run_until([&] { return came_.size() == 5; });
  for (int i = 0; i < 3; ++i) ask();
  EXPECT_EQ(tokens_, 1);
  EXPECT_EQ(requests_, 8);
  unsigned counted = 0;
  for (const Reply& reply : came_) {
    EXPECT_TRUE(reply.authorized && reply.http.status == 200);
    counted += reply.requests;
  }
  EXPECT_EQ(counted, 9U) << "each request is counted once";
  EXPECT_NE(server_.requests[0].find("\r\nAuthorization: Basic YWxhZGRpbjpvcGVuLXNlc2FtZQ==\r\n"),
            std::string::npos);
  EXPECT_EQ(server_.requests[1].find("Basic"), std::string::npos);
}

TEST_F(AuthorizedTest, a_token_is_given_up_shortly_before_it_expires) {
  start();
  ask();
  clock_.pass(seconds(7200 - 31));
  ask();
  EXPECT_EQ(tokens_, 1);
  EXPECT_TRUE(authorized_->state() == TokenState::held);
  clock_.pass(seconds(1));
  EXPECT_TRUE(authorized_->state() == TokenState::none);
  ask();
  EXPECT_EQ(tokens_, 2);

  token_answer_ = http(200, "", token_body("token-3", "50"));
  takes_ = Takes::any;
  clock_.pass(hours(2));
  ask();
  clock_.pass(milliseconds(44'999));
  ask();
  EXPECT_EQ(tokens_, 3) << "a tenth of a short life";
  clock_.pass(milliseconds(1));
  ask();
  EXPECT_EQ(tokens_, 4);
}

TEST_F(AuthorizedTest, an_earlier_exp_wins_and_the_devices_wall_clock_is_no_matter) {
  takes_ = Takes::any;
  token_answer_ = http(200, "Date: Fri, 15 Jan 2027 08:00:00 GMT\r\n",
                       token_body(jwt(R"({"iat": 1800000000, "exp": 1800000100})")));
  for (const int year : {1970, 2027, 2150}) {
    clock_.reading.wall = std::chrono::sys_days(std::chrono::year(year) / 1 / 15);
    start();
    ask();
    const int before = tokens_;
    clock_.pass(seconds(89));
    ask();
    EXPECT_EQ(tokens_, before) << year;
    clock_.pass(seconds(1));
    ask();
    EXPECT_EQ(tokens_, before + 1) << year;
  }
}

TEST_F(AuthorizedTest, a_401_is_answered_with_a_new_token_once) {
  start();
  ask();
  ++tokens_;  // the register has forgotten ours
  const Reply reply = ask();
  EXPECT_TRUE(reply.authorized && reply.http.status == 200);
  EXPECT_EQ(reply.requests, 3U);
  EXPECT_EQ(server_.requests.size(), 5U);
}

TEST_F(AuthorizedTest, a_second_401_is_the_reply_and_opens_a_pause_not_a_loop) {
  start();
  takes_ = Takes::none;
  const Reply reply = ask();
  EXPECT_TRUE(reply.authorized);
  EXPECT_EQ(reply.http.status, 401);
  EXPECT_EQ(reply.http.body, "{}");
  EXPECT_EQ(reply.requests, 4U);
  EXPECT_EQ(tokens_, 2);

  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask().requests, 1U);
  EXPECT_EQ(tokens_, 2) << "no token anew in the pause";
  clock_.pass(seconds(1));
  ask();
  EXPECT_EQ(tokens_, 3);
  clock_.pass(seconds(1));
  ask();
  EXPECT_EQ(tokens_, 3) << "the pause has doubled";

  takes_ = Takes::newest;
  clock_.pass(seconds(1));
  ++tokens_;
  EXPECT_EQ(ask().http.status, 200);
  ++tokens_;
  EXPECT_EQ(ask().http.status, 200) << "what helps ends the pause";
}

TEST_F(AuthorizedTest, requests_with_the_old_token_do_not_fetch_a_third) {
  // Five fly with the first token. Four get their 401 at once, the fifth when the second is there.
  std::vector<int> with_old;
  ScriptedServer slow(*loop_, [&](auto request, int connection) -> ScriptedServer::Answer {
    if (request.starts_with("GET /v1/auth/token ")) {
      return {http(200, "", token_body("token-" + std::to_string(++tokens_)))};
    }
    if (request.find("token-1") == std::string_view::npos) return {http(200, "", "{}")};
    with_old.push_back(connection);
    if (with_old.size() < 5) return {};
    for (std::size_t i = 0; i < 4; ++i) slow.answer(with_old[i], {http(401, "", "")});
    return {};
  });
  start_at(slow.url(), 8, aladdin());
  for (int i = 0; i < 5; ++i) send();
  run_until([&] { return came_.size() == 4; });
  EXPECT_EQ(tokens_, 2);
  slow.answer(with_old[4], {http(401, "", "")});
  run_until([&] { return came_.size() == 5; });
  EXPECT_EQ(tokens_, 2);
  for (const Reply& reply : came_) EXPECT_EQ(reply.http.status, 200);
}

TEST_F(AuthorizedTest, I11_refused_credentials_are_offered_at_growing_intervals_only) {
  start();
  token_answer_ = http(401, "", R"({"errors": [{"message": "open-sesame"}]})");
  const Reply first = ask();
  EXPECT_FALSE(first.authorized);
  EXPECT_TRUE(first.obstacle.outcome == Outcome::refused);
  EXPECT_EQ(first.requests, 1U);
  EXPECT_EQ(first.http.status, 401);
  EXPECT_EQ(first.http.body, "");
  EXPECT_TRUE(authorized_->state() == TokenState::refused);

  const Reply second = ask();
  EXPECT_TRUE(second.obstacle.outcome == Outcome::refused);
  EXPECT_EQ(second.requests, 0U);
  EXPECT_EQ(second.http.status, 0);
  EXPECT_EQ(tokens_, 1);

  std::vector<int> offered;  // at which second
  for (int second_of_hour = 1; second_of_hour <= 3600; ++second_of_hour) {
    clock_.pass(seconds(1));
    const int before = tokens_;
    ask();
    if (tokens_ > before) offered.push_back(second_of_hour);
  }
  EXPECT_EQ(offered, (std::vector{1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111, 1411, 1711, 2011,
                                  2311, 2611, 2911, 3211, 3511}));
  EXPECT_EQ(requests_, 0) << "none was sent without a token";

  token_answer_.clear();
  clock_.pass(minutes(5));
  EXPECT_TRUE(ask().authorized);
  EXPECT_TRUE(authorized_->state() == TokenState::held);
}

TEST_F(AuthorizedTest, I11_a_register_that_cannot_give_a_token_is_asked_at_growing_intervals_only) {
  start();
  token_answer_ = http(500, "", "");
  std::vector<int> asked;  // at which second
  for (int second = 0; second < 130; ++second) {
    const int before = tokens_;
    const Reply reply = ask();
    EXPECT_TRUE(reply.obstacle.outcome == Outcome::silent);
    EXPECT_EQ(reply.requests, static_cast<unsigned>(tokens_ - before));
    if (tokens_ > before) asked.push_back(second);
    clock_.pass(seconds(1));
  }
  EXPECT_EQ(asked, (std::vector{0, 1, 3, 7, 15, 31, 61, 91, 121}));

  token_answer_ = http(503, "Retry-After: 100\r\n", "");
  clock_.pass(minutes(1));
  const int before = tokens_;
  ask();
  clock_.pass(seconds(99));
  ask();
  EXPECT_EQ(tokens_, before + 1) << "it asked us to wait";
  clock_.pass(seconds(1));
  ask();
  EXPECT_EQ(tokens_, before + 2);
}

TEST_F(AuthorizedTest, without_an_account_nothing_is_sent) {
  start({});
  const Reply reply = ask();
  EXPECT_TRUE(reply.obstacle.outcome == Outcome::refused);
  EXPECT_EQ(reply.requests, 0U);
  EXPECT_NE(reply.http.problem.find("register.account-id"), std::string::npos);
  EXPECT_TRUE(authorized_->state() == TokenState::no_account);
  EXPECT_EQ(server_.connections, 0);
}

TEST_F(AuthorizedTest, what_comes_instead_of_a_token_is_told_apart) {
  struct Row {
    const char* why;
    std::string answer;
    Outcome outcome;
    Silence silence;
    TokenState state;
  };
  for (const Row& row : std::vector<Row>{
           {"closed", http(503, "Retry-After: 7\r\n", ""), Outcome::silent, Silence::link,
            TokenState::unreachable},
           {"slow down", http(429, "", ""), Outcome::silent, Silence::link,
            TokenState::unreachable},
           {"an error", http(500, "", ""), Outcome::silent, Silence::request,
            TokenState::unreachable},
           {"no such address", http(404, "", ""), Outcome::malformed, Silence::none,
            TokenState::unreachable},
           {"a portal", http(302, "Location: /login\r\n", ""), Outcome::malformed, Silence::none,
            TokenState::unreachable},
           {"a cached token", http(200, "Age: 9\r\n", token_body("token-1")), Outcome::malformed,
            Silence::none, TokenState::unreachable},
           {"rubbish", http(200, "", "token-1"), Outcome::malformed, Silence::none,
            TokenState::unreachable},
           {"no HTTP", "token-1\r\n\r\n", Outcome::malformed, Silence::none,
            TokenState::unreachable},
           {"not for us", http(403, "", ""), Outcome::refused, Silence::none, TokenState::refused},
       }) {
    token_answer_ = row.answer;
    start();
    const Reply reply = ask();
    EXPECT_FALSE(reply.authorized) << row.why;
    EXPECT_TRUE(reply.obstacle.outcome == row.outcome) << row.why << ": " << reply.obstacle.detail;
    EXPECT_TRUE(reply.obstacle.silence == row.silence) << row.why;
    EXPECT_TRUE(authorized_->state() == row.state) << row.why;
    EXPECT_EQ(reply.requests, 1U) << row.why;
  }
  EXPECT_EQ(requests_, 0);
}

TEST_F(AuthorizedTest, a_register_that_is_down_is_link_silence) {
  start_at("http://" + dead_address(), 8, aladdin());
  for (int i = 0; i < 3; ++i) send();
  run_until([&] { return came_.size() == 3; });
  for (const Reply& reply : came_) {
    EXPECT_FALSE(reply.authorized || reply.http.sent);
    EXPECT_TRUE(reply.obstacle.silence == Silence::link);
  }
}

TEST_F(AuthorizedTest, what_our_role_is_refused_is_not_sent) {
  constexpr std::array<std::string_view, 2> kRoles = {"data_provider", "dcc"};
  takes_ = Takes::any;
  token_answer_ = http(200, "", token_body(jwt(R"({"role": "data_provider"})")));
  start();
  for (const unsigned requests : {1U, 0U}) {
    const Reply reply = ask(kRoles);
    EXPECT_FALSE(reply.authorized);
    EXPECT_TRUE(reply.obstacle.outcome == Outcome::refused);
    EXPECT_EQ(reply.claims.role, "data_provider");
    EXPECT_EQ(reply.requests, requests);
  }
  EXPECT_EQ(requests_, 0);
  EXPECT_TRUE(ask().authorized) << "other requests are";
}

TEST_F(AuthorizedTest, hands_out_the_token_or_says_why_there_is_none) {
  start();
  std::vector<Result<AuthorizedTransport::Token>> got;
  const auto fetch = [&] {
    const std::size_t before = got.size();
    authorized_->fetch([&](Result<AuthorizedTransport::Token> token) {
      got.push_back(std::move(token));
      look();
    });
    run_until([&] { return got.size() > before; });
  };
  fetch();
  clock_.pass(seconds(200));
  fetch();
  ASSERT_TRUE(got[0].ok() && got[1].ok());
  EXPECT_EQ(got[0]->text.reveal(), "token-1");
  EXPECT_EQ(got[0]->lasts, seconds(7200));
  EXPECT_EQ(got[1]->lasts, seconds(7000));
  EXPECT_EQ(tokens_, 1);

  token_answer_ = http(401, "", "");
  clock_.pass(hours(2));
  fetch();
  ASSERT_FALSE(got[2].ok());
  EXPECT_NE(got[2].error().what().find("refused our credentials"), std::string::npos);
}

TEST_F(AuthorizedTest, what_is_under_way_when_it_goes_is_given_up) {
  start_at(server_.url(), 1, aladdin());
  send();
  authorized_.reset();
  TransportTest::send(get("/records"));  // Its turn comes when the token has.
  run_until([&] { return replies_.size() == 1; });
  EXPECT_EQ(tokens_, 1);
  EXPECT_TRUE(came_.empty());
}

}  // namespace
}  // namespace akgate
