// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

// `akgate cache …`: what the agent keeps of access keys.
extern const Command kCacheListCommand;
extern const Command kCacheShowCommand;
extern const Command kCacheRefreshCommand;
extern const Command kCacheForgetCommand;
extern const Command kCacheVerifyCommand;

}  // namespace akgate
