// SPDX-License-Identifier: Apache-2.0
#include "cache/lmdb_page.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace akgate {

namespace {

std::size_t even(std::size_t size) { return size + (size & 1U); }

std::uint32_t joined(const std::array<std::uint16_t, 2>& halves) {
  const bool low_first = std::endian::native == std::endian::little;
  const std::uint32_t low = halves[low_first ? 0 : 1];
  const std::uint32_t high = halves[low_first ? 1 : 0];
  return low | (high << 16U);
}

std::string_view text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::optional<LmdbPage> LmdbPage::parse(std::span<const std::uint8_t> bytes, PageNumber number) {
  if (bytes.size() < kPageHeadSize) return std::nullopt;
  const auto head = load<LmdbPageHead>(bytes);
  const bool leaf = head.flags == page_flag::kLeaf;
  if (head.number != number || (!leaf && head.flags != page_flag::kBranch)) return std::nullopt;
  if (head.lower < kPageHeadSize || head.lower > head.upper || head.upper > bytes.size() ||
      (head.lower - kPageHeadSize) % sizeof(std::uint16_t) != 0) {
    return std::nullopt;
  }
  const std::size_t nodes = (head.lower - kPageHeadSize) / sizeof(std::uint16_t);
  return LmdbPage(bytes, leaf, nodes, head.upper);
}

std::optional<LmdbNode> LmdbPage::node(std::size_t index) const {
  if (index >= nodes_) return std::nullopt;
  const std::size_t begin =
      load<std::uint16_t>(bytes_, kPageHeadSize + index * sizeof(std::uint16_t));
  if (begin < upper_ || begin + sizeof(LmdbNodeHead) > bytes_.size()) return std::nullopt;
  const auto head = load<LmdbNodeHead>(bytes_, begin);
  const auto body = bytes_.subspan(begin + sizeof(LmdbNodeHead));
  if (head.key_size > body.size()) return std::nullopt;
  const auto behind_key = body.subspan(head.key_size);

  LmdbNode node;
  node.key = text(body.first(head.key_size));
  std::size_t inside = 0;  // how much of the value lies in this page
  if (!leaf_) {
    std::uint64_t child = joined(head.number_or_size);
    if constexpr (sizeof(PageNumber) > 4) child |= std::uint64_t{head.flags} << 32U;
    node.child = static_cast<PageNumber>(child);
  } else {
    if ((head.flags & ~unsigned{node_flag::kBig | node_flag::kTree}) != 0) return std::nullopt;
    node.is_big = (head.flags & node_flag::kBig) != 0;
    node.is_tree = (head.flags & node_flag::kTree) != 0;
    node.value_size = joined(head.number_or_size);
    inside = node.is_big ? sizeof(PageNumber) : node.value_size;
    if (inside > behind_key.size()) return std::nullopt;
    if (node.is_big) {
      node.child = load<PageNumber>(behind_key);
    } else {
      node.value = text(behind_key.first(inside));
    }
  }
  node.begin = begin;
  node.end = begin + even(sizeof(LmdbNodeHead) + head.key_size + inside);
  return node;
}

bool LmdbPage::is_packed() const {
  std::vector<std::pair<std::size_t, std::size_t>> stretches;
  stretches.reserve(nodes_);
  for (std::size_t i = 0; i < nodes_; ++i) {
    const std::optional<LmdbNode> found = node(i);
    if (!found) return false;
    stretches.emplace_back(found->begin, found->end);
  }
  std::sort(stretches.begin(), stretches.end());
  std::size_t at = upper_;
  for (const auto& [begin, end] : stretches) {
    if (begin != at) return false;
    at = end;
  }
  return at == bytes_.size();
}

}  // namespace akgate
