// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace akgate {

/// Reads what a person hands to a command: the file of that name, or the standard input for `-`.
/// More than `at_most` bytes is an error. The error names the file.
[[nodiscard]] Result<std::string> read_input(std::string_view name, std::size_t at_most);

/// What to call it in a message.
[[nodiscard]] std::string input_name(std::string_view name);

}  // namespace akgate
