// SPDX-License-Identifier: Apache-2.0
//
// `akgate audit show`.

#include <array>
#include <string>
#include <utility>

#include "audit/whole_trail.hpp"
#include "cli/audit.hpp"
#include "cli/audit_lines.hpp"
#include "cli/audit_output.hpp"
#include "cli/audit_source.hpp"
#include "cli/console.hpp"

namespace akgate {

namespace {

constexpr std::array kOptions = {
    kSinceOption, kAuditConfigOption,
    Option{.name = "json", .value = "", .help = "print one JSON array"}, kHelpOption,
    kVersionOption};

ExitCode show(const Options& options) {
  const Result<OpenedTrail> opened = open_audit_trail(options);
  if (!opened) return complain(opened.error());
  Result<WholeTrail> trail =
      WholeTrail::open(opened->source.directory, opened->source.keys, std::nullopt);
  if (!trail) return complain(trail.error());
  const bool for_programs = options.has("json");
  PieceOutput output;
  std::string_view before = "[\n";
  while (auto entry = trail->next()) {
    if (output.failed()) break;
    if (entry->last < opened->since) continue;
    output.add(for_programs ? std::string(std::exchange(before, ",\n")) + audit_json(*entry)
                            : audit_line(*entry));
  }
  if (for_programs) output.add(before == "[\n" ? "[]\n" : "\n]\n");
  return conclude(output.finish(), trail->finding());
}

}  // namespace

constinit const Command kAuditShowCommand{
    .name = "audit show",
    .operands = "",
    .summary = "print the trail of decisions, oldest first",
    .details =
        "A line an entry: time, ALLOW or DENY or what happened, and name=value for the rest.\n"
        "Records are named by fingerprint (fp_), meter points by keyed hash (mp_). Ends with 0,\n"
        "1 where the trail was altered, 2 where it cannot be read.\n",
    .options = kOptions,
    .run = show,
};

}  // namespace akgate
