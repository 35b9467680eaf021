// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

/// `akgate bind` and `akgate unbind`: the operator's own proof that a key belongs to a meter point.
extern const Command kBindCommand;
extern const Command kUnbindCommand;

}  // namespace akgate
