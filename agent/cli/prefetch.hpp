// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

/// `akgate prefetch`: has the agent learn what the register knows of many keys.
extern const Command kPrefetchCommand;

}  // namespace akgate
