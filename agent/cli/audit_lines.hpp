// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "audit/entry.hpp"

namespace akgate {

/// An entry of the audit trail as a line for a person, with its end: time, what happened, and
/// name=value for the rest.
[[nodiscard]] std::string audit_line(const AuditEntry& entry);

/// The same as one JSON object, without line end. Names are those of the gate's reply where it has
/// them.
[[nodiscard]] std::string audit_json(const AuditEntry& entry);

}  // namespace akgate
