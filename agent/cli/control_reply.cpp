// SPDX-License-Identifier: Apache-2.0
#include "cli/control_reply.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "cli/reasons.hpp"

namespace akgate {

namespace {

constexpr std::array<std::pair<std::string_view, std::string ControlReply::*>, 4> kFields = {{
    {"fingerprint=", &ControlReply::fingerprint},
    {"state=", &ControlReply::state},
    {"reason=", &ControlReply::reason},
    {"detail=", &ControlReply::detail},
}};

bool take_field(ControlReply& reply, std::string_view word) {
  for (const auto& [name, member] : kFields) {
    if (!word.starts_with(name)) continue;
    std::optional<std::string> value = percent_decode(word.substr(name.size()));
    if (!value) return false;
    reply.*member = std::move(*value);
  }
  return true;
}

}  // namespace

Result<ControlReply> parse_control_reply(std::string_view line) {
  const Error nonsense = nonsense_from_agent();
  if (!is_utf8(line) || has_control_character(line)) return nonsense;
  ControlReply reply;
  std::string_view rest = line;
  for (bool first = true; !rest.empty(); first = false) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (!first && !take_field(reply, word)) return nonsense;
    if (first && word != "OK" && word != "ERROR") return nonsense;
    if (first) reply.done = word == "OK";
  }
  if (reply.done ? reply.fingerprint.empty() : reply.reason.empty()) return nonsense;
  return reply;
}

Error nonsense_from_agent() {
  return Error("the agent's reply makes no sense: is it akgated that listens there?");
}

Error refusal_in(std::string_view line) {
  const auto reply = parse_control_reply(line.substr(0, line.find('\n')));
  return reply && !reply->done ? Error(describe_refusal(*reply)) : nonsense_from_agent();
}

std::string describe_refusal(const ControlReply& reply) {
  if (!reply.detail.empty()) return reply.reason + ": " + reply.detail;
  const std::string_view meaning = explain_reason(reply.reason);
  return meaning.empty() ? reply.reason : reply.reason + ": " + std::string(meaning);
}

}  // namespace akgate
