// SPDX-License-Identifier: Apache-2.0
#include "gate/http_session.hpp"

#include <string>

#include "gate_http_harness.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;

// --- what is said --------------------------------------------------------------------------------

TEST_F(HttpTest, an_allowance_in_full) {
  EXPECT_EQ(reply_to(check("tid_1")),
            "HTTP/1.1 200 OK\r\n"
            "X-Akgate-Verdict: ALLOW\r\n"
            "X-Akgate-Reason: active\r\n"
            "X-Akgate-Source: local\r\n"
            "X-Akgate-Transaction: tid_1\r\n"
            "Content-Length: 0\r\n"
            "Cache-Control: no-store\r\n"
            "Connection: keep-alive\r\n"
            "\r\n");
  EXPECT_FALSE(ended_);
}

TEST_F(HttpTest, only_an_allowance_is_a_200_under_check) {
  for (int reason = 0; reason <= static_cast<int>(Reason::not_cached); ++reason) {
    answers_.reason = static_cast<Reason>(reason);
    const auto replies = parse_replies(reply_to(check("A")));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].status, answers_.reason == Reason::active ? 200 : 403);
    EXPECT_EQ(header(replies[0], "X-Akgate-Reason"), to_string(answers_.reason));
  }
}

TEST(HttpReply, says_until_when_where_the_clocks_agree) {
  Verdict verdict;
  verdict.reason = Reason::revoked;
  verdict.source = Source::register_;
  verdict.at = kTenOClock;
  verdict.good_for = std::chrono::seconds(90);
  verdict.transaction_id = "tid_1,tid_2\r\nX-Akgate-Verdict: ALLOW";
  const FrontReply reply = http_verdict(verdict, kTenOClock);
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.fields,
            "X-Akgate-Verdict: DENY\r\nX-Akgate-Reason: revoked\r\nX-Akgate-Source: register\r\n"
            "X-Akgate-Until: 2026-11-22T10:01:30Z\r\n"
            "X-Akgate-Transaction: tid_1,tid_2%0D%0AX-Akgate-Verdict:%20ALLOW\r\n");
  EXPECT_EQ(http_verdict(verdict, kTenOClock + std::chrono::seconds(3)).fields.find("Until"),
            std::string::npos);
}

struct Said {
  std::string request;
  std::string reply;
};

TEST_F(HttpTest, routes_and_statuses) {
  const auto get = [](const std::string& line) { return line + " HTTP/1.1\r\nHost: x\r\n\r\n"; };
  answers_.reason = Reason::malformed_key;
  not_ready_ = "the clock is not trusted";
  const std::string unknown = "404 there are /check, /metrics, /healthz and /readyz;";
  for (const Said& said :
       std::vector<Said>{{get("GET /check"), "403 DENY malformed-key;"},
                         {get("DELETE /check/readings?from=1"), "403 DENY malformed-key;"},
                         {get("PROPFIND /check/"), "403 DENY malformed-key;"},
                         {get("GET /check/../metrics"), "403 DENY malformed-key;"},
                         {get("GET /checks"), unknown},
                         {get("GET /Check"), unknown},
                         {get("GET /"), unknown},
                         {get("OPTIONS *"), unknown},
                         {get("GET /metrics?a"), "200 # EOF;"},
                         {get("GET /metrics/"), unknown},
                         {get("POST /metrics"), "405 GET or HEAD;"},
                         {get("GET /healthz"), "200 alive;"},
                         {get("GET /readyz"), "503 not ready: the clock is not trusted;"},
                         {"GET /check HTTP/3.0\r\n\r\n", "505 only HTTP/1.1 is spoken here;"},
                         {"GET /check HTTP/1.1\r\n\r\n", "400 there must be one Host header;"},
                         {check("A", "X-MPxN: 1\r\nX-MPxN: 1\r\n"), "400 X-MPxN stands twice;"}}) {
    EXPECT_EQ(brief(parse_replies(reply_to(said.request))), said.reply) << said.request;
  }
  not_ready_.clear();
  EXPECT_EQ(brief(parse_replies(reply_to(get("GET /readyz")))), "200 ready;");
  EXPECT_NE(reply_to(get("POST /healthz")).find("Allow: GET, HEAD\r\n"), std::string::npos);
}

TEST_F(HttpTest, a_bad_question_says_so_in_its_headers_and_keeps_the_connection) {
  const std::string reply = reply_to(check("A", "X_MPxN: 1\r\n"));
  EXPECT_NE(reply.find("X-Akgate-Verdict: ERROR\r\nX-Akgate-Reason: bad-request\r\n"),
            std::string::npos)
      << reply;
  EXPECT_FALSE(ended_);
  EXPECT_TRUE(answers_.asked.empty());
}

TEST_F(HttpTest, a_reply_to_head_is_the_same_without_its_body) {
  for (const std::string path : {"/check", "/metrics", "/healthz", "/nowhere"}) {
    const std::string rest = " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    const std::string whole = reply_to("GET" + rest);
    EXPECT_EQ(reply_to("HEAD" + rest), whole.substr(0, whole.find("\r\n\r\n") + 4));
  }
}

