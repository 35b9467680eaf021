// SPDX-License-Identifier: Apache-2.0
//
// `akgate cache list` and `akgate cache verify`: all that the agent keeps.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cli/audit_output.hpp"
#include "cli/cache.hpp"
#include "cli/cached_record.hpp"
#include "cli/console.hpp"
#include "cli/control_address.hpp"
#include "cli/order.hpp"
#include "cli/spell.hpp"
#include "cli/table.hpp"

namespace akgate {

namespace {

constexpr std::array kListOptions = {
    Option{.name = "json", .value = "", .help = "print one JSON array"}, kControlSocketOption,
    kAgentConfigOption, kHelpOption, kVersionOption};

constexpr std::array kColumns = {
    Column{.title = "RECORD", .may_be_cut = false}, Column{.title = "STATE", .may_be_cut = false},
    Column{.title = "CONFIRMED", .may_be_cut = false},
    Column{.title = "EXPIRES", .may_be_cut = false}, Column{.title = "LEGAL BASIS"}};

Result<std::string> find_socket(const Options& options) {
  if (!options.operands().empty()) return Error("this command takes no operand");
  Result<ControlAddress> control = find_control(options);
  if (!control) return std::move(control).error();
  return std::move(control->socket);
}

std::vector<std::string> row_of(const CachedRecord& record) {
  const bool blocked = record.field("blocked") == "yes";
  std::vector<std::string> row = {std::string(record.field("fingerprint")),
                                  std::string(record.field("state")) + (blocked ? ", blocked" : ""),
                                  spell_age(record), std::string(record.field("expires")),
                                  std::string(record.field("legal-basis"))};
  for (std::string& cell : row) cell = presentable(cell);
  return row;
}

// As they come: there may be a hundred thousand.
ExitCode list_for_programs(const std::string& socket) {
  PieceOutput output;
  std::string_view before = "[\n";
  const Status walked = walk_cache(socket, [&](const CachedRecord& record) {
    output.add(std::string(std::exchange(before, ",\n")) + to_json(record));
  });
  // Cut off without the end, it is no JSON that anybody could take for the whole.
  if (walked) output.add(before == "[\n" ? "[]\n" : "\n]\n");
  const Status written = output.finish();
  if (!walked) return complain(walked.error());
  return written ? ExitCode::done : complain(written.error());
}

ExitCode list(const Options& options) {
  const Result<std::string> socket = find_socket(options);
  if (!socket) return complain(socket.error());
  if (options.has("json")) return list_for_programs(*socket);
  std::vector<std::vector<std::string>> rows;
  const Status walked =
      walk_cache(*socket, [&rows](const CachedRecord& record) { rows.push_back(row_of(record)); });
  if (!walked) return complain(walked.error());
  const Status printed = print(rows.empty() ? "The agent has no record on its disk.\n"
                                            : format_table(kColumns, rows, table_width()));
  return printed ? ExitCode::done : complain(printed.error());
}

std::string spell(std::size_t records, const std::vector<std::string>& damaged) {
  if (damaged.empty()) return spell_count(records, "record") + ", and none is damaged.\n";
  std::string text = std::to_string(damaged.size()) + " of " + spell_count(records, "record") +
                     (damaged.size() == 1 ? " is damaged:\n" : " are damaged:\n");
  for (const std::string& fingerprint : damaged) text += "  " + presentable(fingerprint) + "\n";
  return text +
         "They allow nothing. The agent asks the register again about such a key when it is needed "
         "next; while the register is silent, the key is denied.\n"
         "What to do: `akgate prefetch` the keys of this device, or `akgate cache forget --all` to "
         "begin anew. Where it comes again, the device's storage is failing.\n";
}

std::string to_json(std::size_t records, const std::vector<std::string>& damaged) {
  std::string fingerprints;
  for (const std::string& fingerprint : damaged) {
    fingerprints += (fingerprints.empty() ? "" : ",") + json_string(fingerprint);
  }
  return R"({"records":)" + std::to_string(records) + R"(,"damaged":[)" + fingerprints + "]}\n";
}

ExitCode verify(const Options& options) {
  const Result<std::string> socket = find_socket(options);
  if (!socket) return complain(socket.error());
  std::size_t records = 0;
  std::vector<std::string> damaged;
  const Status walked = walk_cache(*socket, [&](const CachedRecord& record) {
    ++records;
    if (record.damaged()) damaged.emplace_back(record.field("fingerprint"));
  });
  if (!walked) return complain(walked.error());
  const Status printed =
      print(options.has("json") ? to_json(records, damaged) : spell(records, damaged));
  if (!printed) return complain(printed.error());
  return damaged.empty() ? ExitCode::done : ExitCode::finding;
}

}  // namespace

constinit const Command kCacheListCommand{
    .name = "cache list",
    .operands = "",
    .summary = "list the records that the agent has on its disk",
    .details =
        "Keys are named by their fingerprint (fp_), as in the agent's log and audit trail. Ends\n"
        "with 0, or with 2 where the agent cannot be asked.\n",
    .options = kListOptions,
    .run = list,
};

constinit const Command kCacheVerifyCommand{
    .name = "cache verify",
    .operands = "",
    .summary = "tell whether the agent can read all that it has on its disk",
    .details =
        "Has the agent open each record. Ends with 0 where none is damaged, 1 where some are, 2\n"
        "where the agent cannot be asked.\n",
    .options = kOrderOptions,
    .run = verify,
};

}  // namespace akgate
