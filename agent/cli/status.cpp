// SPDX-License-Identifier: Apache-2.0
#include "cli/status.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "cli/console.hpp"
#include "cli/control_address.hpp"
#include "cli/control_reply.hpp"
#include "cli/gate_client.hpp"
#include "cli/spell.hpp"
#include "platform/clock.hpp"
#include "record/json.hpp"

namespace akgate {

namespace {

using std::chrono::seconds;

constexpr std::chrono::milliseconds kPatience(5'000);

constexpr std::array kOptions = {
    Option{.name = "json", .value = "", .help = "print the agent's own reply, one JSON document"},
    kControlSocketOption,
    kAgentConfigOption,
    kHelpOption,
    kVersionOption,
};

struct TokenTrouble {
  std::string_view state;
  std::string_view what;
  std::string_view remedy;
};

constexpr std::array kTokenTroubles = {
    TokenTrouble{
        .state = "refused",
        .what = "The register refuses the credentials of the account: meter points and Data Users "
                "cannot be looked up. Questions that name one are denied where nothing recent "
                "is known.\n",
        .remedy = "What to do: see that register.account-id and the secret in "
                  "register.secret-key-file are those that the register issued, then restart "
                  "akgated.\n"},
    TokenTrouble{
        .state = "unreachable",
        .what = "The register gives no bearer token, as it could not be asked for one: meter "
                "points and Data Users cannot be looked up.\n",
        .remedy = "What to do: nothing, unless it lasts. The agent tries again by itself; its log "
                  "(journalctl -u akgated) says what stands in the way.\n"},
};

const TokenTrouble* trouble_with_token(std::string_view state) {
  for (const TokenTrouble& trouble : kTokenTroubles) {
    if (trouble.state == state) return &trouble;
  }
  return nullptr;
}

std::optional<std::uint64_t> whole_number_of(std::optional<double> number) {
  constexpr double kMost = 9e15;  // Up to here, doubles hold whole numbers exactly.
  if (!number || !(*number >= 0 && *number <= kMost)) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<std::uint64_t> whole_number(JsonView value) {
  return whole_number_of(value.number());
}

bool is_overstretched(const AgentStatus& status) {
  return status.requests_per_second_needed > status.requests_per_second_allowed;
}

std::string describe_silence(const AgentStatus& status, Timestamp now) {
  std::string text =
      "akgated " + presentable(status.version) + " is running, but the register does not answer: ";
  if (status.since_last_answer) {
    text += "it last did " + spell_duration(*status.since_last_answer) + " ago (" +
            format_timestamp(now - *status.since_last_answer) + ").\n";
  } else {
    text += "it has not since the agent started, " + spell_duration(status.uptime) + " ago.\n";
  }
  return text +
         "Keys that are known are answered from memory until their grace (freshness.grace) is "
         "over; all others are denied.\n";
}

std::string describe_work(const AgentStatus& status) {
  return "akgated " + presentable(status.version) + " is working. It started " +
         spell_duration(status.uptime) + " ago; the register " +
         (status.since_last_answer
              ? "last answered " + spell_duration(*status.since_last_answer) + " ago.\n"
              : "has not been asked yet.\n");
}

ExitCode status(const Options& options) {
  if (!options.operands().empty()) return complain(Error("status takes no operand"));
  const Result<ControlAddress> control = find_control(options);
  if (!control) return complain(control.error());
  const Result<std::string> line =
      ask_gate(control->socket, Secret::copy_of("STATUS\n"), kPatience);
  if (!line) {
    return complain(Error(line.error().what() +
                          "\nWhile akgated is down, every check is a denial: see `systemctl status "
                          "akgated` and `journalctl -u akgated`."));
  }
  if (const auto refused = parse_control_reply(*line); refused && !refused->done) {
    return complain(Error(describe_refusal(*refused)));
  }
  const Result<AgentStatus> parsed = parse_status(*line);
  if (!parsed) return complain(parsed.error());
  const Status printed = print(
      options.has("json") ? *line + "\n" : describe_status(*parsed, SystemClock().read().wall));
  if (!printed) return complain(printed.error());
  return is_troubled(*parsed) ? ExitCode::finding : ExitCode::done;
}

}  // namespace

Result<AgentStatus> parse_status(std::string_view line) {
  const Error nonsense("the agent's reply makes no sense: is it akgated that listens there?");
  const Result<JsonDocument> document = JsonDocument::parse(line);
  if (!document) return nonsense;
  const JsonView root = document->root();
  const auto version = root["version"].string();
  const auto uptime = whole_number(root["uptime-seconds"]);
  const auto state = root["register"]["state"].string();
  const auto waiting = whole_number(root["register"]["waiting"]);
  const auto token = root["token"].string();
  if (!version || !uptime || !waiting || !token || (state != "answers" && state != "silent")) {
    return nonsense;
  }
  AgentStatus status{.version = std::string(*version),
                     .uptime = seconds(*uptime),
                     .register_silent = state == "silent",
                     .since_last_answer = std::nullopt,
                     .waiting = *waiting,
                     .token = std::string(*token)};
  if (const auto since = whole_number(root["register"]["seconds-since-last-answer"])) {
    status.since_last_answer = seconds(*since);
  }
  const auto needed = root["register"]["requests-per-second-needed"].number();
  status.requests_per_second_needed = whole_number_of(needed ? std::ceil(*needed) : 0).value_or(0);
  status.requests_per_second_allowed =
      whole_number_of(root["register"]["requests-per-second-allowed"].number()).value_or(0);
  return status;
}

bool is_troubled(const AgentStatus& status) {
  return status.register_silent || is_overstretched(status) ||
         trouble_with_token(status.token) != nullptr;
}

std::string describe_status(const AgentStatus& status, Timestamp now) {
  std::string text = status.register_silent ? describe_silence(status, now) : describe_work(status);
  if (status.waiting > 0) {
    text += spell_count(status.waiting, "question") + (status.waiting == 1 ? " waits" : " wait") +
            " for the register.\n";
  }
  if (status.register_silent) {
    text +=
        "What to do: look at the line to the register and at the agent's log (journalctl -u "
        "akgated), which says what stands in the way. The agent goes on trying by itself: it need "
        "not be restarted.\n";
    if (status.token == "unreachable") return text;  // That is why.
  }
  if (is_overstretched(status)) {
    text += "Keeping fresh what is in use takes " +
            std::to_string(status.requests_per_second_needed) +
            " requests a second; register.max-requests-per-second allows " +
            std::to_string(status.requests_per_second_allowed) +
            ": some questions wait for the register. What to do: allow more, or let "
            "freshness.fresh-for be longer.\n";
  }
  if (const TokenTrouble* const trouble = trouble_with_token(status.token)) {
    text += std::string(trouble->what) + std::string(trouble->remedy);
  }
  return text;
}

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
