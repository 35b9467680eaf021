// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "platform/unix_socket.hpp"

namespace akgate {

/// Whom a socket serves, of those whom its mode lets in.
struct Peers {
  /// Both empty: all of them.
  std::vector<std::uint32_t> uids;
  std::vector<std::uint32_t> gids;
  std::string refusal;  ///< For a person who is none of them: what to do.

  [[nodiscard]] bool everybody() const { return uids.empty() && gids.empty(); }
  /// Whether it is one of the users, or in one of the groups.
  [[nodiscard]] bool include(const PeerCredentials& peer,
                             std::span<const std::uint32_t> more_groups) const;
  /// The same of who is at the other end of a connection; false where nobody is any more.
  [[nodiscard]] bool include(int fd) const;
};

}  // namespace akgate
