// SPDX-License-Identifier: Apache-2.0
#include "audit/entry.hpp"

#include "base/text.hpp"

namespace akgate {

namespace {

// In the order of the enumerators, which begin with 1.
constexpr auto kKinds =
    std::to_array<std::string_view>({"allow", "deny", "bind", "unbind", "block", "unblock",
                                     "forget", "reload", "start", "stop", "lost", "cut", "broken"});
static_assert(kKinds.size() == static_cast<std::size_t>(AuditKind::broken));

}  // namespace

std::string_view to_string(AuditKind kind) { return kKinds[static_cast<std::size_t>(kind) - 1]; }

std::string_view to_string(AuditRoom room) {
  return room == AuditRoom::allows ? "allows" : "denials";
}

AuditRoom room_of(AuditKind kind) {
  return kind == AuditKind::deny ? AuditRoom::denials : AuditRoom::allows;
}

std::string spell(const Fingerprint& fingerprint) { return "fp_" + to_hex(fingerprint); }

std::string spell(const MeterPointHash& meter_point) { return "mp_" + to_hex(meter_point); }

bool is_of_unknown_key(const Verdict& verdict) {
  if (verdict.allows() || verdict.reason == Reason::blocked) return false;
  return verdict.reason == Reason::malformed_key || verdict.reason == Reason::not_found ||
         !verdict.age;
}

}  // namespace akgate
