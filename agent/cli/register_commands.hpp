// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace akgate {

// Commands that go to the register itself, past the agent, with the credentials of its
// configuration. (`register show`, which needs none, has a header of its own.)

extern const Command kRegisterTokenCommand;       ///< `register token`
extern const Command kRegisterCreateCommand;      ///< `register create`
extern const Command kRegisterReplaceCommand;     ///< `register replace`
extern const Command kRegisterRevokeCommand;      ///< `register revoke`
extern const Command kRegisterListCommand;        ///< `register list`
extern const Command kRegisterMeterPointCommand;  ///< `register meter-point`
extern const Command kRegisterDataUserCommand;    ///< `register data-user`

}  // namespace akgate
