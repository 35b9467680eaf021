// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>

#include "platform/posix/os_error.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

Result<PeerCredentials> peer_credentials(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return os_error("cannot tell who is at", "the other end of a connection");
  }
  // What the kernel says of TCP, and of whoever is not in our user namespace.
  if (peer.uid == static_cast<uid_t>(-1)) return Error("the system does not tell who is there");
  return PeerCredentials{.uid = peer.uid, .gid = peer.gid, .pid = peer.pid};
}

std::vector<std::uint32_t> peer_groups([[maybe_unused]] int fd) {
#ifdef SO_PEERGROUPS
  constexpr std::size_t kMost = 65'536;  // NGROUPS_MAX
  for (std::size_t room = 64; room <= kMost; room *= 4) {
    std::vector<gid_t> groups(room);
    auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
      groups.resize(size / sizeof(gid_t));
      return groups;
    }
    if (errno != ERANGE) break;
  }
#endif
  return {};
}

}  // namespace akgate
