// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "audit/entry.hpp"
#include "platform/crypto.hpp"

namespace akgate {

/// What chains the trail: HMAC-SHA256, cut to 16 bytes.
using AuditMac = std::array<std::uint8_t, 16>;

/// The keys of the audit trail. Copies may go to other threads.
class AuditKeys {
 public:
  /// From the device's subkey for the trail (DeviceKeys::audit()).
  [[nodiscard]] static AuditKeys derive(const Key256& audit_key);

  /// Of all that is authenticated the first byte says what it is: no two kinds are ever the same.
  [[nodiscard]] AuditMac mac(std::string_view message) const;
  [[nodiscard]] MeterPointHash meter_point(std::string_view mpxn) const;

 private:
  AuditKeys(const Key256& chain, const Key256& names) : chain_(chain), names_(names) {}
  Key256 chain_;
  Key256 names_;
};

}  // namespace akgate
