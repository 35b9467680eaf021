// SPDX-License-Identifier: Apache-2.0
#include "tests/register/listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace akgate::sandbox {
namespace {

constexpr int kBacklog = 256;

std::uint16_t port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    return ntohs(v6.sin6_port);
  }
  sockaddr_in v4{};
  std::memcpy(&v4, &address, sizeof v4);
  return ntohs(v4.sin_port);
}

Error cannot_listen(const std::string& host, std::uint16_t port, const char* why) {
  return Error("cannot listen on " + host + ":" + std::to_string(port) + ": " + why);
}

const char* why_not(int error) {
  return error == EADDRINUSE
             ? "the port is in use; stop the other program or choose another with --listen"
             : std::strerror(error);
}

}  // namespace

Result<Listener> Listener::hold(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* list = nullptr;
  if (const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
      failed != 0) {
    return cannot_listen(host, port, gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(list, freeaddrinfo);

  const int descriptor =
      ::socket(addresses->ai_family, addresses->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) {
    return cannot_listen(host, port, why_not(errno));
  }
  Listener listener(descriptor, port);
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(descriptor, addresses->ai_addr, addresses->ai_addrlen) != 0) {
    return cannot_listen(host, port, why_not(errno));
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  sockaddr* generic = static_cast<sockaddr*>(static_cast<void*>(&bound));
  if (getsockname(descriptor, generic, &size) != 0) {
    return cannot_listen(host, port, why_not(errno));
  }
  listener.port_ = port_of(bound);
  return listener;
}

Listener::~Listener() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

Status Listener::listen() {
  if (::listen(descriptor_, kBacklog) != 0) {
    return Error("cannot listen on port " + std::to_string(port_) + ": " + why_not(errno));
  }
  return Done{};
}

int Listener::release() { return std::exchange(descriptor_, -1); }

bool has_left(int connection) {
  pollfd watched{.fd = connection, .events = POLLRDHUP, .revents = 0};
  return ::poll(&watched, 1, 0) != 0;
}

}  // namespace akgate::sandbox
