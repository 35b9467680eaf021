// SPDX-License-Identifier: Apache-2.0
#include "tests/register/server.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace akgate::sandbox {
namespace {

using namespace std::chrono_literals;

struct Fetched {
  CURLcode result = CURLE_OK;
  long status = 0;
  std::string body;
};

std::size_t append(const char* data, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

/// A server without TLS, whose answers the test decides by path.
class SandboxServer : public testing::Test {
 protected:
  void start() {
    auto listener = Listener::hold("127.0.0.1", 0);
    ASSERT_TRUE(listener.ok()) << listener.error().what();
    port_ = listener->port();
    auto server = Server::start(std::move(listener).value(), {}, callbacks_);
    ASSERT_TRUE(server.ok()) << server.error().what();
    server_ = std::move(server).value();
  }

  [[nodiscard]] Fetched fetch(const std::string& path, const std::string& body = "") const {
    Fetched fetched;
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    const std::string url = "http://127.0.0.1:" + std::to_string(port_) + path;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 20'000L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &fetched.body);
    if (!body.empty()) {
      curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
      curl_easy_setopt(curl.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
    }
    fetched.result = curl_easy_perform(curl.get());
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &fetched.status);
    return fetched;
  }

  std::atomic<int> over_ = 0;
  ServerCallbacks callbacks_{.handle =
                                 [this](const Request& request) {
                                   Response response{.body = "0123456789"};
                                   response.when_over.emplace_back([this] { ++over_; });
                                   if (request.path == "/cut") response.delivery = Delivery::cut;
                                   if (request.path == "/drop") response.delivery = Delivery::drop;
                                   if (request.path == "/hang") response.delivery = Delivery::hang;
                                   if (request.path == "/hour") response.delay = 1h;
                                   if (request.path == "/moment") response.delay = 30ms;
                                   if (request.path == "/echo") response.body = request.body;
                                   if (request.too_large) response.status = 413;
                                   return response;
                                 },
                             .connection_accepted = [] {}};
  std::uint16_t port_ = 0;
  std::unique_ptr<Server> server_;
};

TEST_F(SandboxServer, each_delivery_is_what_it_says) {
  start();
  EXPECT_EQ(fetch("/").body, "0123456789");
  const auto cut = fetch("/cut");
  EXPECT_EQ(cut.result, CURLE_PARTIAL_FILE);
  EXPECT_EQ(cut.body, "01234");
  EXPECT_EQ(fetch("/drop").result, CURLE_GOT_NOTHING);
  EXPECT_EQ(fetch("/moment").body, "0123456789");
}

TEST_F(SandboxServer, a_body_is_taken_whole_up_to_64_kib) {
  start();
  const std::string most(std::size_t{64} * 1024, 'x');
  EXPECT_EQ(fetch("/echo", most).body, most);
  EXPECT_EQ(fetch("/echo", most + "x").status, 413);
}

TEST_F(SandboxServer, answers_that_wait_hold_up_no_other_and_end_with_the_server) {
  start();
  std::vector<std::future<Fetched>> waiting;
  waiting.reserve(8);
  for (int i = 0; i < 8; ++i) {
    waiting.push_back(
        std::async(std::launch::async, [&, i] { return fetch(i % 2 == 0 ? "/hang" : "/hour"); }));
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(fetch("/").status, 200);
  }
  EXPECT_LE(over_, 20) << "what waits is not over";
  server_.reset();
  for (auto& each : waiting) {
    EXPECT_NE(each.get().result, CURLE_OK);
  }
}

TEST_F(SandboxServer, a_held_port_refuses_until_it_listens) {
  auto listener = Listener::hold("127.0.0.1", 0);
  ASSERT_TRUE(listener.ok());
  port_ = listener->port();
  EXPECT_EQ(fetch("/").result, CURLE_COULDNT_CONNECT);
  ASSERT_TRUE(listener->listen().ok());
  const auto second = Listener::hold("127.0.0.1", port_);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().what().find("in use"), std::string::npos);
}

TEST_F(SandboxServer, a_useless_certificate_is_refused_with_a_reason) {
  auto listener = Listener::hold("127.0.0.1", 0);
  ASSERT_TRUE(listener.ok());
  const auto server =
      Server::start(std::move(listener).value(), {.certificate = "x", .key = "y"}, callbacks_);
  ASSERT_FALSE(server.ok());
  EXPECT_NE(server.error().what().find("PEM"), std::string::npos);
}

}  // namespace
}  // namespace akgate::sandbox
