// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "audit/audit_keys.hpp"
#include "audit/chain.hpp"
#include "base/options.hpp"
#include "base/result.hpp"
#include "record/timestamp.hpp"

namespace akgate {

inline constexpr Option kAuditConfigOption{
    .name = "config",
    .value = "FILE",
    .help = "the agent's configuration, which names the trail and the device key"};
inline constexpr Option kSinceOption{
    .name = "since", .value = "TIME", .help = "from TIME on (RFC 3339, or 30m, 8h ago)"};

/// Where the audit trail is, and what it takes to read it.
struct AuditSource {
  std::string directory;
  std::chrono::milliseconds sync;
  AuditKeys keys;
  std::string control_socket;
};

/// What each of the commands begins with.
struct OpenedTrail {
  AuditSource source;
  Timestamp since;  ///< The beginning of time where the option is not given.
};
/// From the options `since`, `config` and `control-socket`.
[[nodiscard]] Result<OpenedTrail> open_audit_trail(const Options& options);

/// How far the trail has come by the running agent's own word (`audit.head` of its STATUS). Nothing
/// where it cannot be asked.
[[nodiscard]] std::optional<AuditHead> ask_for_head(const std::string& control_socket);

}  // namespace akgate
