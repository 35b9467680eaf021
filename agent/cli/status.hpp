// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

/// `akgate status`: is the agent working; since when not; what to do.
extern const Command kStatusCommand;

}  // namespace akgate
