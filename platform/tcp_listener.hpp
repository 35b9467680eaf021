// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// A listening TCP socket on a loopback address. Every local user reaches it, and the system does
/// not say which one did.
class TcpListener {
 public:
  /// Listens at a host and a port: `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`, which is
  /// 127.0.0.1. An address that others than this machine reach is refused. Port 0 is any free one.
  [[nodiscard]] static Result<TcpListener> listen(const std::string& address, int backlog);

  [[nodiscard]] int fd() const { return socket_.get(); }
  /// As UnixListener::accept().
  [[nodiscard]] Result<std::optional<Fd>> accept();

 private:
  TcpListener(std::string address, Fd socket)
      : address_(std::move(address)), socket_(std::move(socket)) {}

  std::string address_;
  Fd socket_;
};

}  // namespace akgate
