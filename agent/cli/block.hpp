// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

/// `akgate block` and `akgate unblock`: the operator's own refusal of a key or a meter point.
extern const Command kBlockCommand;
extern const Command kUnblockCommand;

}  // namespace akgate
