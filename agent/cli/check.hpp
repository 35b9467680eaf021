// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

/// `akgate check`: asks the agent one question, as any program does: over libakgate.
extern const Command kCheckCommand;

}  // namespace akgate
