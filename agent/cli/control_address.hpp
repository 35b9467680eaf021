// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/options.hpp"
#include "base/result.hpp"
#include "config/config.hpp"

namespace akgate {

/// The options of each command that goes to the control socket.
inline constexpr Option kControlSocketOption{
    .name = "control-socket", .value = "PATH", .help = "the agent's control socket"};
inline constexpr Option kAgentConfigOption{
    .name = "config", .value = "FILE", .help = "the agent's configuration, which names the socket"};

/// Where the agent takes commands.
struct ControlAddress {
  std::string socket;
  std::optional<Config> config;  ///< Where it could be read.
};

/// From the two options. A configuration that was named must be readable; the default one need not
/// be, for the default socket may do.
[[nodiscard]] Result<ControlAddress> find_control(const Options& options);

}  // namespace akgate
