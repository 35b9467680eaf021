// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "base/options.hpp"
#include "base/secret.hpp"
#include "cli/command.hpp"
#include "cli/control_address.hpp"
#include "cli/control_reply.hpp"

namespace akgate {

/// The options of a command that gives the agent one order.
inline constexpr Option kOrderJsonOption{
    .name = "json", .value = "", .help = "print one JSON object"};
inline constexpr std::array kOrderOptions = {
    kControlSocketOption, kAgentConfigOption, kOrderJsonOption, kHelpOption, kVersionOption,
};

/// What --help says of how such a command ends.
inline constexpr std::string_view kOrderEnds =
    "Ends with 0 where it is done, 1 where the agent refused, 2 on an error.\n";

/// Sends the order, a line of the control socket, and tells how it went. `outcome` follows the
/// record's fingerprint: what is true of it once it is done.
ExitCode give_order(const Options& options, const Secret& line, std::string_view outcome);

/// Tells how an order went; `done` is the sentence where it is.
ExitCode tell_outcome(const Options& options, const ControlReply& reply, std::string_view done);

}  // namespace akgate
