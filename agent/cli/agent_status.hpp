// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace akgate {

/// What the agent says about itself, as far as a person in trouble wants to know it.
struct AgentStatus {
  std::string version;
  std::chrono::seconds uptime{0};
  bool working = false;
  struct Register {
    std::optional<std::chrono::seconds> since_last_answer;  ///< Nothing: none since the start.
    std::optional<std::chrono::seconds> silent_for;         ///< Nothing: it answers.
    std::chrono::seconds next_attempt_in{0};                ///< While it is silent.
    std::uint64_t waiting = 0;                              ///< Questions that wait for it.
    std::uint64_t requests_per_second_needed = 0;           ///< Rounded up.
    std::uint64_t requests_per_second_allowed = 0;
  } register_;
  std::string token;  ///< `no-account`, `none`, `held`, `refused` or `unreachable`.
  bool clock_trusted = false;
  std::chrono::seconds clock_offset{0};  ///< Trusted time less the system's clock.
  std::uint64_t records = 0;
  std::uint64_t damaged = 0;      ///< Of these; 0 too where they were not counted yet.
  std::uint64_t blocked = 0;      ///< Keys and meter points.
  std::uint64_t under_grace = 0;  ///< Answers since the start that rested on grace.
  std::uint64_t audit_losses = 0;
  std::vector<std::string> faults;  ///< A sentence each, with what to do.
};

/// Reads the reply to STATUS. What is missing or has another type makes it nonsense, never health;
/// members that are not known are passed over.
[[nodiscard]] Result<AgentStatus> parse_status(std::string_view line);

}  // namespace akgate
