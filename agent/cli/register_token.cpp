// SPDX-License-Identifier: Apache-2.0
//
// `akgate register token`: for trying the register's operations by hand.

#include <array>
#include <string>

#include "cli/console.hpp"
#include "cli/register_commands.hpp"
#include "cli/register_connection.hpp"

namespace akgate {

namespace {

constexpr std::array kOptions = {
    kRegisterConfigOption,
    Option{.name = "json", .value = "", .help = "print one JSON object"},
    kHelpOption,
    kVersionOption,
};

std::string describe(const AuthorizedTransport::Token& token, bool for_programs) {
  const std::string seconds = std::to_string(token.lasts.count());
  if (for_programs) {
    return "{\"bearer-token\":" + json_string(token.text.reveal()) + ",\"expires\":" + seconds +
           ",\"role\":" + json_string(token.claims.role) +
           ",\"duid\":" + json_string(token.claims.duid) + "}\n";
  }
  return fact("token", token.text.reveal()) + fact("lasts", seconds + " s") +
         fact("role", token.claims.role) + fact("data user", token.claims.duid);
}

ExitCode token(const Options& options) {
  if (!options.operands().empty()) return complain(Error("register token takes no operand"));
  const auto connection = RegisterConnection::open_with_account(options);
  if (!connection) return complain(connection.error());
  const Result<AuthorizedTransport::Token> got = (*connection)->token();
  if (!got) return complain(got.error());
  std::string text = describe(*got, options.has("json"));
  const Status printed = print(text);
  wipe(text.data(), text.size());
  return printed ? ExitCode::done : complain(printed.error());
}

}  // namespace

constinit const Command kRegisterTokenCommand{
    .name = "register token",
    .operands = "",
    .summary = "get a bearer token from the register",
    .details =
        "Whoever has it acts for the account until it expires: it is a secret. Ends with 0, or\n"
        "with 2 where there is none.\n",
    .options = kOptions,
    .run = token,
};

}  // namespace akgate
