// SPDX-License-Identifier: Apache-2.0
#include "cache/lmdb_file.hpp"

#include <bit>
#include <cstring>

namespace akgate {

namespace {

/// The place of the child below which a key must lie; nothing where the page is not sound.
std::optional<std::size_t> child_for(const LmdbPage& page, std::string_view key) {
  if (page.nodes() == 0) return std::nullopt;
  std::size_t low = 0;  // the first child stands for everything below the second's key
  std::size_t high = page.nodes();
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    const std::optional<LmdbNode> node = page.node(middle);
    if (!node) return std::nullopt;
    (node->key <= key ? low : high) = middle;
  }
  return low;
}

/// The first node whose key is not below `key`, or how many there are; nothing where the page is
/// not sound.
std::optional<std::size_t> lower_bound(const LmdbPage& page, std::string_view key) {
  std::size_t low = 0;
  std::size_t high = page.nodes();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::optional<LmdbNode> node = page.node(middle);
    if (!node) return std::nullopt;
    if (node->key < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

LmdbValue damaged() { return {.kind = LmdbValue::Kind::damaged, .bytes = {}}; }
LmdbValue absent() { return {.kind = LmdbValue::Kind::absent, .bytes = {}}; }

LmdbValue value_in(const LmdbPage& leaf, std::string_view key) {
  const std::optional<std::size_t> place = lower_bound(leaf, key);
  if (!place) return damaged();
  if (*place == leaf.nodes()) return absent();
  const std::optional<LmdbNode> node = leaf.node(*place);
  if (!node) return damaged();
  if (node->key != key) return absent();
  if (node->is_big) return damaged();
  return {.kind = LmdbValue::Kind::found, .bytes = std::string(node->value)};
}

/// The first key of the leaf above `key`; nothing where there is none, or the page is not sound.
std::optional<std::string> first_behind(const LmdbPage& leaf, std::string_view key) {
  std::size_t place = lower_bound(leaf, key).value_or(leaf.nodes());
  std::optional<LmdbNode> node = leaf.node(place);
  if (node && node->key == key) node = leaf.node(++place);
  return node ? std::optional(std::string(node->key)) : std::nullopt;
}

LmdbSnapshot snapshot_of(const LmdbMeta& meta) {
  return {.free_list = meta.free_list,
          .main = meta.main,
          .end = meta.last_page + 1,
          .transaction = meta.transaction};
}

}  // namespace

Result<LmdbFile> LmdbFile::over(RandomAccessFile file) {
  std::vector<std::uint8_t> start(kPageHeadSize + sizeof(LmdbMeta));
  if (!file.read(0, start)) return Error("it is cut off or cannot be read");
  const std::uint32_t page_size = load<LmdbMeta>(start, kPageHeadSize).free_list.page_size;
  if (page_size < kMinPageSize || page_size > kMaxPageSize || !std::has_single_bit(page_size)) {
    return Error("its first page is not what it should be");
  }
  return LmdbFile(std::move(file), page_size);
}

std::optional<LmdbMeta> LmdbFile::meta(PageNumber which) const {
  std::vector<std::uint8_t> bytes(kPageHeadSize + sizeof(LmdbMeta));
  if (!file_.read(which * page_size_, bytes)) return std::nullopt;
  const auto head = load<LmdbPageHead>(bytes);
  const auto meta = load<LmdbMeta>(bytes, kPageHeadSize);
  const bool sound = head.number == which && head.flags == page_flag::kMeta &&
                     meta.magic == kLmdbMagic && meta.format == kLmdbFormat && meta.address == 0 &&
                     meta.free_list.page_size == page_size_ &&
                     meta.free_list.flags == kIntegerKeys && meta.main.flags == 0 &&
                     meta.last_page >= kMetaPages - 1 && meta.last_page < kNoPage / page_size_;
  if (!sound) return std::nullopt;
  return meta;
}

Result<LmdbFile::Snapshots> LmdbFile::snapshots() const {
  const std::optional<LmdbMeta> even = meta(0);
  const std::optional<LmdbMeta> odd = meta(1);
  if (!even || !odd) return Error("one of its first two pages is not what it should be");
  if (even->transaction == 0 && odd->transaction == 0) {
    return Snapshots{.newest = snapshot_of(*even), .before = std::nullopt};
  }
  const bool in_turn =
      even->transaction % 2 == 0 && odd->transaction % 2 == 1 &&
      (even->transaction + 1 == odd->transaction || odd->transaction + 1 == even->transaction);
  if (!in_turn) return Error("its first two pages do not follow each other");
  const bool even_is_newer = even->transaction > odd->transaction;
  return Snapshots{.newest = snapshot_of(even_is_newer ? *even : *odd),
                   .before = snapshot_of(even_is_newer ? *odd : *even)};
}

bool LmdbFile::read_pages(PageNumber first, std::size_t count,
                          std::vector<std::uint8_t>& into) const {
  into.resize(count * page_size_);
  return file_.read(std::uint64_t{first} * page_size_, into);
}

std::optional<LmdbPage> LmdbFile::read_tree_page(PageNumber at, PageNumber end, bool is_leaf,
                                                 std::vector<std::uint8_t>& into) const {
  if (at < kMetaPages || at >= end || !read_pages(at, 1, into)) return std::nullopt;
  std::optional<LmdbPage> page = LmdbPage::parse(into, at);
  if (!page || page->is_leaf() != is_leaf) return std::nullopt;
  return page;
}

LmdbValue LmdbFile::find(const LmdbTree& tree, PageNumber end, std::string_view key) const {
  if (tree.root == kNoPage) return absent();
  std::vector<std::uint8_t> bytes;
  PageNumber at = tree.root;
  for (unsigned level = 1; level <= kMaxDepth; ++level) {
    const std::optional<LmdbPage> page = read_tree_page(at, end, level == tree.depth, bytes);
    if (!page) return damaged();
    if (page->is_leaf()) return value_in(*page, key);
    const std::optional<std::size_t> place = child_for(*page, key);
    const std::optional<LmdbNode> node = place ? page->node(*place) : std::nullopt;
    if (!node) return damaged();
    at = node->child;
  }
  return damaged();
}

std::optional<std::pair<std::string, std::string>> LmdbFile::next_after(
    const LmdbTree& tree, PageNumber end, std::string_view key) const {
  for (auto next = key_behind(tree, end, key); next; next = key_behind(tree, end, *next)) {
    LmdbValue value = find(tree, end, *next);
    if (value.kind == LmdbValue::Kind::found) {
      return std::pair(*std::move(next), std::move(value.bytes));
    }
  }
  return std::nullopt;
}

std::optional<std::string> LmdbFile::key_behind(const LmdbTree& tree, PageNumber end,
                                                std::string_view key) const {
  if (tree.root == kNoPage) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  PageNumber at = tree.root;
  std::string right;  // The least key to the right of the way down.
  for (unsigned level = 1; level <= kMaxDepth; ++level) {
    const std::optional<LmdbPage> page = read_tree_page(at, end, level == tree.depth, bytes);
    if (!page) return std::nullopt;
    if (page->is_leaf()) {
      std::string next = first_behind(*page, key).value_or(right);
      if (next <= key) return std::nullopt;
      return next;
    }
    const std::optional<std::size_t> place = child_for(*page, key);
    const std::optional<LmdbNode> node = place ? page->node(*place) : std::nullopt;
    if (!node) return std::nullopt;
    if (const auto beside = page->node(*place + 1)) right = beside->key;
    at = node->child;
  }
  return std::nullopt;
}

std::optional<LmdbTree> LmdbFile::subtree(const LmdbSnapshot& snapshot,
                                          std::string_view name) const {
  const LmdbValue record = find(snapshot.main, snapshot.end, name);
  if (record.kind != LmdbValue::Kind::found || record.bytes.size() != sizeof(LmdbTree)) {
    return std::nullopt;
  }
  LmdbTree tree{};
  std::memcpy(&tree, record.bytes.data(), sizeof(tree));
  return tree;
}

}  // namespace akgate
