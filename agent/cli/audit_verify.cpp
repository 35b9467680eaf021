// SPDX-License-Identifier: Apache-2.0
//
// `akgate audit verify`.

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "audit/export_cursor.hpp"
#include "audit/whole_trail.hpp"
#include "cli/audit.hpp"
#include "cli/audit_source.hpp"
#include "cli/console.hpp"
#include "cli/control_address.hpp"
#include "cli/spell.hpp"
#include "config/duration.hpp"

namespace akgate {

namespace {

constexpr std::array kOptions = {
    kSinceOption,       kControlSocketOption,
    kAuditConfigOption, Option{.name = "json", .value = "", .help = "print one JSON object"},
    kHelpOption,        kVersionOption};

/// What verify found out.
struct Verified {
  std::uint64_t entries = 0;
  std::optional<Timestamp> from;
  Timestamp to{};
  std::string finding;  ///< A sentence; empty: all is as it was written.
  bool torn = false;
  bool head_known = false;  ///< By the running agent.
  bool exported = false;
};

Verified verify(WholeTrail& trail, Timestamp since) {
  Verified verified;
  while (const auto entry = trail.next()) {
    ++verified.entries;
    if (!verified.from) verified.from = entry->at;
    verified.to = std::max(verified.to, entry->last);
    if (entry->kind == AuditKind::broken && entry->at >= since && verified.finding.empty()) {
      verified.finding = "the agent found it altered or cut when it started: see entry " +
                         std::to_string(entry->sequence) + " of " +
                         std::string(to_string(entry->room)) + " (" + format_timestamp(entry->at) +
                         ", " + entry->detail + ")";
    }
  }
  if (const auto finding = trail.finding()) verified.finding = describe(*finding);
  verified.torn = trail.torn();
  return verified;
}

std::string spell(const Verified& verified, std::chrono::milliseconds sync) {
  std::string text = verified.finding.empty()
                         ? "The trail is as it was written: "
                         : "The trail is NOT as it was written: " + verified.finding + ".\n";
  if (verified.finding.empty()) {
    text += verified.from ? spell_count(verified.entries, "line") + " from " +
                                format_timestamp(*verified.from) + " to " +
                                format_timestamp(verified.to) + ".\n"
                          : std::string("it is empty.\n");
  }
  if (verified.torn) {
    text +=
        "What was written last is not whole: a power cut, or the agent is writing it now. At "
        "most " +
        format_duration(sync) + " (audit.sync) of it is lost.\n";
  }
  if (!verified.head_known) {
    text += "The agent could not be asked how far the trail had come: had its end been cut off";
    text += verified.exported ? " behind what was exported last, that would not show.\n"
                              : ", that would not show, as nothing was exported yet.\n";
  }
  return text;
}

std::string to_json(const Verified& verified) {
  const auto truth = [](bool value) { return value ? "true" : "false"; };
  std::string json = R"({"whole":)" + std::string(truth(verified.finding.empty())) +
                     R"(,"entries":)" + std::to_string(verified.entries) + R"(,"torn":)" +
                     truth(verified.torn) + R"(,"head-known":)" + truth(verified.head_known);
  if (verified.from) {
    json += R"(,"from":)" + json_string(format_timestamp(*verified.from)) + R"(,"to":)" +
            json_string(format_timestamp(verified.to));
  }
  if (!verified.finding.empty()) json += R"(,"finding":)" + json_string(verified.finding);
  return json + "}\n";
}

ExitCode verify(const Options& options) {
  const Result<OpenedTrail> opened = open_audit_trail(options);
  if (!opened) return complain(opened.error());
  const AuditSource& source = opened->source;
  // Before the trail is read, which may grow meanwhile.
  std::optional<AuditHead> head = ask_for_head(source.control_socket);
  const bool head_known = head.has_value();
  if (!head) {
    const Result<std::optional<AuditHead>> exported = read_export_cursor(source.directory);
    if (!exported) return complain(exported.error());
    head = *exported;
  }
  Result<WholeTrail> trail = WholeTrail::open(source.directory, source.keys, head);
  if (!trail) return complain(trail.error());
  Verified verified = verify(*trail, opened->since);
  verified.head_known = head_known;
  verified.exported = head.has_value();
  const Status printed =
      print(options.has("json") ? to_json(verified) : spell(verified, source.sync));
  if (!printed) return complain(printed.error());
  return verified.finding.empty() ? ExitCode::done : ExitCode::finding;
}

}  // namespace

constinit const Command kAuditVerifyCommand{
    .name = "audit verify",
    .operands = "",
    .summary = "tell whether anything in the trail was altered, removed or moved",
    .details =
        "Checks the whole chain, and names the first entry that is not as it was written. An\n"
        "end that a power cut left torn is told, and is none. With --since, older notes of the\n"
        "agent that it found the trail altered are passed over. Ends with 0 where all is as it\n"
        "was written, 1 where it is not, 2 where it cannot be read.\n",
    .options = kOptions,
    .run = verify,
};

}  // namespace akgate
