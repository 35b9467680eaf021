// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/event_loop.hpp"
#include "register/transport.hpp"
#include "register_server.hpp"

namespace akgate {

/// A transport on a loop of its own, impatient enough for tests, and the replies that came over it.
class TransportTest : public testing::Test {
 protected:
  RegisterSettings settings(const std::string& url) const {
    RegisterSettings settings;
    settings.url = url;
    settings.connect_timeout = std::chrono::milliseconds(2000);
    settings.timeout = std::chrono::milliseconds(3000);
    settings.max_in_flight = 2;
    return settings;
  }

  void connect(const RegisterSettings& settings) {
    auto made = Transport::create(*loop_, settings);
    ASSERT_TRUE(made.ok()) << made.error().what();
    transport_ = std::move(*made);
  }

  static HttpRequest get(std::string_view path) {
    HttpRequest request;
    request.path = Secret::copy_of(path);
    return request;
  }

  /// Runs the loop until `done()`, which is looked at after each reply.
  void run_until(const std::function<bool()>& done) {
    done_ = done;
    if (done()) return;
    const Loop::TimerId give_up =
        loop_->at(loop_->now() + std::chrono::seconds(20), [&] { loop_->stop(); });
    loop_->run();
    loop_->cancel(give_up);
    ASSERT_TRUE(done()) << "what the test waits for did not happen";
  }

  void send(HttpRequest request) {
    transport_->send(std::move(request), [this](HttpReply reply) {
      replies_.push_back(std::move(reply));
      look();
    });
  }

  void look() {
    if (done_ && done_()) loop_->stop();
  }

  HttpReply ask(HttpRequest request = get("/x")) {
    const std::size_t before = replies_.size();
    send(std::move(request));
    run_until([this, before] { return replies_.size() > before; });
    return replies_.size() > before ? replies_.back() : HttpReply();
  }

  /// The reply to a request that a server answers with these bytes, and then closes.
  HttpReply reply_to(const std::string& bytes) {
    ScriptedServer server(*loop_, [&](auto, auto) { return ScriptedServer::Answer{bytes, true}; });
    connect(settings(server.url()));
    HttpReply reply = ask();
    transport_.reset();
    return reply;
  }

  std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create()).value();
  std::unique_ptr<Transport> transport_;
  std::vector<HttpReply> replies_;
  std::function<bool()> done_;
};

inline ScriptedServer::Script always(const std::string& bytes) {
  return [bytes](auto, auto) { return ScriptedServer::Answer{bytes}; };
}

inline ScriptedServer::Script hang() {
  return [](auto, auto) { return ScriptedServer::Answer{}; };
}

}  // namespace akgate
