// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "audit/chain.hpp"
#include "base/result.hpp"

namespace akgate {

/// How far the trail has been exported: `<directory>/export-cursor`, one line of text. Nothing
/// where none was yet.
[[nodiscard]] Result<std::optional<AuditHead>> read_export_cursor(const std::string& directory);

/// Durable when it returns.
[[nodiscard]] Status write_export_cursor(const std::string& directory, const AuditHead& head);

}  // namespace akgate
