// SPDX-License-Identifier: Apache-2.0
#include "daemon/settings.hpp"

#include <algorithm>
#include <array>

#include "platform/accounts.hpp"
#include "platform/crypto.hpp"

namespace akgate {

namespace {

Demand demand(Config::Check check) {
  switch (check) {
    case Config::Check::off:
      return Demand::off;
    case Config::Check::when_given:
      return Demand::when_given;
    case Config::Check::required:
      break;
  }
  return Demand::required;
}

}  // namespace

Policy make_policy(const Config& config) {
  return {.require_data_type = config.policy.require_data_type,
          .controllers = config.policy.controllers,
          .legal_bases = config.policy.legal_bases,
          .explicit_consent_data_types = config.policy.explicit_consent_data_types,
          .mpxn = demand(config.policy.mpxn),
          .data_user = demand(config.policy.data_user),
          .has_account = !config.register_.account_id.empty(),
          .freshness = {.fresh_for = config.freshness.fresh_for,
                        .grace = config.freshness.grace,
                        .grace_by_legal_basis = config.freshness.grace_by_legal_basis,
                        .not_found_for = config.freshness.not_found_for,
                        .denied_for = config.freshness.denied_for}};
}

Desk::Settings make_desk_settings(const Config& config) {
  Desk::Settings settings;
  settings.policy = make_policy(config);
  settings.check_timeout = config.gate.check_timeout;
  settings.max_requests_per_second = config.register_.max_requests_per_second;
  settings.max_in_flight = config.register_.max_in_flight;
  settings.keep_warm = config.freshness.keep_warm;
  settings.max_waiters = config.gate.max_waiting;
  settings.max_watches = config.gate.max_watches;
  // Record and meter point of each; one question needs up to three facts at a time.
  constexpr std::size_t kFewest = 16;
  const std::size_t all = std::max(std::size_t{2} * config.cache.max_records, kFewest);
  settings.rooms.active = all;
  settings.rooms.at_hand = config.cache.max_in_memory.value_or(all);
  std::array<std::uint8_t, sizeof settings.seed> seed{};
  fill_random(seed);
  for (const std::uint8_t byte : seed) settings.seed = settings.seed << 8U | byte;
  return settings;
}

RegisterSettings make_register_settings(const Config& config) {
  return {.url = config.register_.url,
          .ca_file = config.register_.ca_file,
          .client_cert_file = config.register_.client_cert_file,
          .client_key_file = config.register_.client_key_file,
          .connect_timeout = config.register_.connect_timeout,
          .timeout = config.register_.timeout,
          .max_in_flight = config.register_.max_in_flight};
}

TrustedTime::Settings make_time_settings(const Config& config) {
  return {.rtc = config.time.rtc, .unvouched_boot_costs = config.time.unvouched_boot_costs};
}

Log make_log(const Config& config) {
  return {config.log.level, config.log.format.value_or(detect_log_format())};
}

GateSettings make_gate_settings(const Config& config) {
  return {
      .check_timeout = config.gate.check_timeout,
      .demands = {.mpxn = demand(config.policy.mpxn), .data_user = demand(config.policy.data_user)},
      .session = {.max_pending = config.gate.max_pending,
                  .max_queued_bytes = config.gate.max_queued_bytes},
      .answers_at_hand = config.gate.answers_at_hand};
}

Result<ServerSettings> make_gate_server_settings(const Config& config, const Log& log) {
  const std::optional<std::uint32_t> group = find_group(config.gate.group);
  if (!group && config.gate.group_was_set) {
    return Error("gate.group: there is no group \"" + config.gate.group + "\"; make it (groupadd " +
                 config.gate.group + ") or name another");
  }
  if (!group) {
    log.warning(
        "there is no group \"" + config.gate.group +
        "\"; the gate socket keeps this process's group (make the group, or set gate.group)");
  }
  return ServerSettings{.socket_path = config.gate.socket,
                        .mode = config.gate.mode,
                        .group = group,
                        .peers = {.uids = config.gate.allow_uids,
                                  .gids = config.gate.allow_gids,
                                  .refusal = "your user may not ask here; gate.allow-uids and "
                                             "gate.allow-gids of the agent say who may"},
                        .max_connections = config.gate.max_connections,
                        .max_connections_per_uid = config.gate.max_connections_per_uid,
                        .drain_time = config.gate.check_timeout};
}

ServerSettings make_control_server_settings(const Config& config) {
  constexpr std::size_t kMaxConnections = 16;
  return {.socket_path = config.control.socket,
          .mode = config.control.mode,
          .group = std::nullopt,
          .peers = {.uids = {own_user(), 0},
                    .gids = {},
                    .refusal = "only the user that akgated runs as, and root, give orders here"},
          .max_connections = kMaxConnections,
          .max_connections_per_uid = std::nullopt,
          .drain_time = config.gate.check_timeout};
}

ServerSettings make_http_server_settings(const Config& config, const ServerSettings& gate) {
  constexpr std::string_view kUnix = "unix:";
  constexpr std::uint32_t kMode = 0660;
  ServerSettings settings = gate;
  settings.mode = kMode;
  const std::string_view where = config.http.listen;
  settings.socket_path = where.starts_with(kUnix) ? where.substr(kUnix.size()) : "";
  settings.tcp_address = where.starts_with(kUnix) ? "" : where;
  return settings;
}

HttpSettings make_http_settings(const Config& config) {
  return {.required_headers = config.http.required_headers};
}

AuditTrail::Settings make_audit_settings(const Config& config) {
  return {.directory = config.audit.directory,
          .max_bytes = config.audit.max_bytes,
          .sync = config.audit.sync};
}

}  // namespace akgate
