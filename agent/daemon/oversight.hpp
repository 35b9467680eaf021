// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "audit/audit_keys.hpp"
#include "audit/audit_trail.hpp"
#include "cache/keys.hpp"
#include "daemon/recorder.hpp"
#include "gate/overseer.hpp"
#include "platform/clock.hpp"
#include "refresh/controls.hpp"
#include "time/trusted_time.hpp"

namespace akgate {

/// What the control socket is told of the agent as a whole, and what it has done to it: looks at
/// all the parts, and notes in the trail what the operator does (I13). On the desk's loop.
class Oversight final : public Overseer {
 public:
  /// All of it outlives this.
  struct Parts {
    Controls& controls;
    const Recorder& recorder;
    AuditTrail& trail;
    const AuditKeys& audit_keys;
    const DeviceKeys& keys;
    TrustedTime& time;
    const Clock& clock;
    std::function<std::string_view()> token;
    std::function<std::size_t()> connections;
    /// Gives what to tell the operator, and what to note in the trail.
    std::function<Result<std::string>()> reload;
    std::function<std::string()> config_digest;
    std::function<bool()> audit_required;
  };

  /// The agent's uptime counts from here.
  explicit Oversight(Parts parts) : parts_(std::move(parts)), started_(parts_.clock.read().boot) {}

  [[nodiscard]] Overview overview() override;
  [[nodiscard]] Result<std::string> reload(Uid by) override;
  void note(const Act& act) override;

  /// The agent starts, or ends.
  void note_start();
  void note_stop();

 private:
  [[nodiscard]] AuditEntry entry(AuditKind kind, Uid by);
  [[nodiscard]] std::vector<std::string> faults_in(const Overview& overview) const;

  const Parts parts_;
  const BootTime started_;
};

}  // namespace akgate
