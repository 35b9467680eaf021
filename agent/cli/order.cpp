// SPDX-License-Identifier: Apache-2.0
#include "cli/order.hpp"

#include <string>

#include "cli/console.hpp"
#include "cli/control_client.hpp"

namespace akgate {

namespace {

std::string to_json(const ControlReply& reply) {
  std::string json = R"({"done":)" + std::string(reply.done ? "true" : "false");
  const auto add = [&json](std::string_view name, std::string_view value) {
    if (!value.empty()) json += ",\"" + std::string(name) + "\":" + json_string(value);
  };
  add("fingerprint", reply.fingerprint);
  add("state", reply.state);
  add("reason", reply.reason);
  add("detail", reply.detail);
  return json + "}\n";
}

ExitCode exit_code(const ControlReply& reply) {
  if (reply.done) return ExitCode::done;
  return reply.reason == "bad-request" ? ExitCode::error : ExitCode::finding;
}

}  // namespace

ExitCode tell_outcome(const Options& options, const ControlReply& reply, std::string_view done) {
  const bool for_programs = options.has(kOrderJsonOption.name);
  if (!for_programs && !reply.done) {
    complain(Error(describe_refusal(reply)));
    return exit_code(reply);
  }
  const Status printed = print(for_programs ? to_json(reply) : std::string(done) + "\n");
  return printed ? exit_code(reply) : complain(printed.error());
}

ExitCode give_order(const Options& options, const Secret& line, std::string_view outcome) {
  const Result<ControlAddress> control = find_control(options);
  if (!control) return complain(control.error());
  const Result<ControlReply> reply = send_command(control->socket, line);
  if (!reply) return complain(reply.error());
  return tell_outcome(options, *reply, presentable(reply->fingerprint) + std::string(outcome));
}

}  // namespace akgate
