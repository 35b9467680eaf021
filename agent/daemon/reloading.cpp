// SPDX-License-Identifier: Apache-2.0
#include "daemon/reloading.hpp"

namespace akgate {

std::string needs_restart(const Config& running, const Config& next) {
  // What counts at once does not matter here.
  Config late = next;
  late.register_.max_requests_per_second = running.register_.max_requests_per_second;
  late.register_.max_in_flight = running.register_.max_in_flight;
  late.gate.check_timeout = running.gate.check_timeout;
  late.gate.max_pending = running.gate.max_pending;
  late.gate.max_queued_bytes = running.gate.max_queued_bytes;
  late.gate.max_waiting = running.gate.max_waiting;
  late.audit.required = running.audit.required;

  std::string sections;
  const auto add = [&sections](bool differs, std::string_view section) {
    if (differs) sections.append(sections.empty() ? "" : ", ").append(section);
  };
  add(late.register_ != running.register_, "register");
  add(late.cache != running.cache, "cache");
  add(late.gate != running.gate, "gate");
  add(late.control != running.control, "control");
  add(late.http != running.http, "http");
  add(late.audit != running.audit, "audit");
  add(late.time != running.time, "time");
  add(late.log != running.log, "log");
  if (sections.empty()) return sections;
  return "what was changed in " + sections + " counts from the next start of akgated on";
}

}  // namespace akgate
