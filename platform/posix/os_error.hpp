// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace akgate {

/// What the last system call failed with, for a person: "<what> <path>: <why>; <remedy>". Call it
/// at once: it reads errno first.
[[nodiscard]] Error os_error(std::string_view what, std::string_view path);

/// The directory that holds what `path` names.
[[nodiscard]] std::string parent_directory(std::string_view path);

}  // namespace akgate
