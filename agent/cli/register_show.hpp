// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.hpp"
#include "register/outcome.hpp"

namespace akgate {

/// `akgate register show`: asks the register itself about an access key, past the agent.
extern const Command kRegisterShowCommand;

/// A record that the register answered with, for a person, a line a fact.
[[nodiscard]] std::string describe(const VerifyOutcome& found);

}  // namespace akgate
