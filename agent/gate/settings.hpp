// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "gate/dialogue.hpp"
#include "gate/peers.hpp"
#include "gate/protocol.hpp"

namespace akgate {

/// A socket that is served, gate or control.
struct ServerSettings {
  std::string socket_path;
  std::string tcp_address =
      {};  ///< Host and port on loopback, in place of a socket file; or empty.
  std::uint32_t mode = 0600;
  std::optional<std::uint32_t> group;  ///< The socket's group; nothing: the agent's own.
  Peers peers = {};
  std::size_t max_connections = 256;                                  ///< At least 1.
  std::optional<std::size_t> max_connections_per_uid = std::nullopt;  ///< At least 1.
  std::chrono::milliseconds drain_time{2000};  ///< How long drain() may take.

  [[nodiscard]] const std::string& address() const {
    return tcp_address.empty() ? socket_path : tcp_address;
  }
};

/// How questions to the gate are read.
struct GateSettings {
  std::chrono::milliseconds check_timeout{2000};  ///< Of a question that names no `timeout`.
  Demands demands;
  SessionLimits session;
  std::size_t answers_at_hand = 1024;  ///< As it was at the start.
};

}  // namespace akgate
