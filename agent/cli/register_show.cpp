// SPDX-License-Identifier: Apache-2.0
#include "cli/register_show.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/register_connection.hpp"
#include "register/operations.hpp"

namespace akgate {

namespace {

constexpr std::array kOptions = {
    kRegisterConfigOption,
    Option{.name = "json",
           .value = "",
           .help = "print the register's own answer as one JSON document"},
    kHelpOption,
    kVersionOption,
};

std::string describe_state(const AccessRecord& record) {
  std::string text(to_string(record.state));
  if (record.state == State::missing) text = "not told";
  if (record.state == State::other) text = "one that akgate does not know";
  if (record.state != State::revoked && record.revoked_at_set)
    text += ", but with a date of revocation";
  return text;
}

std::string describe_expiry(const VerifyOutcome& found) {
  const Expiry& expiry = found.record.expiry;
  switch (expiry.kind) {
    case Expiry::Kind::missing:
      return "not told";
    case Expiry::Kind::never:
      return "never";
    case Expiry::Kind::at:
      break;
  }
  const bool passed = found.attested && expiry.passed(*found.attested);
  return format_timestamp(expiry.at) + (passed ? " (passed)" : "");
}

std::string_view describe_basis(LegalBasis basis) {
  if (basis == LegalBasis::missing) return "not told";
  return basis == LegalBasis::other ? "one that akgate does not know" : to_string(basis);
}

std::string describe_controllers(const AccessRecord& record) {
  std::string text;
  for (std::size_t i = 0; i < record.controllers.size(); ++i) {
    if (i > 0) text += ", ";
    text += record.controllers[i];
    if (record.controllers.size() > 1 && record.lead == i) text += " (lead)";
  }
  return text;
}

std::string join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

Status print_found(const VerifyOutcome& found, const HttpReply& reply, bool for_programs) {
  if (for_programs) {
    Result<JsonDocument> document = JsonDocument::parse(reply.body);
    if (!document) return std::move(document).error();
    return print(json_text(document->root()) + "\n");
  }
  return print(found.outcome == Outcome::found ? describe(found)
                                               : "the register has no such record\n");
}

ExitCode show(const Options& options) {
  const Result<AccessKey> key = take_proper_access_key(options.operands());
  if (!key) return complain(key.error());
  const auto connection = RegisterConnection::open(options);
  if (!connection) return complain(connection.error());
  HttpReply reply = (*connection)->ask(verify_request(*key));
  const VerifyOutcome found = read_verify_reply(reply, *key);
  if (found.outcome != Outcome::found && found.outcome != Outcome::not_found) {
    return complain(Error(found.detail));
  }
  const Status printed = print_found(found, reply, options.has("json"));
  wipe(reply.body.data(), reply.body.size());
  if (!printed) return complain(printed.error());
  return found.outcome == Outcome::found ? ExitCode::done : ExitCode::finding;
}

}  // namespace

std::string describe(const VerifyOutcome& found) {
  const AccessRecord& record = found.record;
  const std::array<std::pair<std::string_view, std::string>, 8> facts = {{
      {"state", describe_state(record)},
      {"expires", describe_expiry(found)},
      {"legal basis", std::string(describe_basis(record.legal_basis))},
      {"data types", join(record.data_types.sorted())},
      {"controllers", describe_controllers(record)},
      {"data user", record.duid},
      {"transaction", found.transaction_id},
      {"complete", record.complete ? "yes" : "no: it can only lead to a denial"},
  }};
  std::string text;
  for (const auto& [title, value] : facts) text += fact(title, value);
  return text;
}

constinit const Command kRegisterShowCommand{
    .name = "register show",
    .operands = kAccessKeyOperand,
    .summary = "ask the register itself what it knows about an access key",
    .details =
        "It is never printed. Ends with 0 if there is a record, 1 if there is none, 2 if that\n"
        "cannot be found out.\n",
    .options = kOptions,
    .run = show,
};

}  // namespace akgate
