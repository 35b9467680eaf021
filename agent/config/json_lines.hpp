// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace akgate {

/// The text with its `//` comments, those outside of strings, replaced by spaces: what is left
/// keeps its line.
[[nodiscard]] std::string blank_comments(std::string_view text);

/// The line (from 1) of a value in a JSON document, which the parser does not keep. `path` leads
/// there from the root: the first number is the position (from 0) of a member or element in the
/// root, the next one its position in that, and so on; empty is the root. A member's line is that
/// of its name. `json` must have parsed; where it does not hold the path, the line is that of the
/// last step which it holds.
[[nodiscard]] std::size_t line_of(std::string_view json, std::span<const std::size_t> path);

}  // namespace akgate