TEST_F(HttpTest, a_question_waits_as_long_as_is_usual_under_the_demands_of_its_moment) {
  gate_.check_timeout = milliseconds(1234);
  reply_to(check("A"));
  ASSERT_EQ(answers_.asked.size(), 1U);
  EXPECT_EQ(answers_.asked[0].timeout.count(), 1234);
  gate_.demands.mpxn = Demand::off;
  EXPECT_TRUE(reply_to(check("A", "X-MPxN: 1\r\n")).starts_with("HTTP/1.1 400 "));
}

TEST_F(HttpTest, I2_the_verdict_is_of_the_moment_of_the_reply) {
  answers_.settles_at_once = false;
  auto connection = connect();
  EXPECT_EQ(connection.exchange(check("A")), "");
  answers_.settle(0);
  answers_.reason = Reason::revoked;
  go_round(*loop_);
  EXPECT_EQ(brief(parse_replies(connection.asker.hear())), "403 DENY revoked;");
}

// --- one connection, many requests ---------------------------------------------------------------

// What is at hand for one must not have its neighbours in it.
TEST_F(HttpTest, I10_pipelined_requests_answered_in_one_write_get_a_reply_each) {
  answers_.answers_at_once = true;
  auto connection = connect();
  const std::string requests = check("A") + check("B") + check("A") + check("B") + check("B");
  const std::string heard = connection.exchange(requests);
  const auto replies = parse_replies(heard);
  ASSERT_EQ(replies.size(), 5U);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    EXPECT_EQ(replies[i].status, 200);
    EXPECT_EQ(header(replies[i], "X-Akgate-Transaction"), i == 0 || i == 2 ? "A" : "B") << i;
  }
  EXPECT_EQ(answers_.told_again, 3);
  EXPECT_EQ(connection.exchange(requests), heard);
}

TEST_F(HttpTest, I10_pipelined_requests_get_a_reply_each_in_their_order) {
  auto connection = connect();
  std::string requests;
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    requests += check("C" + std::to_string(i)) + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    expected += "200 ALLOW active;200 alive;";
  }
  EXPECT_EQ(connection.asker.say(requests), requests.size());
  std::string heard;
  for (int i = 0; i < 100; ++i) {
    go_round(*loop_, 1);
    heard += connection.asker.hear();
  }
  EXPECT_EQ(brief(parse_replies(heard)), expected);
  ASSERT_EQ(answers_.asked.size(), 40U);
  std::size_t at = 0;
  for (int i = 0; i < 40; ++i) {
    at = heard.find("X-Akgate-Transaction: C" + std::to_string(i) + "\r\n", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_TRUE(connection.session.has_value());
  EXPECT_TRUE(sleeps(*loop_));
}

TEST_F(HttpTest, the_next_request_waits_for_the_reply_to_the_one_before) {
  answers_.settles_at_once = false;
  auto connection = connect();
  EXPECT_EQ(connection.exchange(check("A") + check("B")), "");
  ASSERT_EQ(answers_.asked.size(), 1U);
  EXPECT_TRUE(sleeps(*loop_));
  answers_.settle(0);
  go_round(*loop_);
  EXPECT_EQ(brief(parse_replies(connection.asker.hear())), "200 ALLOW active;");
  ASSERT_EQ(answers_.asked.size(), 2U);
  EXPECT_EQ(answers_.asked[1].question.controller, "B");
}

TEST_F(HttpTest, cut_anywhere_requests_get_the_same_replies) {
  const std::vector<std::string> streams = {
      check("A") + "HEAD /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" +
          check("B", "Connection: close\r\n") + check("never answered"),
      check("A") + "GET /check HTTP/1.1\nHost: x\r\n\r\n" + check("never answered"),
      check("A", "Content-Length: 5\r\n") + "hello" + check("never answered")};
  for (const std::string& stream : streams) {
    const std::string whole = reply_to(stream);
    EXPECT_TRUE(ended_);
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
      auto connection = connect();
      std::string heard = connection.exchange(std::string_view(stream).substr(0, cut));
      connection.asker.say(std::string_view(stream).substr(cut));
      go_round(*loop_);
      ASSERT_EQ(heard + connection.asker.hear(), whole) << "cut at " << cut;
    }
    auto connection = connect();
    std::string heard;
    for (const char c : stream) {
      connection.asker.say(std::string_view(&c, 1));
      go_round(*loop_, 2);
      heard += connection.asker.hear();
    }
    EXPECT_EQ(heard, whole) << "byte by byte";
  }
}

