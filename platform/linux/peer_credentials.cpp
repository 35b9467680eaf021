// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>

#include "platform/posix/os_error.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

Result<PeerCredentials> peer_credentials(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return os_error("cannot tell who is at", "the other end of a connection");
  }
  return PeerCredentials{.uid = peer.uid, .gid = peer.gid, .pid = peer.pid};
}

}  // namespace akgate
