// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace akgate {

/// Asks the agent that listens at `socket` one question, over a connection for it alone, and waits
/// for the reply at most `at_most` from when it was sent. `question` is a whole line; the reply
/// comes without its line end. All that goes wrong is an error.
[[nodiscard]] Result<std::string> ask_gate(const std::string& socket, const Secret& question,
                                           std::chrono::milliseconds at_most);

/// Sends the whole of it over a connection of connect_unix().
[[nodiscard]] Status send_to_agent(int fd, std::string_view text);

}  // namespace akgate
