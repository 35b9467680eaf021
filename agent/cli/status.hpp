// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/command.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// `akgate status`: is the agent working; since when not; what to do.
extern const Command kStatusCommand;

/// What the agent says about itself.
struct AgentStatus {
  std::string version;
  std::chrono::seconds uptime{0};
  bool register_silent = false;
  std::optional<std::chrono::seconds> since_last_answer;  ///< Nothing: none since the start.
  std::uint64_t waiting = 0;                              ///< Questions that wait for the register.
  std::string token;                                      ///< A word; see ControlDialogue.
  std::uint64_t requests_per_second_needed = 0;           ///< Rounded up; 0 where it is not said.
  std::uint64_t requests_per_second_allowed = 0;
};

/// Reads the reply to STATUS. Members that are not known are passed over.
[[nodiscard]] Result<AgentStatus> parse_status(std::string_view line);

/// Whether somebody should do something about it.
[[nodiscard]] bool is_troubled(const AgentStatus& status);

/// For a person who has just been woken by it. `now` is when the reply came.
[[nodiscard]] std::string describe_status(const AgentStatus& status, Timestamp now);

}  // namespace akgate
