// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace akgate {

namespace {

// No name of ours is longer; what is longer resembles none, and costs nothing to refuse.
constexpr std::size_t kLongestWord = 64;

// Levenshtein's distance, one row of his table at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t k = 0; k < b.size(); ++k) {
      const std::size_t changed = diagonal + (a[i] == b[k] ? 0 : 1);
      diagonal = row[k + 1];
      row[k + 1] = std::min({changed, row[k] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> known) {
  if (word.size() > kLongestWord) return std::nullopt;
  std::size_t least = (word.size() + 1) / 3;
  std::optional<std::string_view> found;
  for (const std::string_view candidate : known) {
    const std::size_t changes = distance(word, candidate);
    if (changes > least || (changes == least && found)) continue;
    least = changes;
    found = candidate;
  }
  return found;
}

}  // namespace akgate
