// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "platform/event_loop.hpp"
#include "record/json.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// Where the register is and how to reach it.
struct RegisterSettings {
  std::string url;               ///< Base URL, as check_register_url() wants it.
  std::string ca_file;           ///< PEM; the only roots that count. Not read for http.
  std::string client_cert_file;  ///< PEM; empty: none.
  std::string client_key_file;
  /// For name, TCP and TLS together. 1 ms to 1 h.
  std::chrono::milliseconds connect_timeout{3000};
  /// For a whole request, from when its turn has come. 1 ms to 1 h.
  std::chrono::milliseconds timeout{10'000};
  std::size_t max_in_flight = 8;  ///< At least 1. As many connections are kept.
};

enum class Method : std::uint8_t { get, post, put, delete_ };

struct HttpRequest {
  Method method = Method::get;
  Secret path;           ///< Below the base URL, beginning with a slash; may hold an access key.
  Secret authorization;  ///< Value of the Authorization header; empty: none is sent.
  std::string body;      ///< JSON; empty: none.
  std::size_t max_body = JsonDocument::kMaxBytes;  ///< Of the answer.
};

struct HttpReply {
  /// 0: no answer came, or none with a status that could be read; `problem` says why.
  int status = 0;
  /// Something came that is not HTTP, or goes beyond our bounds; `problem` says what. There is no
  /// body then, but there may be a status.
  bool garbled = false;
  /// Whether there was a connection, over which the request left.
  bool sent = false;
  /// For a person: what went wrong and what to do. No URL, nothing out of an answer (I9).
  std::string problem;
  /// At most the request's `max_body`. Wiped by who has read it.
  std::string body;
  std::string location;
  std::optional<Timestamp> date;  ///< The Date header.
  std::optional<std::chrono::milliseconds> retry_after;
  /// The Age header: above 0, something in between answered for the register.
  std::optional<std::chrono::seconds> cache_age;
};

/// HTTPS requests on a loop: libcurl's multi interface, connections kept alive, TLS verified for
/// chain and host, no redirects, no proxy, key log or credentials from the environment, bodies
/// bounded. All on the loop's thread.
class Transport {
 public:
  using OnReply = std::function<void(HttpReply)>;

  /// Reads the certificate files now, so that a missing one is an error at start and later changes
  /// of rights or root directory are none. To be called before other threads run: it changes the
  /// environment (SSLKEYLOGFILE goes).
  [[nodiscard]] static Result<std::unique_ptr<Transport>> create(EventLoop& loop,
                                                                 RegisterSettings settings);
  /// Requests under way are given up and their `on_reply` is never called. Not to be called within
  /// one.
  ~Transport();

  /// Calls `on_reply` exactly once, later. More than `max_in_flight` wait their turn, without a
  /// bound: who sends bounds them.
  void send(HttpRequest request, OnReply on_reply);

  /// Runs the task soon, on the loop.
  void post(Task task);

 private:
  struct State;
  explicit Transport(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// "8.14.1 mbedTLS/3.6.6", for --version.
[[nodiscard]] std::string transport_version();

}  // namespace akgate
