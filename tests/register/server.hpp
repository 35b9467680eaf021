// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "tests/register/alarms.hpp"
#include "tests/register/http.hpp"
#include "tests/register/listener.hpp"

struct MHD_Daemon;

namespace akgate::sandbox {

/// Certificate chain and key as PEM text; both empty for plain HTTP.
struct TlsIdentity {
  std::string certificate;
  std::string key;
};

/// What the server asks of the program around it; called from the server's threads.
struct ServerCallbacks {
  std::function<Response(const Request&)> handle;
  std::function<void()> connection_accepted;
};

/// The HTTP server, on libmicrohttpd: a few threads with epoll, TLS by GnuTLS, bounds on
/// everything. An answer that is held back, or never comes, holds up no other.
class Server {
 public:
  /// Listens on what the listener holds. `callbacks` must outlive the server.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(Listener listener,
                                                             const TlsIdentity& tls,
                                                             const ServerCallbacks& callbacks);
  /// Closes every connection.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] const ServerCallbacks& callbacks() const { return callbacks_; }
  [[nodiscard]] Alarms& alarms() { return alarms_; }
  [[nodiscard]] bool stopping() const { return stopping_; }

 private:
  explicit Server(const ServerCallbacks& callbacks) : callbacks_(callbacks) {}

  const ServerCallbacks& callbacks_;
  std::atomic<bool> stopping_ = false;
  Alarms alarms_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace akgate::sandbox
