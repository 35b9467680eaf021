// SPDX-License-Identifier: Apache-2.0
#include "platform/tcp_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/text.hpp"
#include "platform/linux/accept.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* generic() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

template <typename Family>
Address as_address(const Family& of_family) {
  Address address{.storage = {}, .size = sizeof of_family};
  std::copy_n(reinterpret_cast<const char*>(&of_family), sizeof of_family,
              reinterpret_cast<char*>(&address.storage));
  return address;
}

std::optional<Address> loopback_v4(const std::string& host, std::uint16_t port) {
  constexpr std::uint32_t kLoopbackNet = 127;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return std::nullopt;
  if (ntohl(address.sin_addr.s_addr) >> 24U != kLoopbackNet) return std::nullopt;
  return as_address(address);
}

Address loopback_v6(std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_addr = in6addr_loopback;
  return as_address(address);
}

std::optional<Address> parse_loopback(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view host = text.substr(0, colon);
  const std::optional<std::uint64_t> port = parse_number(text.substr(colon + 1));
  if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  const auto number = static_cast<std::uint16_t>(*port);
  if (host == "[::1]") return loopback_v6(number);
  return loopback_v4(host == "localhost" ? "127.0.0.1" : std::string(host), number);
}

/// What is set here is inherited by the connections.
bool set_options(const Fd& socket) {
  const int on = 1;
  // So that a restart need not wait for the last run's connections to be forgotten, and no short
  // reply for an acknowledgement.
  return setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
         setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0;
}

}  // namespace

Result<TcpListener> TcpListener::listen(const std::string& address, int backlog) {
  const std::optional<Address> where = parse_loopback(address);
  if (!where) {
    return Error("cannot listen on " + address +
                 ": that is no loopback address with a port, such as 127.0.0.1:8080");
  }
  Fd socket(::socket(where->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid() || !set_options(socket)) return os_error("cannot listen on", address);
  if (bind(socket.get(), where->generic(), where->size) != 0 ||
      ::listen(socket.get(), backlog) != 0) {
    if (errno == EADDRINUSE) {
      return Error("cannot listen on " + address +
                   ": the port is in use; stop who uses it, or choose another");
    }
    return os_error("cannot listen on", address);
  }
  return TcpListener(address, std::move(socket));
}

Result<std::optional<Fd>> TcpListener::accept() { return accept_connection(socket_, address_); }

}  // namespace akgate
