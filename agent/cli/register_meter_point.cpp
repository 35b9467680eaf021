// SPDX-License-Identifier: Apache-2.0
//
// `akgate register meter-point`: the records of a meter point.

#include <array>
#include <string>

#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/register_commands.hpp"
#include "cli/register_connection.hpp"
#include "cli/register_reply.hpp"
#include "cli/register_rows.hpp"
#include "cli/register_words.hpp"
#include "cli/table.hpp"
#include "record/mpxn.hpp"
#include "register/operations.hpp"

namespace akgate {

namespace {

constexpr std::array kOptions = {
    kStateOption,
    kLegalBasisOption,
    Option{.name = kReidentificationToken,
           .value = "TOKEN",
           .help = "a confirmed token for the meter point, which this uses up; - reads it from the "
                   "standard input"},
    kRegisterConfigOption,
    Option{.name = "json", .value = "", .help = "print one JSON object"},
    kHelpOption,
    kVersionOption,
};

Result<Mpxn> take_mpxn(const Options& options) {
  if (options.operands().size() != 1) return Error("name one meter point");
  if (const auto mpxn = Mpxn::parse(options.operands().front())) return *mpxn;
  return Error("what is given is no meter point: an MPAN or MPRN has 6 to 13 digits");
}

Result<MeterPointFilter> take_filter(const Options& options) {
  Result<std::string> state = take_state(options);
  if (!state) return std::move(state).error();
  Result<std::string> legal_basis = take_legal_basis(options);
  if (!legal_basis) return std::move(legal_basis).error();
  Result<Secret> token = take_reidentification_token(options);
  if (!token) return std::move(token).error();
  return MeterPointFilter{.state = std::move(*state),
                          .legal_basis = std::move(*legal_basis),
                          .reidentification_token = std::move(*token)};
}

std::string_view explain(int status, std::string_view role, bool with_token) {
  if (status == 404 && !with_token) return "the register knows no such meter point";
  if (status == 404) return "there is no such meter point, or no such reidentification-token";
  if (status == 409) return "the reidentification-token has been used: it is good for one call";
  if (status == 422)
    return "the reidentification-token is not confirmed yet, or older than an hour";
  if (status != 403) return {};
  if (role == "data_provider") {
    return "a Data Provider is not shown a meter point's records; enter what you know about a key "
           "with `akgate bind`";
  }
  if (role == "data_user") {
    return "a Data User is shown only meter points for which it has registered a record itself";
  }
  if (role == "portal") {
    return "a portal needs a confirmed --reidentification-token for the meter point, a new one for "
           "each call";
  }
  return "our account's role is not shown a meter point's records";
}

ExitCode meter_point(const Options& options) {
  const Result<Mpxn> mpxn = take_mpxn(options);
  if (!mpxn) return complain(mpxn.error());
  const Result<MeterPointFilter> filter = take_filter(options);
  if (!filter) return complain(filter.error());
  const auto connection = RegisterConnection::open_with_account(options);
  if (!connection) return complain(connection.error());
  AuthorizedTransport::Reply reply =
      (*connection)->ask_with_token(meter_point_request(*mpxn, *filter));
  if (!reply.authorized || reply.http.status != 200) {
    const bool with_token = !filter->reidentification_token.empty();
    return refuse(
        reply, [&](int status) { return explain(status, reply.claims.role, with_token); },
        options.has("json"));
  }
  Result<RegisterRows> rows = RegisterRows::read(reply.http.body, "access-records");
  wipe(reply.http.body.data(), reply.http.body.size());
  if (!rows) return complain(rows.error());
  rows->keep(filter->state, filter->legal_basis);
  const Status printed =
      print(options.has("json") ? "{\"mpxn\":" + json_string(mpxn->text()) +
                                      ",\"access-records\":" + rows->json() + "}\n"
                                : rows->table(table_width()));
  return printed ? ExitCode::done : complain(printed.error());
}

}  // namespace

constinit const Command kRegisterMeterPointCommand{
    .name = "register meter-point",
    .operands = "MPXN",
    .summary = "list the records of a meter point",
    .details =
        "Prints their access keys, other Data Users' among them. Ends with 0, 1 where the "
        "register\n"
        "refuses, 2 where it cannot be asked.\n",
    .options = kOptions,
    .run = meter_point,
};

}  // namespace akgate
