// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/accept.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "platform/posix/os_error.hpp"

namespace akgate {

Result<std::optional<Fd>> accept_connection(const Fd& listening, const std::string& where) {
  for (;;) {
    Fd connection(accept4(listening.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connection.valid()) return std::optional<Fd>(std::move(connection));
    if (errno == EAGAIN || errno == EWOULDBLOCK) return std::optional<Fd>();
    if (errno != EINTR && errno != ECONNABORTED) {
      return os_error("cannot accept a connection on", where);
    }
  }
}

}  // namespace akgate
