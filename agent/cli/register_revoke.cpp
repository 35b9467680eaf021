// SPDX-License-Identifier: Apache-2.0
//
// `akgate register revoke`.

#include <array>
#include <string>

#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/register_commands.hpp"
#include "cli/register_connection.hpp"
#include "cli/register_reply.hpp"
#include "cli/register_words.hpp"
#include "register/operations.hpp"

namespace akgate {

namespace {

constexpr std::array kOptions = {
    Option{.name = "reason",
           .value = "REASON",
           .help = "customer-request, contract-ended, lia-lapsed, statutory-authority-lapsed, "
                   "data-no-longer-required or other"},
    kRegisterConfigOption,
    Option{.name = "json", .value = "", .help = "print the register's answer as one JSON document"},
    kHelpOption,
    kVersionOption,
};

ExitCode revoke(const Options& options) {
  const Result<std::string> reason = take_reason(options);
  if (!reason) return complain(reason.error());
  const Result<AccessKey> key = take_proper_access_key(options.operands());
  if (!key) return complain(key.error());
  const auto connection = RegisterConnection::open_with_account(options);
  if (!connection) return complain(connection.error());
  const AuthorizedTransport::Reply reply =
      (*connection)->ask_with_token(revoke_request(*key, *reason));
  return conclude_change(reply, options,
                         {.done = "the record is revoked",
                          .not_found = "our account has no such record, or it is revoked already",
                          .conflict = "the record is not one that can be revoked"});
}

}  // namespace

constinit const Command kRegisterRevokeCommand{
    .name = "register revoke",
    .operands = kAccessKeyOperand,
    .summary = "revoke an access record, for good",
    .details =
        "There is no way back. Ends with 0 where it is revoked, 1 where the register knows no\n"
        "such record or refuses, 2 where it cannot be asked.\n",
    .options = kOptions,
    .run = revoke,
};

}  // namespace akgate
