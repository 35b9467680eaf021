// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/http_front.hpp"
#include "gate/http_session.hpp"
#include "gate_harness.hpp"

namespace akgate {

/// One reply off a stream.
struct HeardReply {
  int status = 0;
  std::string head;
  std::string body;
};

/// Takes the replies off a stream of them; what is left over is a failure. `head_only`: those were
/// to HEAD requests.
inline std::vector<HeardReply> parse_replies(std::string_view stream, bool head_only = false) {
  std::vector<HeardReply> replies;
  while (!stream.empty()) {
    const std::size_t end = stream.find("\r\n\r\n");
    const std::size_t length = stream.find("Content-Length: ");
    if (!stream.starts_with("HTTP/1.1 ") || end == std::string_view::npos || length > end) {
      ADD_FAILURE() << "no reply: " << stream;
      break;
    }
    const auto number = [&](std::size_t at) {
      return std::atoi(std::string(stream.substr(at, 20)).c_str());
    };
    const auto size = head_only ? 0 : static_cast<std::size_t>(number(length + 16));
    replies.push_back({.status = number(9),
                       .head = std::string(stream.substr(0, end + 4)),
                       .body = std::string(stream.substr(end + 4, size))});
    EXPECT_EQ(replies.back().body.size(), size);
    stream.remove_prefix(end + 4 + replies.back().body.size());
  }
  return replies;
}

/// A header's value; empty where there is none.
inline std::string header(const HeardReply& reply, const std::string& name) {
  const std::size_t at = reply.head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const std::size_t value = at + name.size() + 4;
  return reply.head.substr(value, reply.head.find('\r', value) - value);
}

/// What they say, one behind the other: `200 ALLOW active;404 …;`
inline std::string brief(const std::vector<HeardReply>& replies) {
  std::string text;
  for (const HeardReply& reply : replies) {
    const std::string said = reply.body.empty() ? header(reply, "X-Akgate-Verdict") + " " +
                                                      header(reply, "X-Akgate-Reason")
                                                : reply.body.substr(0, reply.body.find('\n'));
    text += std::to_string(reply.status) + " " + said + ";";
  }
  return text;
}

class HttpTest : public testing::Test {
 protected:
  /// A connection served by a session of its own.
  struct HttpConnection {
    HttpConnection(EventLoop& its_loop, HttpFront& front) : loop(its_loop) {
      std::array<int, 2> ends{};
      EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
      asker = Asker(Fd(ends[0]));
      session.emplace(Fd(ends[1]), loop, front);
      EXPECT_TRUE(session->start([this] { session.reset(); }).ok());
    }

    std::string exchange(std::string_view text) {
      EXPECT_EQ(asker.say(text), text.size());
      go_round(loop);
      return asker.hear();
    }

    EventLoop& loop;
    Asker asker;
    std::optional<HttpSession> session;
  };

  HttpTest() { answers_.settles_at_once = true; }

  [[nodiscard]] HttpConnection connect() { return {*loop_, front_}; }

  /// What one connection of its own replies to that, and whether it then ends.
  std::string reply_to(std::string_view text) {
    HttpConnection connection(*loop_, front_);
    const std::string heard = connection.exchange(text);
    ended_ = connection.asker.ended();
    return heard;
  }

  static std::string check(const std::string& controller, const std::string& more = "") {
    return "GET /check HTTP/1.1\r\nHost: x\r\nX-Access-Key: " + std::string(kKeyText) +
           "\r\nX-Controller: " + controller + "\r\n" + more + "\r\n";
  }

  std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
  FakeAnswers answers_;
  FixedClock clock_;
  GateSettings gate_;
  std::string metrics_ = "# EOF\n";
  int metrics_calls_ = 0;
  std::string not_ready_;
  HttpSettings settings_;
  HttpFront front_{{.answers = answers_,
                    .clock = clock_,
                    .loop = *loop_,
                    .gate = gate_,
                    .metrics =
                        [this] {
                          ++metrics_calls_;
                          return metrics_;
                        },
                    .not_ready = [this] { return not_ready_; }},
                   settings_};
  bool ended_ = false;
};

}  // namespace akgate
