// SPDX-License-Identifier: Apache-2.0
#include "cli/block.hpp"

#include <optional>
#include <string_view>

#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/control_client.hpp"
#include "cli/order.hpp"
#include "record/mpxn.hpp"

namespace akgate {

namespace {

constexpr std::string_view kOperand = "[AK|-|MPXN]";

Result<Secret> order_line(std::string_view word, const Options& options) {
  const Result<Secret> given = take_access_key(options);
  if (!given) return given.error();
  if (const auto key = AccessKey::parse(given->reveal())) return command_line(word, *key);
  if (const auto mpxn = Mpxn::parse(given->reveal())) {
    return Secret::joined({word, " ", mpxn->text(), "\n"});
  }
  return Error(
      "what is given is neither an access key (ak_ and 24 lower-case hex digits) nor an MPAN or "
      "MPRN");
}

ExitCode order(std::string_view word, const Options& options, std::string_view outcome) {
  const Result<Secret> line = order_line(word, options);
  if (!line) return complain(line.error());
  return give_order(options, *line, outcome);
}

ExitCode block(const Options& options) {
  return order("BLOCK", options, " is blocked: every question about it is denied");
}

ExitCode unblock(const Options& options) { return order("UNBLOCK", options, " is not blocked"); }

}  // namespace

constinit const Command kBlockCommand{
    .name = "block",
    .operands = kOperand,
    .summary = "deny every question about an access key or a meter point",
    .details =
        "AK `-` reads it from the standard input; without it, it is taken from AKGATE_ACCESS_KEY\n"
        "in the environment. Stays until `akgate unblock`, over restarts and `cache forget "
        "--all`.\n"
        "Ends with 0 where it is done, 1 where the agent refused, 2 on an error.\n",
    .options = kOrderOptions,
    .run = block,
};

constinit const Command kUnblockCommand{
    .name = "unblock",
    .operands = kOperand,
    .summary = "take a block back",
    .details = kOrderEnds,
    .options = kOrderOptions,
    .run = unblock,
};

}  // namespace akgate
