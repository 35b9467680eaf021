// SPDX-License-Identifier: Apache-2.0
#include "cli/status.hpp"

#include <array>
#include <chrono>
#include <string>

#include "cli/agent_status.hpp"
#include "cli/ask_agent.hpp"
#include "cli/console.hpp"
#include "cli/control_address.hpp"
#include "cli/control_reply.hpp"
#include "cli/status_words.hpp"
#include "platform/clock.hpp"

namespace akgate {

namespace {

constexpr std::chrono::milliseconds kPatience(5'000);

constexpr std::array kOptions = {
    Option{.name = "json", .value = "", .help = "print the agent's own reply, one JSON document"},
    kControlSocketOption,
    kAgentConfigOption,
    kHelpOption,
    kVersionOption,
};

ExitCode status(const Options& options) {
  if (!options.operands().empty()) return complain(Error("status takes no operand"));
  const Result<ControlAddress> control = find_control(options);
  if (!control) return complain(control.error());
  const Result<std::string> line =
      ask_for_line(control->socket, Secret::copy_of("STATUS\n"), kPatience);
  if (!line) {
    return complain(Error(line.error().what() +
                          "\nWhile akgated is down, every check is a denial: see `systemctl status "
                          "akgated` and `journalctl -u akgated`."));
  }
  if (line->starts_with("ERROR ")) return complain(refusal_in(*line));
  const Result<AgentStatus> parsed = parse_status(*line);
  if (!parsed) return complain(parsed.error());
  const Status printed = print(
      options.has("json") ? *line + "\n" : describe_status(*parsed, SystemClock().read().wall));
  if (!printed) return complain(printed.error());
  return is_troubled(*parsed) ? ExitCode::finding : ExitCode::done;
}

}  // namespace

constinit const Command kStatusCommand{
    .name = "status",
    .operands = "",
    .summary = "tell whether the agent is working, since when not, and what to do",
    .details =
        "Ends with 0 where all is well, 1 where something is wrong, 2 where the agent cannot\n"
        "be asked.\n",
    .options = kOptions,
    .run = status,
};

}  // namespace akgate
