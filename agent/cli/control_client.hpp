// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cli/control_reply.hpp"
#include "record/access_key.hpp"

namespace akgate {

/// Commands for the agent, and how fast it is to have them.
struct Commands {
  std::size_t count = 0;
  /// Makes the command of that number, a whole line. Asked for in order, each once.
  std::function<Secret(std::size_t index)> line{};
  /// Takes the reply to it. Called in the same order.
  std::function<void(std::size_t index, const ControlReply& reply)> on_reply{};

  std::size_t window = 64;                     ///< So many may be without a reply at a time.
  std::chrono::nanoseconds interval{0};        ///< From one to the next, at least.
  std::chrono::milliseconds patience{60'000};  ///< How long the next reply may take.
  std::optional<std::chrono::milliseconds> at_most{};  ///< After that, no more are sent.
};

/// `word key` or `word key behind`, as a line.
[[nodiscard]] Secret command_line(std::string_view word, const AccessKey& key,
                                  std::string_view behind = {});

/// Sends them to the control socket, over one connection, and waits for the replies. Gives how many
/// were sent: all, or as many as there was time for. An error where the agent is not there, goes,
/// falls silent or makes no sense.
[[nodiscard]] Result<std::size_t> send_commands(const std::string& socket,
                                                const Commands& commands);

/// One command, and the reply to it.
[[nodiscard]] Result<ControlReply> send_command(const std::string& socket, const Secret& line);

}  // namespace akgate
