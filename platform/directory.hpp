// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace akgate {

/// The names in a directory, sorted, without `.` and `..`.
[[nodiscard]] Result<std::vector<std::string>> list_directory(const std::string& path);

/// Removes a directory and the files in it. It goes no deeper: an error, with some files gone,
/// where another directory lies within.
[[nodiscard]] Status remove_directory(const std::string& path);

}  // namespace akgate
