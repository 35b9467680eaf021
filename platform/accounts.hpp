// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace akgate {

/// The user's, or the group's, number; nothing where there is none of that name.
[[nodiscard]] std::optional<std::uint32_t> find_user(const std::string& name);
[[nodiscard]] std::optional<std::uint32_t> find_group(const std::string& name);

/// The user that this process acts as.
[[nodiscard]] std::uint32_t own_user();

}  // namespace akgate
