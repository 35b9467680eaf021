// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// As lock_file() of file.hpp, but somebody else's holding the lock is no error: nothing then.
[[nodiscard]] Result<std::optional<Fd>> try_lock_file(const std::string& path);

}  // namespace akgate
