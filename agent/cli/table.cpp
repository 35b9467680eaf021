// SPDX-License-Identifier: Apache-2.0
#include "cli/table.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/text.hpp"
#include "platform/process.hpp"

namespace akgate {

namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kEllipsis = "…";
constexpr std::size_t kLeastWidth = 5;  // Of a column that is cut.
constexpr std::size_t kUnknownWidth = 100;
constexpr std::size_t kWidest = 1000;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// The text in exactly `width` characters.
std::string fit(std::string_view text, std::size_t width) {
  const std::size_t length = length_of(text);
  if (length <= width) return std::string(text) + std::string(width - length, ' ');
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++end) {
    if (begins_character(text[end]) && characters++ == width - 1) break;
  }
  return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

std::vector<std::size_t> widths_of(std::span<const Column> columns,
                                   const std::vector<std::vector<std::string>>& rows,
                                   std::size_t width) {
  std::vector<std::size_t> widths;
  for (const Column& column : columns) {
    std::size_t widest = length_of(column.title);
    for (const auto& row : rows) widest = std::max(widest, length_of(row[widths.size()]));
    widths.push_back(widest);
  }
  const std::size_t gaps = kGap.size() * (columns.size() - 1);
  while (std::accumulate(widths.begin(), widths.end(), gaps) > width) {
    std::optional<std::size_t> widest;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool may_give = columns[i].may_be_cut && widths[i] > kLeastWidth;
      if (may_give && (!widest || widths[i] > widths[*widest])) widest = i;
    }
    if (!widest) break;
    --widths[*widest];
  }
  return widths;
}

template <typename Cells>
std::string line_of(const Cells& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    line.append(i == 0 ? "" : kGap).append(fit(cells[i], widths[i]));
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace

std::string format_table(std::span<const Column> columns,
                         const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  const std::vector<std::size_t> widths = widths_of(columns, rows, width);
  std::vector<std::string_view> titles;
  for (const Column& column : columns) titles.push_back(column.title);
  std::string table = line_of(titles, widths);
  for (const auto& row : rows) table += line_of(row, widths);
  return table;
}

std::size_t table_width() {
  if (const auto columns = parse_number(environment("COLUMNS").value_or(""));
      columns && *columns > 0) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(*columns, kWidest));
  }
  constexpr int kStdout = 1;
  return std::min(terminal_width(kStdout).value_or(kUnknownWidth), kWidest);
}

}  // namespace akgate
