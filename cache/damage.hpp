// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// Renames `<directory>/cache` to `cache.damaged-<UTC time>`, for whoever wants to look into it,
/// and removes all earlier ones but the newest: what is set aside has a bound too (I12). Gives the
/// new name.
[[nodiscard]] Result<std::string> set_cache_aside(const std::string& directory, Timestamp now);

/// Removes all that was set aside, to make room on a full disk.
void remove_caches_set_aside(const std::string& directory);

}  // namespace akgate
