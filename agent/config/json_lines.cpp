// SPDX-License-Identifier: Apache-2.0
#include "config/json_lines.hpp"

#include <algorithm>

namespace akgate {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// The end (behind the closing quote) of the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

std::size_t skip_blanks(std::string_view json, std::size_t at) {
  return std::min(json.find_first_not_of(kBlanks, at), json.size());
}

// Where the element or member that begins at `at` ends: at the comma or bracket behind it.
std::size_t end_of_entry(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = end_of_string(json, at);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) break;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
  }
  return at;
}

// From where an object or array begins, or a member whose value is one, to its entry of that
// position.
std::size_t step_into(std::string_view json, std::size_t at, std::size_t position) {
  if (at < json.size() && json[at] == '"') {  // A member: its value stands behind name and colon.
    at = skip_blanks(json, end_of_string(json, at));
    at = skip_blanks(json, at + 1);
  }
  at = skip_blanks(json, at + 1);
  for (; position > 0; --position) at = skip_blanks(json, end_of_entry(json, at) + 1);
  return at;
}

}  // namespace

std::string blank_comments(std::string_view text) {
  std::string blanked(text);
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      at = end_of_string(text, at);
    } else if (text.substr(at).starts_with("//")) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      std::fill(blanked.begin() + static_cast<std::ptrdiff_t>(at),
                blanked.begin() + static_cast<std::ptrdiff_t>(end), ' ');
      at = end;
    } else {
      ++at;
    }
  }
  return blanked;
}

std::size_t line_of(std::string_view json, std::span<const std::size_t> path) {
  std::size_t at = skip_blanks(json, 0);
  for (const std::size_t position : path) {
    const std::size_t next = step_into(json, at, position);
    if (next >= json.size()) break;
    at = next;
  }
  const std::string_view before = json.substr(0, at);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace akgate
