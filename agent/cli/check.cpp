// SPDX-License-Identifier: Apache-2.0
#include "cli/check.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/gate_client.hpp"
#include "cli/gate_reply.hpp"
#include "config/config.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxLineBytes = 1024;  // The gate's, the line end included.
constexpr std::string_view kCheckWord = "CHECK ";
constexpr milliseconds kLongestTimeout(60'000);
// What the way to the agent and back may take beyond the question's own time.
constexpr milliseconds kMargin(1'000);

// Options that are handed on to the agent as they are: it knows what may stand there.
constexpr std::array<std::string_view, 6> kHandedOn = {"data-type", "mpxn",    "controller",
                                                       "duid",      "timeout", "mode"};

constexpr std::array kOptions = {
    Option{.name = "data-type",
           .value = "TYPE",
           .help = "data that would be released; may stand several times",
           .repeats = true},
    Option{.name = "mpxn", .value = "MPXN", .help = "meter point whose data would be released"},
    Option{.name = "controller", .value = "NAME", .help = "controller that asks"},
    Option{.name = "duid", .value = "DUID", .help = "Data User that asks"},
    Option{.name = "timeout", .value = "MS", .help = "wait for the register, at most (1 to 60000)"},
    Option{.name = "mode",
           .value = "MODE",
           .help = "normal, cached (never ask it) or fresh (always ask it)"},
    Option{.name = "socket", .value = "PATH", .help = "the agent's gate socket"},
    Option{.name = "config",
           .value = "FILE",
           .help = "the agent's configuration, which names the socket"},
    Option{.name = "json", .value = "", .help = "print one JSON object"},
    kHelpOption,
    kVersionOption,
};

// Where the agent listens, and how long it may take to reply.
struct Gate {
  std::string socket;
  milliseconds wait;
};

Result<Gate> find_gate(const Options& options) {
  Gate gate{.socket = Config().gate.socket, .wait = kLongestTimeout};
  const std::string file(options.value("config").value_or(kDefaultConfigFile));
  if (options.has("config") || (!options.has("socket") && file_exists(file))) {
    Result<Config> config = read_config(file, Credentials::where_there);
    if (config) {
      gate = {.socket = config->gate.socket, .wait = config->gate.check_timeout};
    } else if (options.has("config")) {
      return std::move(config).error();
    }
    // A default file that is not for this user to read is no reason not to try the default socket.
  }
  if (const auto socket = options.value("socket")) gate.socket = *socket;
  if (const auto timeout = options.value("timeout")) {
    const std::optional<std::uint64_t> given = parse_number(*timeout);
    if (!given || *given == 0 || *given > static_cast<std::uint64_t>(kLongestTimeout.count())) {
      return Error("--timeout must be a whole number of milliseconds, 1 to " +
                   std::to_string(kLongestTimeout.count()));
    }
    gate.wait = milliseconds(*given);
  }
  gate.wait += kMargin;
  return gate;
}

Result<GateReply> ask(const Options& options) {
  Result<Secret> key = take_access_key(options);
  if (!key) return std::move(key).error();
  Result<Gate> gate = find_gate(options);
  if (!gate) return std::move(gate).error();
  Result<Secret> question = question_line(*key, options);
  if (!question) return std::move(question).error();
  Result<std::string> line = ask_gate(gate->socket, *question, gate->wait);
  if (!line) return std::move(line).error();
  return parse_gate_reply(*line, kQuestionId);
}

ExitCode check(const Options& options) {
  const Result<GateReply> reply = ask(options);
  if (!reply) return complain(reply.error());
  const bool for_programs = options.has("json");
  if (reply->kind == GateReply::Kind::error && !for_programs) {
    return complain(Error(describe(*reply)));
  }
  // An allowance that nobody could read is none.
  if (Status printed = print(for_programs ? to_json(*reply) : describe(*reply)); !printed) {
    return complain(printed.error());
  }
  return exit_code(*reply);
}

}  // namespace

Result<Secret> question_line(const Secret& key, const Options& options) {
  if (key.empty()) return Error("the access key is empty");
  std::string rest = " id=" + std::string(kQuestionId);
  for (const std::string_view name : kHandedOn) {
    for (const std::string_view value : options.values(name)) {
      rest += " " + std::string(name) + "=" + percent_encode(value);
    }
  }
  rest += '\n';
  const Secret encoded_key(percent_encode(key.reveal()));
  std::string line;
  // In one piece, so that no copy of the key is left behind (I9).
  line.reserve(kCheckWord.size() + encoded_key.reveal().size() + rest.size());
  line.append(kCheckWord).append(encoded_key.reveal()).append(rest);
  Secret question(std::move(line));
  if (question.reveal().size() > kMaxLineBytes) {
    return Error("the question is longer than the " + std::to_string(kMaxLineBytes) +
                 " bytes that the agent takes: ask in several");
  }
  return question;
}

constinit const Command kCheckCommand{
    .name = "check",
    .operands = kAccessKeyOperand,
    .summary = "ask the agent whether data may be released under an access key",
    .details = "Ends with 0 for ALLOW, 1 for DENY, 2 where there is no answer.\n",
    .options = kOptions,
    .run = check,
};

}  // namespace akgate
