// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/assert.hpp"
#include "platform/posix/os_error.hpp"
#include "platform/posix/unix_address.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

constexpr int kConnectPatienceSeconds = 5;

Transfer::Kind kind_of_failure(int error) {
  if (error == EAGAIN || error == EWOULDBLOCK) return Transfer::Kind::would_block;
  if (error == EPIPE || error == ECONNRESET) return Transfer::Kind::closed;
  return Transfer::Kind::failed;
}

Transfer moved(ssize_t bytes) {
  return {.kind = Transfer::Kind::moved, .bytes = static_cast<std::size_t>(bytes)};
}

}  // namespace

Result<sockaddr_un> unix_address(const std::string& path, std::string_view suffix) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // An empty path would be an address that has no file; the last byte stays NUL.
  const std::size_t at_most = sizeof address.sun_path - 1 - suffix.size();
  if (path.empty() || path.size() > at_most) {
    return Error("cannot have a socket at '" + path + "': a socket's path has 1 to " +
                 std::to_string(at_most) + " bytes; choose another");
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  std::copy(suffix.begin(), suffix.end(), address.sun_path + path.size());
  return address;
}

Result<Fd> connect_unix(const std::string& path) {
  const Result<sockaddr_un> address = unix_address(path);
  if (!address) return address.error();
  Fd connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!connection.valid()) return os_error("cannot connect to", path);
  // A listener whose queue stays full would otherwise hold us for ever (unix(7)).
  const timeval patience{.tv_sec = kConnectPatienceSeconds, .tv_usec = 0};
  if (setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0) {
    return os_error("cannot connect to", path);
  }
  const auto* const generic = reinterpret_cast<const sockaddr*>(&*address);
  while (connect(connection.get(), generic, sizeof(sockaddr_un)) != 0) {
    if (errno == EINTR) continue;
    if (errno == ENOENT || errno == ECONNREFUSED) {
      return Error("cannot connect to " + path + ": nobody listens there; is akgated running?");
    }
    if (errno == EAGAIN) {
      return Error("cannot connect to " + path +
                   ": who listens there takes no connection; try again later");
    }
    return os_error("cannot connect to", path);
  }
  return connection;
}

Transfer receive(int fd, std::span<char> into) {
  AKGATE_ASSERT(!into.empty());
  for (;;) {
    const ssize_t got = recv(fd, into.data(), into.size(), 0);
    if (got > 0) return moved(got);
    if (got == 0) return {.kind = Transfer::Kind::closed};
    if (errno != EINTR) return {.kind = kind_of_failure(errno)};
  }
}

Transfer send(int fd, std::string_view from) {
  AKGATE_ASSERT(!from.empty());
  for (;;) {
    const ssize_t sent = ::send(fd, from.data(), from.size(), MSG_NOSIGNAL);
    if (sent >= 0) return moved(sent);
    if (errno != EINTR) return {.kind = kind_of_failure(errno)};
  }
}

void end_sending(int fd) {
  // It can only fail where the other end has gone, which shows by itself.
  static_cast<void>(::shutdown(fd, SHUT_WR));
}

void discard_input(int fd) {
  constexpr int kMaxChunks = 128;  // 256 KiB: what a Unix socket holds by default
  std::array<char, 2048> chunk{};
  for (int i = 0; i < kMaxChunks; ++i) {
    if (receive(fd, chunk).kind != Transfer::Kind::moved) return;
  }
}

}  // namespace akgate
