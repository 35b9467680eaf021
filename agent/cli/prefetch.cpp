// SPDX-License-Identifier: Apache-2.0
#include "cli/prefetch.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/console.hpp"
#include "cli/control_address.hpp"
#include "cli/control_client.hpp"
#include "cli/pace.hpp"
#include "cli/prefetch_keys.hpp"
#include "cli/prefetch_tally.hpp"
#include "cli/progress_bar.hpp"
#include "platform/clock.hpp"

namespace akgate {

namespace {

using std::chrono::milliseconds;

// So many wait in the agent at a time: enough for its own limits to set the pace, and few enough
// to leave room for others.
constexpr std::size_t kWindow = 16;
// The agent waits out pauses that the register asks for, for a minute or so.
constexpr milliseconds kPatience(180'000);

constexpr std::array kOptions = {
    Option{.name = "meter-point",
           .value = "MPXN",
           .help = "the keys that the register lists for it, instead of a file's"},
    Option{.name = "by", .value = "TIME", .help = "spread it until TIME (RFC 3339, or 30m, 8h)"},
    kControlSocketOption,
    kAgentConfigOption,
    Option{.name = "json", .value = "", .help = "print one JSON object"},
    kHelpOption,
    kVersionOption,
};

ExitCode fetch(const std::string& socket, const std::vector<AccessKey>& keys,
               std::optional<milliseconds> time, bool for_programs) {
  const SystemClock clock;
  const BootTime began = clock.read().boot;
  PrefetchTally tally;
  const auto send = [&] {
    ProgressBar bar(keys.size());
    return send_commands(
        socket, {.count = keys.size(),
                 .line = [&](std::size_t i) { return command_line("PREFETCH", keys[i]); },
                 .on_reply =
                     [&](std::size_t /*index*/, const ControlReply& reply) {
                       tally.take(reply);
                       bar.show(tally.answered());
                     },
                 .window = kWindow,
                 .interval = time ? interval_for(keys.size(), *time) : std::chrono::nanoseconds(0),
                 .patience = kPatience,
                 .at_most = time});
  };
  const Result<std::size_t> sent = send();
  const auto took = std::chrono::round<std::chrono::seconds>(clock.read().boot - began);
  const Status printed =
      print(for_programs ? tally.to_json(keys.size(), took) : tally.summary(keys.size(), took));
  if (!sent) return complain(sent.error());
  if (!printed) return complain(printed.error());
  const bool all = tally.answered() == keys.size() && tally.failed() == 0;
  return all ? ExitCode::done : ExitCode::finding;
}

ExitCode prefetch(const Options& options) {
  const Result<ControlAddress> control = find_control(options);
  if (!control) return complain(control.error());
  std::optional<milliseconds> time;
  if (const auto by = options.value("by")) {
    const Result<milliseconds> until = time_until(*by, SystemClock().read().wall);
    if (!until) return complain(until.error());
    time = *until;
  }
  const Result<std::vector<AccessKey>> keys = take_prefetch_keys(options);
  if (!keys) return complain(keys.error());
  if (time && control->config) {
    const std::uint32_t limit = control->config->register_.max_requests_per_second;
    if (const auto warning = warn_of_pace(keys->size(), *time, limit)) complain(Error(*warning));
  }
  return fetch(control->socket, *keys, time, options.has("json"));
}

}  // namespace

constinit const Command kPrefetchCommand{
    .name = "prefetch",
    .operands = "[FILE|-]",
    .summary = "have the agent learn what the register knows of many access keys",
    .details =
        "FILE has an access key a line, # begins a comment, and what stands behind a key is\n"
        "ignored; others must not be able to read it. --meter-point asks the register itself, "
        "with\n"
        "the configuration's account. The limits in the agent's configuration set the pace; with\n"
        "--by, it is spread evenly, and ends then.\n"
        "Ends with 0 where all is fetched, 1 where some failed or were left, 2 on an error.\n",
    .options = kOptions,
    .run = prefetch,
};

}  // namespace akgate
