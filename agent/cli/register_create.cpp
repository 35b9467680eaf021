// SPDX-License-Identifier: Apache-2.0
//
// `akgate register create` and `register replace`: a record from a file to the register.

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "cli/access_key_argument.hpp"
#include "cli/console.hpp"
#include "cli/register_commands.hpp"
#include "cli/register_connection.hpp"
#include "cli/register_draft.hpp"
#include "cli/register_reply.hpp"
#include "register/operations.hpp"

namespace akgate {

namespace {

using Reply = AuthorizedTransport::Reply;

constexpr std::array kOptions = {
    kRegisterConfigOption,
    Option{.name = "json", .value = "", .help = "print one JSON object"},
    kHelpOption,
    kVersionOption,
};

std::string_view explain_token(int status) {
  switch (status) {
    case 403:
      return "the reidentification-token is another Data User's";
    case 404:
      return "there is no such reidentification-token";
    case 409:
      return "the reidentification-token has been used: it is good for one record";
    case 422:
      return "the reidentification-token is not confirmed yet, or older than an hour";
    default:
      return {};
  }
}

std::string describe(const CreatedRecord& created, bool for_programs) {
  const std::string_view key = created.key.reveal();
  if (for_programs) {
    return "{\"ak\":" + json_string(key, Keys::shown) +
           ",\"location\":" + json_string(created.location, Keys::shown) +
           ",\"expires\":" + json_string(created.expires) +
           ",\"txn\":" + json_string(created.transaction_id) + "}\n";
  }
  return fact("access key", key, Keys::shown) + fact("location", created.location, Keys::shown) +
         fact("expires", created.expires) + fact("transaction", created.transaction_id);
}

// The request has reached the register, or something before it, and there is no answer that tells
// what became of it.
bool may_have_been_done(const Reply& reply) {
  if (!reply.authorized) return false;
  return reply.http.status == 0 ? reply.http.sent
                                : reply.http.status < 400 || reply.http.status >= 500;
}

// Who sends it again without looking may have two.
void advise_to_look(std::string_view certainty) {
  complain(Error("the record " + std::string(certainty) +
                 " registered: look with `akgate register list` before you send it again"));
}

ExitCode create(const Options& options) {
  if (options.operands().size() != 1) {
    return complain(Error("name one file with the record, or - for the standard input"));
  }
  Result<Draft> draft = read_draft(options.operands().front(), DraftPurpose::create);
  if (!draft) return complain(draft.error());
  const auto connection = RegisterConnection::open_with_account(options);
  if (!connection) return complain(connection.error());
  const bool by_token = draft->by_token;
  Reply reply = (*connection)->ask_with_token(create_request(std::move(draft->text)));
  if (!reply.authorized || reply.http.status != 201) {
    const std::string by_role = only_for_data_users(reply.claims);
    const ExitCode exit = refuse(
        reply,
        [&](int status) -> std::string_view {
          if (status == 403 && !by_role.empty()) return by_role;
          return by_token ? explain_token(status) : std::string_view();
        },
        options.has("json"));
    if (may_have_been_done(reply)) advise_to_look("may be");
    return exit;
  }
  const CreatedRecord created = read_created(reply.http);
  wipe(reply.http.body.data(), reply.http.body.size());
  const Status printed = created.key.empty()
                             ? Status(Error("the register's answer names no access key"))
                             : print(describe(created, options.has("json")));
  if (printed) return ExitCode::done;
  complain(printed.error());
  advise_to_look("is");
  return ExitCode::error;
}

struct Replacement {
  AccessKey key;
  std::string_view file;
};

// AK FILE, or FILE alone, the key being in the environment.
Result<Replacement> take_replacement(std::span<const std::string_view> operands) {
  if (operands.empty() || operands.size() > 2 || AccessKey::parse(operands.back())) {
    return Error("name the access key, and then one file with the record that replaces it");
  }
  if (operands.size() == 2 && operands[0] == "-" && operands[1] == "-") {
    return Error("the access key and the record cannot both come from the standard input");
  }
  const Result<AccessKey> key = take_proper_access_key(operands.first(operands.size() - 1));
  if (!key) return key.error();
  return Replacement{.key = *key, .file = operands.back()};
}

ExitCode replace(const Options& options) {
  const Result<Replacement> given = take_replacement(options.operands());
  if (!given) return complain(given.error());
  Result<Draft> draft = read_draft(given->file, DraftPurpose::replace);
  if (!draft) return complain(draft.error());
  const auto connection = RegisterConnection::open_with_account(options);
  if (!connection) return complain(connection.error());
  const Reply reply =
      (*connection)->ask_with_token(replace_request(given->key, std::move(draft->text)));
  return conclude_change(reply, options,
                         {.done = "the record is replaced",
                          .not_found = "our account has no such record",
                          .conflict = "only an ACTIVE record can be replaced; register a new one"});
}

}  // namespace

constinit const Command kRegisterCreateCommand{
    .name = "register create",
    .operands = "FILE|-",
    .summary = "register a new access record",
    .details =
        "FILE holds the record as JSON. It is checked against every rule of the register first;\n"
        "all faults are told at once, and then nothing is sent. Prints the new access key. Ends\n"
        "with 0 where the record is registered, 1 where the register refuses it, 2 where the\n"
        "record has faults or the register cannot be asked.\n",
    .options = kOptions,
    .run = create,
};

constinit const Command kRegisterReplaceCommand{
    .name = "register replace",
    .operands = "[AK|-] FILE|-",
    .summary = "replace an active access record: renew it, or narrow it",
    .details =
        "AK is the access key; `-` reads it from the standard input, and without AK it is taken\n"
        "from AKGATE_ACCESS_KEY in the environment. FILE holds the whole record as JSON, and is\n"
        "checked first. Ends with 0 where it is replaced, 1 where the register refuses that, 2\n"
        "where the record has faults or the register cannot be asked.\n",
    .options = kOptions,
    .run = replace,
};

}  // namespace akgate
