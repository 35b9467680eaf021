// SPDX-License-Identifier: Apache-2.0
// Askers without manners, the end of the agent, and the sockets that HTTP is served on.
#include <netinet/in.h>
#include <sys/resource.h>

#include <string>

#include "gate/server.hpp"
#include "gate_http_harness.hpp"
#include "platform/tcp_listener.hpp"
#include "platform/unix_socket.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class HttpLimits : public HttpTest {
 protected:
  /// A front that is patient but for what a test sets.
  HttpLimits() {
    settings_ = {.required_headers = {},
                 .head_time = hours(1),
                 .idle_time = hours(1),
                 .reply_time = hours(1),
                 .leaving_time = hours(1)};
  }

  [[nodiscard]] HttpFront impatient_front() const { return {front_.parts(), settings_}; }

  [[nodiscard]] bool ends(const HttpConnection& connection) {
    return go_round_until(*loop_, [&] { return !connection.session.has_value(); });
  }
};

TEST_F(HttpLimits, I12_a_head_that_trickles_is_given_up) {
  settings_.head_time = milliseconds(30);
  settings_.leaving_time = milliseconds(1);
  HttpFront front = impatient_front();
  HttpConnection connection(*loop_, front);
  const std::string request = check("A");
  std::size_t said = 0;
  std::string heard;
  BootTime next{};
  EXPECT_TRUE(go_round_until(*loop_, [&] {
    if (loop_->now() >= next && said < request.size()) {
      said += connection.asker.say(request.substr(said, 1));
      next = loop_->now() + milliseconds(5);
    }
    heard += connection.asker.hear();
    return !heard.empty();
  }));
  EXPECT_EQ(brief(parse_replies(heard)), "408 the request did not come to its end in time;");
  EXPECT_LT(said, request.size() / 2) << "the time is the head's, not each byte's";
  EXPECT_TRUE(ends(connection));
  EXPECT_TRUE(answers_.asked.empty());
}

TEST_F(HttpLimits, an_idle_connection_ends_without_a_word) {
  settings_.idle_time = milliseconds(20);
  HttpFront front = impatient_front();
  HttpConnection unused(*loop_, front);
  EXPECT_TRUE(ends(unused));
  EXPECT_EQ(unused.asker.hear(), "");
  HttpConnection used(*loop_, front);
  EXPECT_EQ(brief(parse_replies(used.exchange(check("A")))), "200 ALLOW active;");
  EXPECT_TRUE(ends(used));
  EXPECT_EQ(used.asker.hear(), "");
}

TEST_F(HttpLimits, a_question_in_flight_is_no_idle_connection) {
  settings_.idle_time = milliseconds(1);
  settings_.head_time = milliseconds(1);
  answers_.settles_at_once = false;
  HttpFront front = impatient_front();
  HttpConnection connection(*loop_, front);
  connection.asker.say(check("A"));
  ASSERT_TRUE(go_round_until(*loop_, [&] { return answers_.asked.size() == 1; }));
  const BootTime later = loop_->now() + milliseconds(50);
  ASSERT_TRUE(go_round_until(*loop_, [&] { return loop_->now() > later; }));
  answers_.settle(0);
  go_round(*loop_, 1);
  EXPECT_EQ(brief(parse_replies(connection.asker.hear())), "200 ALLOW active;");
}

TEST_F(HttpLimits, I12_who_does_not_take_its_reply_is_not_read_from_and_loses_the_connection) {
  settings_.reply_time = milliseconds(50);
  metrics_ = std::string(4'000'000, 'm') + "\n# EOF\n";
  HttpFront front = impatient_front();
  HttpConnection connection(*loop_, front);
  const std::string get = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
  connection.asker.say(get + get + get);
  go_round(*loop_);
  EXPECT_EQ(metrics_calls_, 1);
  EXPECT_TRUE(ends(connection));
  EXPECT_EQ(metrics_calls_, 1);
}

TEST_F(HttpLimits, a_long_reply_that_is_taken_comes_whole) {
  metrics_ = std::string(4'000'000, 'm') + "\n# EOF\n";
  auto connection = connect();
  connection.asker.say("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" + check("A"));
  std::string heard;
  EXPECT_TRUE(go_round_until(*loop_, [&] {
    heard += connection.asker.hear();
    return heard.find("X-Akgate-Verdict") != std::string::npos && heard.ends_with("\r\n\r\n");
  }));
  const auto replies = parse_replies(heard);
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies[0].body, metrics_);
}

TEST_F(HttpLimits, I12_who_does_not_end_after_the_last_reply_is_cut_off) {
  settings_.leaving_time = milliseconds(20);
  HttpFront front = impatient_front();
  HttpConnection connection(*loop_, front);
  EXPECT_EQ(brief(parse_replies(connection.exchange(check("A", "Connection: close\r\n")))),
            "200 ALLOW active;");
  EXPECT_TRUE(go_round_until(*loop_, [&] {
    connection.asker.say("more ");
    return !connection.session.has_value();
  }));
}

TEST_F(HttpLimits, I12_a_head_beyond_the_bounds_is_refused_before_it_is_whole) {
  for (const std::string& request :
       {"GET /" + std::string(kMaxHttpHeadBytes, 'a'),
        check("A", "X-Long: " + std::string(kMaxHttpHeadBytes, 'a') + "\r\n")}) {
    EXPECT_EQ(brief(parse_replies(reply_to(request))), "431 more than 8192 bytes of headers;");
    EXPECT_TRUE(ended_);
  }
  std::string lines;
  for (std::size_t i = 0; i < kMaxHttpFields; ++i) lines += "X-A: b\r\n";
  EXPECT_EQ(brief(parse_replies(reply_to(check("A", lines)))), "431 more than 64 header lines;");
}

