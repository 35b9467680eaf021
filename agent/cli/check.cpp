// SPDX-License-Identifier: Apache-2.0
#include "cli/check.hpp"

#include <akgate/akgate.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/gate_reply.hpp"
#include "cli/inquiry.hpp"
#include "platform/clock.hpp"

namespace akgate {

namespace {

using std::chrono::milliseconds;

// What libakgate takes off its time for the way back: so the agent has the whole of its own, and
// its word that the register was too slow still comes.
constexpr milliseconds kWayBack(100);
constexpr milliseconds kLongest(AKGATE_MAX_TIMEOUT_MS);

// Reasons of libakgate's own. All others are the agent's.
constexpr std::string_view kBadQuestion = "bad-question";
constexpr std::array<std::string_view, 3> kNoReply = {"agent-unreachable", "agent-timeout",
                                                      "agent-malformed"};

struct CloseClient {
  void operator()(akgate_client* client) const { akgate_close(client); }
};

const char* c_str(const std::optional<std::string>& text) { return text ? text->c_str() : nullptr; }

akgate_mode mode_of(const Inquiry& inquiry) {
  if (inquiry.mode == "cached") return AKGATE_CACHED;
  return inquiry.mode == "fresh" ? AKGATE_FRESH : AKGATE_NORMAL;
}

// The reply's `for` again: libakgate has counted it from when it sent the question.
std::int64_t good_for(const akgate_answer& answer, BootTime asked) {
  const milliseconds left = milliseconds(answer.good_until_ms) -
                            std::chrono::floor<milliseconds>(asked.time_since_epoch());
  return std::max(std::chrono::floor<std::chrono::seconds>(left).count(), std::int64_t{0});
}

GateReply reply_of(const akgate_answer& answer, BootTime asked) {
  GateReply reply;
  const auto add = [&reply](std::string_view name, std::string value) {
    if (!value.empty()) reply.fields.emplace_back(name, std::move(value));
  };
  add("reason", answer.reason);
  if (!answer.answered) {
    add("detail", answer.detail);
    return reply;
  }
  reply.kind = answer.allowed ? GateReply::Kind::allow : GateReply::Kind::deny;
  add("source", answer.source);
  if (answer.age_s >= 0) {  // Else it rests on nothing that could last.
    add("age", std::to_string(answer.age_s));
    add("for", std::to_string(good_for(answer, asked)));
  }
  add("until", answer.until);
  add("expires", answer.expires);
  add("txn", answer.transactions);
  return reply;
}

Result<GateReply> ask(const Inquiry& inquiry) {
  const std::unique_ptr<akgate_client, CloseClient> client(akgate_open(inquiry.socket.c_str(), 0));
  if (!client) {
    return Error("cannot use " + inquiry.socket + ": a socket's path has 1 to 107 bytes");
  }
  std::vector<const char*> types;
  for (const std::string& type : inquiry.data_types) types.push_back(type.c_str());
  types.push_back(nullptr);
  const akgate_question question{.access_key = inquiry.key.reveal_c_str(),
                                 .data_types = types.data(),
                                 .mpxn = c_str(inquiry.mpxn),
                                 .controller = c_str(inquiry.controller),
                                 .duid = c_str(inquiry.duid),
                                 .mode = mode_of(inquiry)};
  const milliseconds at_most =
      inquiry.timeout.value_or(std::min(inquiry.agents_timeout + kWayBack, kLongest));
  const BootTime asked = SystemClock().read().boot;
  akgate_answer answer{};
  akgate_check(client.get(), &question, static_cast<unsigned>(at_most.count()), &answer);
  if (answer.reason == kBadQuestion) return Error(answer.detail);
  if (std::find(kNoReply.begin(), kNoReply.end(), answer.reason) != kNoReply.end()) {
    return Error(inquiry.socket + ": " + answer.detail);
  }
  return reply_of(answer, asked);
}

ExitCode check(const Options& options) {
  const Result<Inquiry> inquiry = take_inquiry(options);
  if (!inquiry) return complain(inquiry.error());
  const Result<GateReply> reply = ask(*inquiry);
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

constinit const Command kCheckCommand{
    .name = "check",
    .operands = kAccessKeyOperand,
    .summary = "ask the agent whether data may be released under an access key",
    .details =
        "--timeout is for all of it, the way to the agent and back included; without it, the\n"
        "agent's own gate.check-timeout holds. Ends with 0 for ALLOW, 1 for DENY, 2 where there\n"
        "is no answer.\n",
    .options = kInquiryOptions,
    .run = check,
};

}  // namespace akgate
