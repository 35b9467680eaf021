// SPDX-License-Identifier: Apache-2.0
#include "register/transport.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "register/operations.hpp"
#include "register_transport_fixture.hpp"
#include "tests/support/temporary_directory.hpp"
#include "verify_answer.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// An environment variable for as long as this lives.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { ::unsetenv(name_); }

 private:
  const char* name_;
};

TEST_F(TransportTest, a_plain_request_is_these_bytes_and_no_credentials) {
  const TemporaryDirectory home;  // where a .netrc would give curl ideas
  std::ofstream(home / ".netrc") << "machine 127.0.0.1 login user password hunter2\n";
  const Environment environment("HOME", home.path());
  ScriptedServer server(*loop_, always(http(200, "", "{}")));
  connect(settings(server.url() + "/"));
  EXPECT_EQ(ask(verify_request(asked_key())).status, 200);
  ASSERT_EQ(server.requests.size(), 1U);
  EXPECT_EQ(server.requests[0],
            "GET /v1/access-records/ak_691df0c788ca043403b7fa90 HTTP/1.1\r\n"
            "Host: " +
                server.address() +
                "\r\n"
                "User-Agent: akgate/" AKGATE_VERSION
                "\r\n"
                "Accept: application/json\r\n"
                "Cache-Control: no-cache\r\n"
                "\r\n");
}

TEST_F(TransportTest, sends_body_and_authorization_where_they_are_given) {
  ScriptedServer server(*loop_, always(http(201, "Location: /v1/y\r\n", "{}")));
  connect(settings(server.url()));
  HttpRequest request = get("/y");
  request.authorization = Secret::copy_of("Bearer token");
  request.body = R"({"a": 1})";
  const std::string rest =
      " /v1/y HTTP/1.1\r\n"
      "Host: " +
      server.address() +
      "\r\n"
      "User-Agent: akgate/" AKGATE_VERSION
      "\r\n"
      "Accept: application/json\r\n"
      "Cache-Control: no-cache\r\n"
      "Content-Type: application/json\r\n"
      "Authorization: Bearer token\r\n"
      "Content-Length: 8\r\n"
      "\r\n"
      R"({"a": 1})";
  for (const Method method : {Method::post, Method::put}) {
    request.method = method;
    EXPECT_EQ(ask(request).location, "/v1/y");
  }
  EXPECT_EQ(server.requests, (std::vector<std::string>{"POST" + rest, "PUT" + rest}));

  request = get("/y");
  request.method = Method::delete_;
  EXPECT_EQ(ask(request).status, 201);
  EXPECT_TRUE(server.requests.back().starts_with("DELETE /v1/y HTTP/1.1\r\n"))
      << server.requests.back();
  EXPECT_EQ(server.requests.back().find("Authorization"), std::string::npos)
      << "that of the request before";
}

TEST_F(TransportTest, reads_status_body_and_fields) {
  const HttpReply reply = reply_to("HTTP/1.1 100 Continue\r\nAge: 7\r\n\r\n" +
                                   http(503,
                                        "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                        "Retry-After:   120 \r\nAGE: 3\r\n",
                                        "hello"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, "hello");
  EXPECT_EQ(reply.date, at("1994-11-06T08:49:37Z"));
  EXPECT_EQ(reply.retry_after, seconds(120));
  EXPECT_EQ(reply.cache_age, seconds(3));
  EXPECT_TRUE(reply.sent);
  EXPECT_FALSE(reply.garbled);
  EXPECT_EQ(reply.problem, "");
}

TEST_F(TransportTest, keeps_one_connection_for_many_requests) {
  ScriptedServer server(*loop_, always(http(200, "", "{}")));
  connect(settings(server.url()));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask().status, 200);
  EXPECT_EQ(server.requests.size(), 20U);
  EXPECT_EQ(server.connections, 1);
}

TEST_F(TransportTest, a_connection_that_the_server_has_closed_costs_no_answer) {
  ScriptedServer server(*loop_, [](auto, auto) {
    return ScriptedServer::Answer{http(200, "", "{}"), true};
  });
  connect(settings(server.url()));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask().status, 200) << replies_.back().problem;
}

TEST_F(TransportTest, I11_no_more_than_max_in_flight_are_under_way) {
  constexpr std::size_t kRequests = 7;
  std::vector<int> open;
  std::size_t most = 0;
  ScriptedServer server(*loop_, [&](auto, int connection) {
    open.push_back(connection);
    most = std::max(most, open.size());
    return ScriptedServer::Answer{};
  });
  connect(settings(server.url()));
  for (std::size_t i = 0; i < kRequests; ++i) send(get("/x"));
  // Each gets its answer only after the loop has had ample turns to let one too many through.
  std::function<void()> answer_one = [&] {
    if (!open.empty()) {
      const int connection = open.front();
      open.erase(open.begin());
      server.answer(connection, {http(200, "", "{}")});
    }
    loop_->at(loop_->now() + milliseconds(20), answer_one);
  };
  answer_one();
  run_until([&] { return replies_.size() == kRequests; });
  EXPECT_EQ(most, 2U);
  EXPECT_EQ(server.connections, 2);
}

TEST_F(TransportTest, a_request_may_be_sent_from_within_a_reply) {
  ScriptedServer server(*loop_, always(http(200, "", "{}")));
  connect(settings(server.url()));
  int left = 5;
  std::function<void(HttpReply)> again = [&](const HttpReply& reply) {
    EXPECT_EQ(reply.status, 200);
    if (--left == 0) return loop_->stop();
    transport_->send(get("/x"), again);
  };
  transport_->send(get("/x"), again);
  run_until([&] { return left == 0; });
}

TEST_F(TransportTest, a_redirect_is_an_answer_and_is_not_followed) {
  ScriptedServer elsewhere(*loop_, always(http(200, "", kGoodAnswer)));
  ScriptedServer server(*loop_, always(http(302, "Location: " + elsewhere.url() + "/x\r\n", "")));
  connect(settings(server.url()));
  EXPECT_EQ(ask().status, 302);
  EXPECT_EQ(elsewhere.connections, 0);
}

TEST_F(TransportTest, a_proxy_from_the_environment_is_ignored) {
  const std::string proxy = "http://" + dead_address();
  const Environment lower("http_proxy", proxy);
  const Environment all("ALL_PROXY", proxy);
  const Environment lower_all("all_proxy", proxy);
  ScriptedServer server(*loop_, always(http(200, "", "{}")));
  connect(settings(server.url()));
  EXPECT_EQ(ask().status, 200) << replies_.back().problem;
}

TEST_F(TransportTest, I9_no_key_log_is_written_for_the_environments_sake) {
  const TemporaryDirectory directory;
  const Environment environment("SSLKEYLOGFILE", directory / "keys");
  connect(settings("http://" + dead_address()));
  EXPECT_FALSE(std::ifstream(directory / "keys").is_open());
  EXPECT_EQ(std::getenv("SSLKEYLOGFILE"), nullptr);
}

TEST_F(TransportTest, what_is_under_way_when_it_goes_is_given_up) {
  ScriptedServer server(*loop_, hang());
  connect(settings(server.url()));
  for (int i = 0; i < 5; ++i) send(get("/x"));
  server.on_closed_by_peer = [this] { look(); };
  std::function<void()> once_both_hang = [&] {
    if (server.requests.size() == 2) return transport_.reset();
    loop_->at(loop_->now() + milliseconds(1), once_both_hang);
  };
  once_both_hang();
  run_until([&] { return server.closed_by_peer == 2; });
  EXPECT_TRUE(replies_.empty());
}

}  // namespace
}  // namespace akgate
