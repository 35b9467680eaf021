// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace akgate {

/// Asks the agent that listens at `socket` for one thing, over a connection for it alone, and waits
/// for the reply at most `at_most` from when it was asked. `question` is a whole line; the reply is
/// a line, and comes without its end. All that goes wrong is an error.
[[nodiscard]] Result<std::string> ask_for_line(const std::string& socket, const Secret& question,
                                               std::chrono::milliseconds at_most);

/// The same for a reply of many lines, of which the last begins with `OK`, `ERROR` or `# EOF`.
[[nodiscard]] Result<std::string> ask_for_lines(const std::string& socket, const Secret& question,
                                                std::chrono::milliseconds at_most);

/// Sends the whole of it over a connection of connect_unix().
[[nodiscard]] Status send_to_agent(int fd, std::string_view text);

}  // namespace akgate
