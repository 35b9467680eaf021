// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit_trail.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "gate/http_front.hpp"
#include "gate/settings.hpp"
#include "platform/log.hpp"
#include "refresh/desk.hpp"
#include "register/transport.hpp"
#include "time/trusted_time.hpp"
#include "verdict/policy.hpp"

namespace akgate {

// The one place where the configuration becomes what the parts work by.

[[nodiscard]] Policy make_policy(const Config& config);
[[nodiscard]] Desk::Settings make_desk_settings(const Config& config);
[[nodiscard]] RegisterSettings make_register_settings(const Config& config);
[[nodiscard]] TrustedTime::Settings make_time_settings(const Config& config);
[[nodiscard]] Log make_log(const Config& config);

[[nodiscard]] GateSettings make_gate_settings(const Config& config);
/// An error where the configuration names a group that does not exist. Where only the default one
/// is missing, a warning.
[[nodiscard]] Result<ServerSettings> make_gate_server_settings(const Config& config,
                                                               const Log& log);
[[nodiscard]] ServerSettings make_control_server_settings(const Config& config);
/// For the same users as the gate's, of which it takes the rest. Only where `http.listen` is set.
[[nodiscard]] ServerSettings make_http_server_settings(const Config& config,
                                                       const ServerSettings& gate);
[[nodiscard]] HttpSettings make_http_settings(const Config& config);

[[nodiscard]] AuditTrail::Settings make_audit_settings(const Config& config);

}  // namespace akgate
