// SPDX-License-Identifier: Apache-2.0
#include "register_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace akgate {

namespace {

// Bound to a free port of 127.0.0.1, not yet listening.
Fd bind_loopback(std::uint16_t& port) {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(fd.get(), any, size), 0);
  EXPECT_EQ(::getsockname(fd.get(), any, &size), 0);
  port = ntohs(address.sin_port);
  return fd;
}

// The length of the request that `text` begins with, once it is there as a whole.
std::optional<std::size_t> request_length(std::string_view text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  std::size_t whole = end + 4;
  if (const std::size_t field = text.find(kLength); field < end) {
    const std::string_view value = text.substr(field + kLength.size());
    whole += parse_number(value.substr(0, value.find('\r'))).value_or(0);
  }
  return whole <= text.size() ? std::optional(whole) : std::nullopt;
}

}  // namespace

ScriptedServer::ScriptedServer(EventLoop& loop, Script script)
    : loop_(loop), script_(std::move(script)), listener_(bind_loopback(port_)) {
  EXPECT_EQ(::listen(listener_.get(), 16), 0);
  EXPECT_TRUE(loop_.watch(listener_.get(), {.readable = true}, [this](Readiness) { accept(); }));
}

ScriptedServer::~ScriptedServer() {
  while (!open_.empty()) forget(open_.begin()->first);
  loop_.unwatch(listener_.get());
}

void ScriptedServer::accept() {
  Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd.valid()) return;
  const int number = ++connections;
  open_[number].fd = std::move(fd);
  open_[number].to_send = greeting;
  flush(number);
}

void ScriptedServer::serve(int number, Readiness ready) {
  Connection& connection = open_.at(number);
  if (ready.readable) {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::recv(connection.fd.get(), bytes.data(), bytes.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
      forget(number);
      ++closed_by_peer;
      if (on_closed_by_peer) on_closed_by_peer();
      return;
    }
    if (got > 0) connection.received.append(bytes.data(), static_cast<std::size_t>(got));
  }
  while (const auto length = request_length(connection.received)) {
    requests.push_back(connection.received.substr(0, *length));
    connection.received.erase(0, *length);
    const Answer told = script_(requests.back(), number);
    connection.to_send += told.bytes;
    connection.close_when_sent = told.close;
  }
  flush(number);
}

void ScriptedServer::answer(int connection, const Answer& answer) {
  Connection& to = open_.at(connection);
  to.to_send += answer.bytes;
  to.close_when_sent = answer.close;
  flush(connection);
}

void ScriptedServer::flush(int number) {
  Connection& connection = open_.at(number);
  const ssize_t sent = ::send(connection.fd.get(), connection.to_send.data(),
                              connection.to_send.size(), MSG_NOSIGNAL);
  if (sent > 0) connection.to_send.erase(0, static_cast<std::size_t>(sent));
  if (connection.to_send.empty() && connection.close_when_sent) return forget(number);
  EXPECT_TRUE(loop_.watch(connection.fd.get(),
                          {.readable = true, .writable = !connection.to_send.empty()},
                          [this, number](Readiness ready) { serve(number, ready); }));
}

void ScriptedServer::forget(int number) {
  loop_.unwatch(open_.at(number).fd.get());
  open_.erase(number);
}

std::string http(int status, std::string_view headers, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string dead_address() {
  std::uint16_t port = 0;
  const Fd nobody = bind_loopback(port);
  return "127.0.0.1:" + std::to_string(port);
}

}  // namespace akgate
