// SPDX-License-Identifier: Apache-2.0
#include "daemon/oversight.hpp"

#include <utility>

#include "platform/accounts.hpp"
#include "platform/process.hpp"

namespace akgate {

namespace {

using std::chrono::seconds;

AuditKind kind_of(Act::Kind kind) {
  switch (kind) {
    case Act::Kind::bind:
      return AuditKind::bind;
    case Act::Kind::unbind:
      return AuditKind::unbind;
    case Act::Kind::block:
      return AuditKind::block;
    case Act::Kind::unblock:
      return AuditKind::unblock;
    case Act::Kind::forget:
      break;
  }
  return AuditKind::forget;
}

}  // namespace

Overview Oversight::overview() {
  const ClockReading reading = parts_.clock.read();
  const TrustedNow now = parts_.time.now(reading);
  Overview overview{.uptime = std::chrono::floor<seconds>(reading.boot - started_),
                    .register_ = parts_.controls.register_standing(),
                    .records = parts_.controls.census(),
                    .answers = parts_.recorder.tally(),
                    .token = parts_.token(),
                    .clock_trusted = now.trusted,
                    .clock_offset = std::chrono::round<seconds>(now.now - reading.wall),
                    .connections = parts_.connections(),
                    .audit = {.head = parts_.trail.head().to_text(),
                              .losses = parts_.trail.losses(),
                              .bytes_written = parts_.trail.bytes_written(),
                              .trouble = parts_.trail.trouble()},
                    .device_bytes_written = device_bytes_written(),
                    .faults = {}};
  overview.faults = faults_in(overview);
  return overview;
}

std::vector<std::string> Oversight::faults_in(const Overview& overview) const {
  std::vector<std::string> faults;
  if (overview.register_.disk_fails) {
    faults.emplace_back(
        "the cache cannot be written, so nothing is answered from grace; see the agent's log and "
        "the room on its disk");
  }
  if (!overview.register_.useless.empty()) {
    faults.push_back("the register answers, but nothing that can be used (" +
                     overview.register_.useless +
                     "), so keys are denied as soon as what is known of them is no longer fresh; "
                     "see what stands between (a gateway or portal), register.url, the account and "
                     "the client certificate");
  }
  if (overview.register_.owes_blocks) {
    faults.emplace_back(
        "what the operator has blocked is not on disk as it counts now, and would end with the "
        "agent; see to the room on its disk, it is being tried again");
  }
  if (!overview.audit.trouble.empty()) {
    const bool denies = parts_.audit_required() && !parts_.trail.can_record();
    faults.push_back("the trail of decisions cannot be written (" + overview.audit.trouble + "); " +
                     (denies ? "nothing is allowed" : "what is lost is counted"));
  }
  if (!parts_.trail.finding().empty()) {
    faults.push_back(
        "the trail of decisions was altered, or its end cut off, while the agent was "
        "down (" +
        parts_.trail.finding() + "); `akgate audit verify` tells more");
  }
  if (parts_.controls.has_lost_blocks()) {
    faults.emplace_back(
        "nobody knows any more what the operator has blocked, so everything is denied; to end "
        "that, remove blocked.1 and blocked.2 from cache.directory, restart akgated, and block "
        "again what must be blocked");
  }
  if (!overview.clock_trusted) {
    faults.emplace_back(
        "the time is not known, so nothing is allowed but what the register answers now; let the "
        "clock be set, or the register be reached");
  }
  return faults;
}

AuditEntry Oversight::entry(AuditKind kind, Uid by) {
  AuditEntry entry;
  entry.kind = kind;
  entry.at = parts_.time.now(parts_.clock.read()).now;
  entry.last = entry.at;
  entry.uid = by;
  return entry;
}

void Oversight::note(const Act& act) {
  AuditEntry done = entry(kind_of(act.kind), act.by);
  if (act.key) done.key = fingerprint_of(parts_.keys.index_of(*act.key));
  if (act.mpxn) done.meter_point = parts_.audit_keys.meter_point(act.mpxn->text());
  if (act.kind == Act::Kind::forget && !act.key) done.detail = "all";
  parts_.trail.note(done);
}

Result<std::string> Oversight::reload(Uid by) {
  Result<std::string> reloaded = parts_.reload();
  if (!reloaded) return reloaded;
  AuditEntry done = entry(AuditKind::reload, by);
  done.detail = parts_.config_digest();
  parts_.trail.note(done);
  return reloaded;
}

void Oversight::note_start() {
  AuditEntry start = entry(AuditKind::start, own_user());
  start.detail = AKGATE_VERSION " " + parts_.config_digest();
  parts_.trail.note(start);
}

void Oversight::note_stop() { parts_.trail.note(entry(AuditKind::stop, own_user())); }

}  // namespace akgate
