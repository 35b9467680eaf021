// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "cache/lmdb_format.hpp"

namespace akgate {

/// A node of a page: a key and what it leads to.
struct LmdbNode {
  std::string_view key;
  PageNumber child = kNoPage;  ///< Branch: the page below. Leaf, big value: its overflow page.
  bool is_big = false;
  bool is_tree = false;
  std::size_t value_size = 0;  ///< Leaf.
  std::string_view value;      ///< Leaf, unless big.
  std::size_t begin = 0;       ///< Where in the page the node lies, and
  std::size_t end = 0;         ///< ends, rounded up to an even number.
};

/// A branch or leaf of LMDB's file, looked at without trusting a byte of it. Valid while the bytes
/// stand.
class LmdbPage {
 public:
  /// Nothing where the bytes are not headed as branch or leaf of that number.
  [[nodiscard]] static std::optional<LmdbPage> parse(std::span<const std::uint8_t> bytes,
                                                     PageNumber number);

  [[nodiscard]] bool is_leaf() const { return leaf_; }
  [[nodiscard]] std::size_t nodes() const { return nodes_; }
  /// Nothing where the node does not lie within the page or is of a kind that we never make.
  [[nodiscard]] std::optional<LmdbNode> node(std::size_t index) const;

  /// Whether the nodes lie side by side, without gap or overlap, from where LMDB thinks they begin
  /// to the end of the page: LMDB moves them about on that assumption.
  [[nodiscard]] bool is_packed() const;

 private:
  LmdbPage(std::span<const std::uint8_t> bytes, bool leaf, std::size_t nodes, std::size_t upper)
      : bytes_(bytes), leaf_(leaf), nodes_(nodes), upper_(upper) {}
  std::span<const std::uint8_t> bytes_;
  bool leaf_;
  std::size_t nodes_;
  std::size_t upper_;
};

}  // namespace akgate
