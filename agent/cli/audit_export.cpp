// SPDX-License-Identifier: Apache-2.0
//
// `akgate audit export`.

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "audit/export_cursor.hpp"
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
    Option{.name = "json", .value = "", .help = "print JSON lines, as without it"}, kHelpOption,
    kVersionOption};

/// Picks what was not exported yet, and sees what was removed before it could be.
class NewEntries {
 public:
  explicit NewEntries(const AuditHead& exported) : exported_(exported), last_(exported) {}

  [[nodiscard]] bool take(const AuditEntry& entry) {
    std::uint64_t& last = last_.of(entry.room).sequence;
    if (entry.sequence <= last) return false;
    lost_ = lost_ || (exported_.of(entry.room).sequence > 0 && entry.sequence > last + 1);
    last = entry.sequence;
    return true;
  }
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  AuditHead exported_;
  AuditHead last_;
  bool lost_ = false;
};

ExitCode export_trail(const Options& options) {
  const Result<OpenedTrail> opened = open_audit_trail(options);
  if (!opened) return complain(opened.error());
  const AuditSource& source = opened->source;
  const bool remembers = !options.has(kSinceOption.name);
  Result<std::optional<AuditHead>> cursor = std::optional<AuditHead>();
  if (remembers) cursor = read_export_cursor(source.directory);
  if (!cursor) return complain(cursor.error());
  Result<WholeTrail> trail = WholeTrail::open(source.directory, source.keys, *cursor);
  if (!trail) return complain(trail.error());
  NewEntries fresh(cursor->value_or(AuditHead()));
  PieceOutput output;
  while (auto entry = trail->next()) {
    if (output.failed()) break;
    if (entry->last >= opened->since && fresh.take(*entry)) output.add(audit_json(*entry) + "\n");
  }
  Status written = output.finish();
  const AuditHead head = trail->head();
  const AuditHead exported = cursor->value_or(AuditHead());
  const bool goes_on = head.allows.sequence >= exported.allows.sequence &&
                       head.denials.sequence >= exported.denials.sequence;
  // Only what was printed counts as exported.
  if (written && remembers && goes_on) written = write_export_cursor(source.directory, head);
  const ExitCode exit = conclude(written, trail->finding());
  if (exit != ExitCode::done || !fresh.lost()) return exit;
  complain(
      Error("entries were rotated away before they were exported: export more often, or raise "
            "audit.max-bytes"));
  return ExitCode::finding;
}

}  // namespace

constinit const Command kAuditExportCommand{
    .name = "audit export",
    .operands = "",
    .summary = "print what was not exported yet, as JSON lines",
    .details =
        "Remembers how far it came (export-cursor beside the trail), and goes on there next\n"
        "time; with --since it neither reads nor moves that. What is printed twice after a\n"
        "failure has the same room and sequence. Ends with 0, 1 where the trail was altered or\n"
        "entries were rotated away before, 2 on an error.\n",
    .options = kOptions,
    .run = export_trail,
};

}  // namespace akgate
