// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace akgate::sandbox {

/// A TCP socket that holds a port: while it only holds it, connecting is refused; then it may
/// listen.
class Listener {
 public:
  /// `host` is a name or an address; port 0 takes a free one.
  [[nodiscard]] static Result<Listener> hold(const std::string& host, std::uint16_t port);

  Listener(Listener&& other) noexcept : descriptor_(other.release()), port_(other.port_) {}
  Listener& operator=(Listener&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(port_, other.port_);
    return *this;
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Status listen();
  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// Gives the descriptor away.
  int release();

 private:
  Listener(int descriptor, std::uint16_t port) : descriptor_(descriptor), port_(port) {}

  int descriptor_;
  std::uint16_t port_;
};

/// Whether the other side of a connection has closed it, or is about to be found gone.
[[nodiscard]] bool has_left(int connection);

}  // namespace akgate::sandbox
