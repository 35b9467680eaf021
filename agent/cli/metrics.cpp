// SPDX-License-Identifier: Apache-2.0
#include "cli/metrics.hpp"

#include <array>
#include <chrono>
#include <string>

#include "cli/ask_agent.hpp"
#include "cli/console.hpp"
#include "cli/control_address.hpp"
#include "cli/control_reply.hpp"

namespace akgate {

namespace {

constexpr std::chrono::milliseconds kPatience(10'000);

constexpr std::array kOptions = {kControlSocketOption, kAgentConfigOption, kHelpOption,
                                 kVersionOption};

ExitCode metrics(const Options& options) {
  if (!options.operands().empty()) return complain(Error("metrics takes no operand"));
  const Result<ControlAddress> control = find_control(options);
  if (!control) return complain(control.error());
  const Result<std::string> text =
      ask_for_lines(control->socket, Secret::copy_of("METRICS\n"), kPatience);
  if (!text) return complain(text.error());
  if (!text->ends_with("# EOF\n")) return complain(refusal_in(*text));
  const Status printed = print(*text);
  return printed ? ExitCode::done : complain(printed.error());
}

}  // namespace

constinit const Command kMetricsCommand{
    .name = "metrics",
    .operands = "",
    .summary = "print the agent's counters, as Prometheus reads them",
    .details =
        "The text ends with `# EOF`. Ends with 0, or with 2 where the agent cannot be asked.\n",
    .options = kOptions,
    .run = metrics,
};

}  // namespace akgate
