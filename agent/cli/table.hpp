// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace akgate {

struct Column {
  std::string_view title;
  bool may_be_cut = true;
};

/// A table for a person: titles, then a line a row. Where it would be wider than `width`
/// characters, the widest columns give way first, and what does not fit them ends in `…`; columns
/// that must not be cut may make it wider still. Cells are UTF-8, and of as many as there are
/// columns.
[[nodiscard]] std::string format_table(std::span<const Column> columns,
                                       const std::vector<std::vector<std::string>>& rows,
                                       std::size_t width);

/// How wide a table may be: COLUMNS, else the terminal that is the standard output, else 100.
[[nodiscard]] std::size_t table_width();

}  // namespace akgate
