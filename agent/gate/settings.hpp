// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "gate/protocol.hpp"

namespace akgate {

/// What the configuration says about the gate.
struct GateSettings {
  std::string socket_path = "/run/akgate/gate.sock";
  std::uint32_t mode = 0660;
  std::optional<std::uint32_t> group;  ///< The socket's group; nothing: the agent's own.
  std::size_t max_connections = 256;   ///< At least 1.
  /// How long a question waits that names no `timeout`, and how long drain() may take.
  std::chrono::milliseconds check_timeout{2000};
  Demands demands;
};

}  // namespace akgate
