// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/audit_keys.hpp"
#include "audit/entry.hpp"

namespace akgate {

/// How far the chain of one room has come: its last entry, and the seal of the block that holds it.
struct ChainEnd {
  std::uint64_t sequence = 0;  ///< 0: nothing was ever written.
  AuditMac seal{};
  [[nodiscard]] bool operator==(const ChainEnd&) const = default;
};

/// The head of the trail, which stands in the cache too: of what is durable by then, nothing can be
/// cut off the end unseen.
struct AuditHead {
  ChainEnd allows;
  ChainEnd denials;

  [[nodiscard]] const ChainEnd& of(AuditRoom room) const {
    return room == AuditRoom::allows ? allows : denials;
  }
  [[nodiscard]] ChainEnd& of(AuditRoom room) {
    return room == AuditRoom::allows ? allows : denials;
  }
  [[nodiscard]] bool operator==(const AuditHead&) const = default;

  /// `1234:<32 hex digits>,77:<32 hex digits>`, allows first; and back.
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] static std::optional<AuditHead> parse(std::string_view text);
};

}  // namespace akgate
