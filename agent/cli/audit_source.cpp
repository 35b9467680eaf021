// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_source.hpp"

#include <utility>

#include "cache/keys.hpp"
#include "cli/ask_agent.hpp"
#include "config/config.hpp"
#include "config/duration.hpp"
#include "platform/clock.hpp"
#include "record/json.hpp"

namespace akgate {

namespace {

constexpr std::chrono::milliseconds kPatience(5'000);

Result<Timestamp> take_since(const Options& options, Timestamp now) {
  const auto since = options.value(kSinceOption.name);
  if (!since) return Timestamp::min();
  if (const auto at = parse_timestamp(*since)) return *at;
  if (const auto ago = parse_duration(*since)) return now - *ago;
  return Error(
      "--since must be a time such as 2026-11-22T06:00:00Z, or a duration such as 30m or 8h");
}

Result<AuditSource> find_audit_trail(const Options& options) {
  const std::string file(options.value("config").value_or(kDefaultConfigFile));
  const Result<Config> config = read_config(file, Credentials::where_there);
  if (!config) return config.error();
  Result<DeviceKeys> keys = DeviceKeys::load(config->cache.device_key_file);
  if (!keys) return std::move(keys).error().within("the audit trail needs the device key");
  return AuditSource{.directory = config->audit.directory,
                     .sync = config->audit.sync,
                     .keys = AuditKeys::derive(keys->audit()),
                     .control_socket = std::string(
                         options.value("control-socket").value_or(config->control.socket))};
}

}  // namespace

Result<OpenedTrail> open_audit_trail(const Options& options) {
  if (!options.operands().empty()) return Error("audit takes no operand");
  Result<Timestamp> since = take_since(options, SystemClock().read().wall);
  if (!since) return std::move(since).error();
  Result<AuditSource> source = find_audit_trail(options);
  if (!source) return std::move(source).error();
  return OpenedTrail{.source = *std::move(source), .since = *since};
}

std::optional<AuditHead> ask_for_head(const std::string& control_socket) {
  const Result<std::string> line =
      ask_for_line(control_socket, Secret::copy_of("STATUS\n"), kPatience);
  if (!line) return std::nullopt;
  const Result<JsonDocument> status = JsonDocument::parse(*line);
  if (!status) return std::nullopt;
  return AuditHead::parse(status->root()["audit"]["head"].string().value_or(""));
}

}  // namespace akgate