TEST_F(HttpLimits, rubbish_never_kills_and_never_allows) {
  std::uint64_t dice = 88172645463325252U;
  const auto throw_dice = [&dice] {
    dice ^= dice << 13U;
    dice ^= dice >> 7U;
    dice ^= dice << 17U;
    return dice;
  };
  const std::string good = check("A", "Content-Length: 0\r\nConnection: keep-alive\r\n");
  answers_.reason = Reason::revoked;
  for (int round = 0; round < 3000; ++round) {
    std::string request = good;
    for (std::uint64_t changes = 1 + throw_dice() % 4; changes > 0; --changes) {
      const std::size_t at = throw_dice() % request.size();
      switch (throw_dice() % 3) {
        case 0:
          request[at] = static_cast<char>(throw_dice());
          break;
        case 1:
          request.insert(at, request.substr(throw_dice() % request.size(), 5));
          break;
        default:
          request.erase(at, 1);
      }
    }
    auto connection = connect();
    connection.asker.say(request);
    connection.asker.half_close();
    go_round(*loop_, 4);
    const std::string heard = connection.asker.hear();
    EXPECT_EQ(heard.find("HTTP/1.1 2"), std::string::npos) << request;
    EXPECT_FALSE(connection.session.has_value()) << request;
  }
}

// --- the end of the agent ------------------------------------------------------------------------

TEST_F(HttpLimits, draining_answers_what_was_asked_and_ends_what_was_not) {
  answers_.settles_at_once = false;
  auto idle = connect();
  auto begun = connect();
  auto asked = connect();
  idle.exchange("");
  begun.exchange("GET /check HT");
  asked.exchange(check("A") + check("never answered"));
  for (HttpConnection* connection : {&idle, &begun, &asked}) connection->session->drain();
  go_round(*loop_);
  EXPECT_FALSE(idle.session || begun.session);
  answers_.settle(0);
  go_round(*loop_);
  const std::string heard = asked.asker.hear();
  EXPECT_EQ(brief(parse_replies(heard)), "200 ALLOW active;");
  EXPECT_NE(heard.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(asked.asker.ended());
  EXPECT_EQ(answers_.asked.size(), 1U);
}

TEST_F(HttpLimits, I10_what_draining_has_no_time_for_is_denied) {
  answers_.settles_at_once = false;
  auto connection = connect();
  connection.exchange(check("A"));
  connection.session->drain();
  go_round(*loop_);
  connection.session->answer_rest();
  EXPECT_EQ(brief(parse_replies(connection.asker.hear())), "403 DENY timeout;");
  EXPECT_EQ(answers_.cancelled, 1U);
}

// --- sockets -------------------------------------------------------------------------------------

class HttpServer : public HttpTest {
 protected:
  void open() {
    auto server = GateServer::open(settings_, {*loop_, front_, log_});
    ASSERT_TRUE(server.ok()) << server.error().what();
    server_ = *std::move(server);
  }

  /// A port that was free a moment ago.
  static std::uint16_t free_port() {
    const auto listener = TcpListener::listen("127.0.0.1:0", 1);
    sockaddr_in address{};
    socklen_t size = sizeof address;
    EXPECT_EQ(getsockname(listener->fd(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return ntohs(address.sin_port);
  }

  Asker connect_tcp(std::uint16_t port) {
    Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    return Asker(std::move(socket));
  }

  std::string exchange(Asker& asker, std::string_view text) {
    EXPECT_EQ(asker.say(text), text.size());
    std::string heard;
    EXPECT_TRUE(go_round_until(*loop_, [&] {
      heard += asker.hear();
      return !heard.empty();
    }));
    return heard;
  }

  TemporaryDirectory directory_;
  Log log_{LogLevel::error, LogFormat::text};
  ServerSettings settings_{.socket_path = directory_ / "http.sock",
                           .mode = 0660,
                           .group = std::nullopt,
                           .max_connections = 1,
                           .drain_time = milliseconds(50)};
  std::unique_ptr<GateServer> server_;
};

TEST_F(HttpServer, I12_a_connection_too_many_is_told_so_in_http) {
  open();
  Asker first(connect_unix(settings_.socket_path).value());
  EXPECT_EQ(brief(parse_replies(exchange(first, check("A")))), "200 ALLOW active;");
  Asker second(connect_unix(settings_.socket_path).value());
  EXPECT_EQ(brief(parse_replies(exchange(second, check("A")))),
            "503 overloaded: no room for another connection;");
  EXPECT_EQ(answers_.asked.size(), 1U);
}

TEST_F(HttpServer, serves_a_loopback_address_for_users_it_cannot_tell) {
  const std::uint16_t port = free_port();
  settings_.tcp_address = "127.0.0.1:" + std::to_string(port);
  open();
  Asker asker = connect_tcp(port);
  EXPECT_EQ(brief(parse_replies(exchange(asker, check("A")))), "200 ALLOW active;");
  EXPECT_EQ(brief(parse_replies(exchange(asker, check("B")))), "200 ALLOW active;");
  EXPECT_EQ(answers_.last_uid, kUnknown);

  int drained = 0;
  server_->drain([&] { ++drained; });
  EXPECT_TRUE(go_round_until(*loop_, [&] { return drained > 0; }));
  EXPECT_EQ(asker.hear(), "");
  EXPECT_TRUE(asker.ended());
}

TEST_F(HttpServer, questions_are_those_of_the_peer) {
  open();
  Asker asker(connect_unix(settings_.socket_path).value());
  exchange(asker, check("A"));
  EXPECT_EQ(answers_.last_uid, ::getuid());
}

}  // namespace
}  // namespace akgate
