// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/agent_status.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// Whether somebody should do something about it.
[[nodiscard]] bool is_troubled(const AgentStatus& status);

/// For a person who has just been woken by it. `now` is when the reply came.
[[nodiscard]] std::string describe_status(const AgentStatus& status, Timestamp now);

}  // namespace akgate
