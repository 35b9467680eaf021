// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/event_loop.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// A server on 127.0.0.1, on the test's own loop, that sends exactly the bytes it is told to.
class ScriptedServer {
 public:
  struct Answer {
    std::string bytes;
    bool close = false;  ///< The connection, once the bytes are sent.
  };
  /// Called with each whole request and the number of its connection, from 1. No bytes, no close:
  /// it hangs, until answer() is called.
  using Script = std::function<Answer(std::string_view request, int connection)>;

  ScriptedServer(EventLoop& loop, Script script);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string url() const { return "http://" + address() + "/v1"; }

  void answer(int connection, const Answer& answer);

  std::string greeting;               ///< Sent to who connects, unasked.
  std::vector<std::string> requests;  ///< As they came, each with its body.
  int connections = 0;                ///< Accepted so far.
  int closed_by_peer = 0;
  std::function<void()> on_closed_by_peer;

 private:
  struct Connection {
    Fd fd;
    std::string received;
    std::string to_send;
    bool close_when_sent = false;
  };

  void accept();
  void serve(int number, Readiness ready);
  void flush(int number);
  void forget(int number);

  EventLoop& loop_;
  Script script_;
  std::uint16_t port_ = 0;
  Fd listener_;
  std::map<int, Connection> open_;
};

/// A whole answer with a body, kept alive.
[[nodiscard]] std::string http(int status, std::string_view headers, std::string_view body);

/// A port of 127.0.0.1 where nobody listens.
[[nodiscard]] std::string dead_address();

}  // namespace akgate
