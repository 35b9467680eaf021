// SPDX-License-Identifier: Apache-2.0
#include "gate/peers.hpp"

#include <algorithm>

namespace akgate {

namespace {

bool holds(std::span<const std::uint32_t> ids, std::uint32_t id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

bool Peers::include(const PeerCredentials& peer, std::span<const std::uint32_t> more_groups) const {
  return everybody() || holds(uids, peer.uid) || holds(gids, peer.gid) ||
         std::any_of(more_groups.begin(), more_groups.end(),
                     [this](std::uint32_t gid) { return holds(gids, gid); });
}

bool Peers::include(int fd) const {
  if (everybody()) return true;
  const Result<PeerCredentials> peer = peer_credentials(fd);
  return peer && include(*peer, peer_groups(fd));
}

}  // namespace akgate
