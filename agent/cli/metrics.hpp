// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

/// `akgate metrics`: the agent's counters, as Prometheus reads them.
extern const Command kMetricsCommand;

}  // namespace akgate
