// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

// `akgate audit …`: the trail of decisions, read from its files.
extern const Command kAuditShowCommand;
extern const Command kAuditVerifyCommand;
extern const Command kAuditExportCommand;

}  // namespace akgate
