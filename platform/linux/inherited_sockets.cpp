// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "base/text.hpp"
#include "platform/posix/os_error.hpp"
#include "platform/process.hpp"
#include "platform/service_manager.hpp"

namespace akgate {

namespace {

constexpr int kFirst = 3;  // behind the standard streams (sd_listen_fds(3))
// Far more than we serve; against a number that is none.
constexpr std::uint64_t kMost = 64;

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = sizeof bytes;

  template <typename As>
  [[nodiscard]] As as() const {
    As result{};
    std::memcpy(&result, &bytes, std::min(sizeof result, std::size_t{size}));
    return result;
  }
};

bool is_loopback(const Address& address) {
  if (address.bytes.ss_family == AF_INET6) {
    const auto host = address.as<sockaddr_in6>().sin6_addr;
    return std::memcmp(&host, &in6addr_loopback, sizeof host) == 0;
  }
  constexpr std::uint32_t kNetwork = 127;
  return address.bytes.ss_family == AF_INET &&
         ntohl(address.as<sockaddr_in>().sin_addr.s_addr) >> 24U == kNetwork;
}

/// The file that a Unix socket is reached by; `@` and its name where it has none.
std::string path_of(const Address& address) {
  const auto unix_address = address.as<sockaddr_un>();
  const std::size_t before = offsetof(sockaddr_un, sun_path);
  const std::string_view held(unix_address.sun_path,
                              std::max(before, std::size_t{address.size}) - before);
  if (held.starts_with('\0')) return "@" + std::string(held.substr(1));
  return std::string(held.substr(0, held.find('\0')));
}

bool is_listening_stream(int fd) {
  int type = 0;
  int listening = 0;
  socklen_t size = sizeof type;
  return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM &&
         getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening == 1;
}

Result<InheritedSocket> take(int fd, std::string_view name) {
  const std::string what = "the socket \"" + percent_encode(name) +
                           "\" that the service manager hands over (descriptor " +
                           std::to_string(fd) + ")";
  const int flags = fcntl(fd, F_GETFD);
  if (flags < 0) return Error(what + " is not there; mend what starts akgated");
  InheritedSocket taken{.name = std::string(name), .path = {}, .socket = Fd(fd)};
  if (fcntl(fd, F_SETFD, flags | FD_CLOEXEC) != 0) return os_error("cannot take over", what);
  if (!is_listening_stream(fd)) {
    return Error(what + " is no listening stream socket; use ListenStream= and Accept=no");
  }
  Address address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address.bytes), &address.size) != 0) {
    return os_error("cannot tell the address of", what);
  }
  if (address.bytes.ss_family == AF_UNIX) {
    taken.path = path_of(address);
  } else if (!is_loopback(address)) {
    return Error(what + " can be reached from elsewhere; listen on a path or a loopback address");
  }
  return taken;
}

}  // namespace

Result<std::vector<InheritedSocket>> take_inherited_sockets() {
  const auto pid = take_environment("LISTEN_PID");
  const auto count_text = take_environment("LISTEN_FDS");
  const auto names_text = take_environment("LISTEN_FDNAMES");
  static_cast<void>(take_environment("LISTEN_PIDFDID"));
  std::vector<InheritedSocket> sockets;
  if (!count_text || pid != std::to_string(getpid())) return sockets;  // They are not for us.
  const auto count = parse_number(*count_text);
  if (!count || *count > kMost) {
    return Error("$LISTEN_FDS must be a number up to " + std::to_string(kMost) +
                 ": unset it, or mend what starts akgated");
  }
  std::string_view names = names_text ? std::string_view(*names_text) : std::string_view();
  for (int fd = kFirst; fd < kFirst + static_cast<int>(*count); ++fd) {
    const std::string_view name = names.substr(0, names.find(':'));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    auto socket = take(fd, name);
    if (!socket) return std::move(socket).error();
    sockets.push_back(*std::move(socket));
  }
  return sockets;
}

}  // namespace akgate
