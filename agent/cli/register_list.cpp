// SPDX-License-Identifier: Apache-2.0
//
// `akgate register list`: one's own records.

#include <array>
#include <optional>
#include <string>

#include "cli/console.hpp"
#include "cli/own_records.hpp"
#include "cli/register_commands.hpp"
#include "cli/register_connection.hpp"
#include "cli/register_reply.hpp"
#include "cli/register_words.hpp"
#include "cli/table.hpp"

namespace akgate {

namespace {

constexpr std::array kOptions = {
    kStateOption,
    kLegalBasisOption,
    Option{.name = "limit", .value = "N", .help = "ask for N records at most (1 to 500)"},
    kRegisterConfigOption,
    Option{.name = "json", .value = "", .help = "print one JSON object"},
    kHelpOption,
    kVersionOption,
};

Result<ListFilter> take_filter(const Options& options) {
  if (!options.operands().empty()) return Error("register list takes no operand");
  Result<std::string> state = take_state(options);
  if (!state) return std::move(state).error();
  Result<std::string> legal_basis = take_legal_basis(options);
  if (!legal_basis) return std::move(legal_basis).error();
  const Result<std::optional<std::size_t>> limit = take_limit(options);
  if (!limit) return limit.error();
  return ListFilter{
      .state = std::move(*state), .legal_basis = std::move(*legal_basis), .limit = *limit};
}

Status print_records(const OwnRecords& own, bool for_programs) {
  if (for_programs) {
    return print(std::string("{\"complete\":") + (own.complete ? "true" : "false") +
                 ",\"records\":" + own.rows.json() + "}\n");
  }
  Status printed = print(own.rows.table(table_width()));
  if (printed && !own.complete) {
    complain(Error("the list may be incomplete: the register cuts it, and has no paging"));
  }
  return printed;
}

ExitCode list(const Options& options) {
  const Result<ListFilter> wanted = take_filter(options);
  if (!wanted) return complain(wanted.error());
  const auto connection = RegisterConnection::open_with_account(options);
  if (!connection) return complain(connection.error());
  const bool for_programs = options.has("json");
  std::optional<AuthorizedTransport::Reply> refused;
  const auto ask = [&](const ListFilter& filter) -> Result<RegisterRows> {
    AuthorizedTransport::Reply reply = (*connection)->ask_with_token(list_request(filter));
    if (!reply.authorized || reply.http.status != 200) {
      refused = std::move(reply);
      return Error("the register does not answer the question");
    }
    Result<RegisterRows> rows = RegisterRows::read(reply.http.body, "records");
    wipe(reply.http.body.data(), reply.http.body.size());
    return rows;
  };
  const Result<OwnRecords> own = gather_own_records(*wanted, ask);
  if (refused) {
    const std::string by_role = only_for_data_users(refused->claims);
    return refuse(
        *refused, [&](int status) { return status == 403 ? std::string_view(by_role) : ""; },
        for_programs);
  }
  if (!own) return complain(own.error());
  const Status printed = print_records(*own, for_programs);
  return printed ? ExitCode::done : complain(printed.error());
}

}  // namespace

constinit const Command kRegisterListCommand{
    .name = "register list",
    .operands = "",
    .summary = "list the records that our own account registered",
    .details =
        "Prints their access keys. The register sends 500 records at most, and has no paging:\n"
        "where these may not be all, that is said (\"complete\": false). Ends with 0, 1 where the\n"
        "register refuses, 2 where it cannot be asked.\n",
    .options = kOptions,
    .run = list,
};

}  // namespace akgate
