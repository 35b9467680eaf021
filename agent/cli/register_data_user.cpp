// SPDX-License-Identifier: Apache-2.0
//
// `akgate register data-user`: a look into the directory of Data Users.

#include <array>
#include <string>

#include "cli/console.hpp"
#include "cli/register_commands.hpp"
#include "cli/register_connection.hpp"
#include "cli/register_reply.hpp"
#include "record/duid.hpp"
#include "record/read_envelope.hpp"
#include "register/operations.hpp"

namespace akgate {

namespace {

constexpr std::array kOptions = {
    kRegisterConfigOption,
    Option{.name = "json", .value = "", .help = "print the register's answer as one JSON document"},
    kHelpOption,
    kVersionOption,
};

Result<Duid> take_duid(const Options& options) {
  if (options.operands().size() != 1) return Error("name one Data User");
  if (const auto duid = Duid::parse(options.operands().front())) return *duid;
  return Error("what is given names no Data User: it must be duid_ and letters or digits");
}

std::string join(JsonView list) {
  std::string joined;
  for (JsonView entry = list.first_child(); !entry.missing(); entry = entry.next()) {
    joined.append(joined.empty() ? "" : ", ").append(entry.string().value_or("(no text)"));
  }
  return joined;
}

std::string describe(JsonView data_user) {
  const auto text = [&](const char* name) { return data_user[name].string().value_or(""); };
  const std::string_view status = text("status");
  return fact("data user", text("duid")) + fact("status", status.empty() ? "not told" : status) +
         fact("name", text("display-name")) +
         fact("data types", join(data_user["data-types-supported"])) +
         fact("registered", text("registered-at")) + fact("suspended", text("suspended-at")) +
         fact("contact", text("contact-url"));
}

ExitCode data_user(const Options& options) {
  const Result<Duid> duid = take_duid(options);
  if (!duid) return complain(duid.error());
  const auto connection = RegisterConnection::open_with_account(options);
  if (!connection) return complain(connection.error());
  const AuthorizedTransport::Reply reply = (*connection)->ask_with_token(data_user_request(*duid));
  if (!reply.authorized || reply.http.status != 200) {
    return refuse(
        reply,
        [](int status) -> std::string_view {
          if (status == 403) return "our account's role may not look into the directory";
          return status == 404 ? "no such Data User" : "";
        },
        options.has("json"));
  }
  const Result<JsonDocument> document = parse_answer(reply.http.body);
  if (!document) return complain(document.error());
  const JsonView found = document->root()["data-user"];
  if (!found.is_object()) return complain(Error("the register's answer has no data-user object"));
  const JsonView named = found["duid"];
  if (!named.absent() && named.string() != duid->text()) {
    return complain(Error("the register's answer is about another Data User"));
  }
  const Status printed =
      print(options.has("json") ? json_text(document->root()) + "\n" : describe(found));
  return printed ? ExitCode::done : complain(printed.error());
}

}  // namespace

constinit const Command kRegisterDataUserCommand{
    .name = "register data-user",
    .operands = "DUID",
    .summary = "look a Data User up in the register's directory",
    .details =
        "Ends with 0 if it is there, whatever its status, 1 if it is not, 2 if that cannot be\n"
        "found out.\n",
    .options = kOptions,
    .run = data_user,
};

}  // namespace akgate
