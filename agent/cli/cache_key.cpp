// SPDX-License-Identifier: Apache-2.0
//
// `akgate cache show`, `refresh` and `forget`: what the agent keeps of one access key.

#include <array>
#include <chrono>
#include <string>

#include "cli/access_key_argument.hpp"
#include "cli/ask_agent.hpp"
#include "cli/cache.hpp"
#include "cli/cached_record.hpp"
#include "cli/console.hpp"
#include "cli/control_client.hpp"
#include "cli/order.hpp"

namespace akgate {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience(10'000);
// The agent waits for the register for a minute.
constexpr milliseconds kPatienceForRegister(90'000);
// All records are written anew.
constexpr milliseconds kPatienceForAll(60'000);

constexpr std::array kForgetOptions = {
    Option{.name = "all", .value = "", .help = "forget all keys and Data Users"},
    kControlSocketOption,
    kAgentConfigOption,
    kOrderJsonOption,
    kHelpOption,
    kVersionOption,
};

/// The agent's reply to `word` and the key that the options name.
Result<std::string> ask_about_key(const Options& options, std::string_view word,
                                  milliseconds at_most) {
  const Result<AccessKey> key = take_proper_access_key(options.operands());
  if (!key) return key.error();
  const Result<ControlAddress> control = find_control(options);
  if (!control) return control.error();
  return ask_for_line(control->socket, command_line(word, *key), at_most);
}

ExitCode show(const Options& options) {
  constexpr std::string_view kOk = "OK ";
  const Result<std::string> line = ask_about_key(options, "SHOW", kPatience);
  if (!line) return complain(line.error());
  if (!line->starts_with(kOk)) {
    const Result<ControlReply> refused = parse_control_reply(*line);
    return refused ? tell_outcome(options, *refused, "") : complain(refused.error());
  }
  const Result<CachedRecord> record =
      parse_cached_record(std::string_view(*line).substr(kOk.size()));
  if (!record) return complain(record.error());
  const Status printed =
      print(options.has(kOrderJsonOption.name) ? to_json(*record) + "\n" : describe(*record));
  return printed ? ExitCode::done : complain(printed.error());
}

ExitCode refresh(const Options& options) {
  const Result<std::string> line = ask_about_key(options, "REFRESH", kPatienceForRegister);
  if (!line) return complain(line.error());
  const Result<ControlReply> reply = parse_control_reply(*line);
  if (!reply) return complain(reply.error());
  return tell_outcome(options, *reply,
                      presentable(reply->fingerprint) + " was asked about: the register says " +
                          presentable(reply->state));
}

ExitCode forget_all(const Options& options) {
  if (!options.operands().empty()) {
    return complain(Error("with --all, no access key is named"));
  }
  const Result<ControlAddress> control = find_control(options);
  if (!control) return complain(control.error());
  const Result<std::string> line =
      ask_for_line(control->socket, Secret::copy_of("FORGET all\n"), kPatienceForAll);
  if (!line) return complain(line.error());
  const Result<ControlReply> reply =
      *line == "OK" ? ControlReply{.done = true} : parse_control_reply(*line);
  if (!reply) return complain(reply.error());
  return tell_outcome(options, *reply,
                      "all is forgotten: the next answer about any key is the register's alone");
}

ExitCode forget(const Options& options) {
  if (options.has("all")) return forget_all(options);
  const Result<AccessKey> key = take_proper_access_key(options.operands());
  if (!key) return complain(key.error());
  return give_order(options, command_line("FORGET", *key),
                    " is forgotten: the next answer about it is the register's alone");
}

}  // namespace

constinit const Command kCacheShowCommand{
    .name = "cache show",
    .operands = kAccessKeyOperand,
    .summary = "show what the agent knows of an access key",
    .details = "Asks nobody else. Ends with 0, 1 where it knows nothing, 2 on an error.\n",
    .options = kOrderOptions,
    .run = show,
};

constinit const Command kCacheRefreshCommand{
    .name = "cache refresh",
    .operands = kAccessKeyOperand,
    .summary = "have the agent ask the register about an access key now",
    .details =
        "Ends with 0 where the register has answered, whatever it says, 1 where it or the agent\n"
        "refused or was silent, 2 on an error.\n",
    .options = kOrderOptions,
    .run = refresh,
};

constinit const Command kCacheForgetCommand{
    .name = "cache forget",
    .operands = "[AK|-] | --all",
    .summary = "have the agent forget an access key, or all",
    .details =
        "AK `-` reads the access key from the standard input; without AK it is taken from\n"
        "AKGATE_ACCESS_KEY in the environment. What ties the key to a meter point goes too, what "
        "is\n"
        "blocked stays so. Until the register has answered again, a key that is forgotten is\n"
        "denied. Ends with 0 where it is done, 1 where the agent refused, 2 on an error.\n",
    .options = kForgetOptions,
    .run = forget,
};

}  // namespace akgate