TEST_F(HttpTest, a_connection_lasts_as_the_request_says) {
  const auto lasts = [this](const std::string& request) {
    EXPECT_EQ(parse_replies(reply_to(request)).size(), 1U) << request;
    return !ended_;
  };
  EXPECT_TRUE(lasts(check("A")));
  EXPECT_FALSE(lasts(check("A", "Connection: close\r\n")));
  EXPECT_FALSE(lasts("GET /healthz HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(lasts("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_FALSE(lasts("rubbish\r\n\r\n"));
}

// --- bodies --------------------------------------------------------------------------------------

TEST_F(HttpTest, a_body_is_neither_waited_for_nor_taken_for_a_request) {
  const std::string smuggled = check("smuggled");
  for (const std::string& framing :
       {"Content-Length: " + std::to_string(smuggled.size()), std::string("Content-Length: 1"),
        std::string("Transfer-Encoding: chunked"), std::string("Content-Length: 99999999999"),
        std::string("Content-Length: 10\r\nExpect: 100-continue")}) {
    answers_.asked.clear();
    auto connection = connect();
    const std::string reply = connection.exchange(check("A", framing + "\r\n"));
    EXPECT_EQ(brief(parse_replies(reply)), "200 ALLOW active;") << framing;
    EXPECT_NE(reply.find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(connection.asker.ended()) << "it may stop sending now";
    EXPECT_EQ(connection.exchange(smuggled), "");
    EXPECT_EQ(answers_.asked.size(), 1U) << framing;
  }
}

TEST_F(HttpTest, a_body_that_comes_for_long_does_not_cost_the_reply) {
  auto connection = connect();
  const std::string piece(60'000, 'b');
  connection.asker.say(check("A", "Content-Length: 600000\r\n") + piece);
  for (int i = 0; i < 10; ++i) {
    go_round(*loop_, 30);
    connection.asker.say(piece);
  }
  EXPECT_EQ(brief(parse_replies(connection.asker.hear())), "200 ALLOW active;");
  EXPECT_TRUE(connection.asker.ended());
  connection.asker.close();
  go_round(*loop_);
  EXPECT_FALSE(connection.session.has_value());
}

// --- askers that go ------------------------------------------------------------------------------

TEST_F(HttpTest, the_question_of_an_asker_that_has_gone_is_taken_back) {
  answers_.settles_at_once = false;
  auto connection = connect();
  connection.exchange(check("A"));
  connection.asker.close();
  go_round(*loop_);
  EXPECT_FALSE(connection.session.has_value());
  EXPECT_EQ(answers_.cancelled, 1U);
}

TEST_F(HttpTest, who_only_ends_its_own_sending_gets_its_replies) {
  answers_.settles_at_once = false;
  auto connection = connect();
  connection.asker.say(check("A") + check("B"));
  connection.asker.half_close();
  go_round(*loop_);
  answers_.settle(0);
  go_round(*loop_);
  answers_.settle(1);
  go_round(*loop_);
  EXPECT_EQ(brief(parse_replies(connection.asker.hear())), "200 ALLOW active;200 ALLOW active;");
  EXPECT_TRUE(connection.asker.ended());
  EXPECT_FALSE(connection.session.has_value());
}

TEST_F(HttpTest, a_request_cut_short_is_not_answered_as_if_it_were_whole) {
  auto connection = connect();
  const std::string request = check("A", "X-MPxN: 1234567890\r\n");
  connection.asker.say(request.substr(0, request.find("X-MPxN")));
  connection.asker.half_close();
  go_round(*loop_);
  EXPECT_EQ(brief(parse_replies(connection.asker.hear())),
            "400 the request ends before the empty line behind its headers;");
  EXPECT_TRUE(answers_.asked.empty());
  EXPECT_FALSE(connection.session.has_value());
}

TEST_F(HttpTest, connecting_and_going_is_no_trouble) {
  auto connection = connect();
  connection.asker.half_close();
  go_round(*loop_);
  EXPECT_EQ(connection.asker.hear(), "");
  EXPECT_FALSE(connection.session.has_value());
}

// --- secrets -------------------------------------------------------------------------------------

TEST_F(HttpTest, I9_no_reply_holds_what_may_be_a_key) {
  const std::string key(kKeyText);
  for (const std::string& request :
       {check("A"), check("A", "X-Access-Key: " + key + "\r\n"), check("A", key + "\r\n"),
        check("A", key + ": " + key + "\r\n"), check("A", "XMPxN: " + key + "\r\n"),
        check("A", "X-DUID: " + key + "\xff\r\n"), check("A", "Content-Length: " + key + "\r\n"),
        check("A", "Transfer-Encoding: " + key + "\r\n"), "GET /" + key + " HTTP/1.1\r\n\r\n",
        "GET /" + key + " HTTP/1.1\r\nHost: x\r\n\r\n", key + "\r\n\r\n",
        key + " /check HTTP/1.1\r\nHost: x\r\n\r\n", "GET /check " + key + "\r\n\r\n"}) {
    const std::string reply = reply_to(request);
    EXPECT_FALSE(reply.empty());
    EXPECT_EQ(reply.find(key.substr(3)), std::string::npos) << request;
  }
}

TEST(HttpInput, I9_wipes_what_it_lets_go) {
  HttpInput::Spare spare;
  HttpInput input(spare);
  const std::string two = "secret one secret two";
  std::copy(two.begin(), two.end(), input.room().begin());
  input.received(two.size());
  const char* const memory = input.held().data();
  input.drop(11);
  EXPECT_EQ(input.held(), "secret two");
  EXPECT_EQ(std::string_view(memory + 10, 11), std::string_view(std::string(11, '\0')));
}

}  // namespace
}  // namespace akgate
