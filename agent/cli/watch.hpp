// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

/// `akgate watch`: asks the agent one question, and prints each change of the answer.
extern const Command kWatchCommand;

}  // namespace akgate
