// SPDX-License-Identifier: Apache-2.0
#include "cache/lmdb_check.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace akgate {

namespace {

// 64 GiB of pages of 4 KiB; a file that claims more is not ours. Bounds the memory for marks.
constexpr PageNumber kMaxPages = PageNumber{1} << 24U;

enum class Kind : std::uint8_t { free_list, main, records };

struct Range {
  std::optional<std::string_view> low;   ///< At least this.
  std::optional<std::string_view> high;  ///< Below this.
};

std::size_t overflow_pages(std::size_t value_size, std::size_t page_size) {
  return (kPageHeadSize + value_size + page_size - 1) / page_size;
}

class Walk {
 public:
  Walk(const LmdbFile& file, const LmdbSnapshot& snapshot, std::string_view records,
       std::size_t key_size, std::uint64_t file_size)
      : file_(file),
        snapshot_(snapshot),
        records_(records),
        key_size_(key_size),
        // Where numbers have 32 bits, more pages than can be numbered are not used either.
        file_pages_(static_cast<PageNumber>(
            std::min<std::uint64_t>(file_size / file.page_size(), kNoPage))),
        seen_(snapshot.end) {}

  /// Whether the tree is sound. `with_leaves` false: leaves are not read, only counted as used.
  bool tree(const LmdbTree& tree, Kind kind, bool with_leaves) {
    if (tree.flags != (kind == Kind::free_list ? kIntegerKeys : 0)) return false;
    if (tree.root == kNoPage) return tree.depth == 0 && tree.entries == 0;
    if (tree.depth < 1 || tree.depth > kMaxDepth) return false;
    entries_ = 0;
    if (!below(tree.root, 1, {.tree = tree, .kind = kind, .with_leaves = with_leaves}, Range{})) {
      return false;
    }
    return !with_leaves || entries_ == tree.entries;
  }

  /// Pages behind the end of the file are those that were free before they were ever written.
  [[nodiscard]] bool end_is_free() const {
    for (PageNumber page = file_pages_; page < snapshot_.end; ++page) {
      if (!seen_[page]) return false;
    }
    return true;
  }

  [[nodiscard]] const std::optional<LmdbTree>& records() const { return records_tree_; }
  [[nodiscard]] PageNumber last_looked_at() const { return last_; }

 private:
  struct Plan {
    const LmdbTree& tree;
    Kind kind;
    bool with_leaves;
  };

  /// False where one of these pages is not there or has been met before.
  bool claim(PageNumber first, std::size_t count) {
    if (first < kMetaPages || first >= snapshot_.end || count > snapshot_.end - first) return false;
    for (PageNumber page = first; page < first + count; ++page) {
      if (seen_[page]) return false;
      seen_[page] = true;
    }
    return true;
  }

  bool below(PageNumber at, unsigned level, const Plan& plan, const Range& range) {
    last_ = at;
    if (!claim(at, 1) || at >= file_pages_) return false;
    const bool leaf = level == plan.tree.depth;
    if (leaf && !plan.with_leaves) return true;
    std::vector<std::uint8_t> bytes;
    if (!file_.read_pages(at, 1, bytes)) return false;
    const std::optional<LmdbPage> page = LmdbPage::parse(bytes, at);
    if (!page || page->is_leaf() != leaf || page->nodes() == 0 || !page->is_packed()) return false;
    return leaf ? leaf_page(*page, plan, range) : branch_page(*page, level, plan, range);
  }

  bool branch_page(const LmdbPage& page, unsigned level, const Plan& plan, const Range& range) {
    // LMDB itself tolerates a lone child in the free list, nowhere else.
    if (page.nodes() < 2 && plan.kind != Kind::free_list) return false;
    Range child{.low = range.low, .high = {}};
    std::optional<LmdbNode> node = page.node(0);
    for (std::size_t i = 0; i < page.nodes(); ++i) {
      // The first key stands for the lowest there is and is not looked at, by us or by LMDB.
      const std::optional<LmdbNode> next = page.node(i + 1);
      child.high = next ? next->key : range.high;
      if (next && !key_fits(next->key, plan.kind, {.low = child.low, .high = range.high})) {
        return false;
      }
      if (i > 0 && next && !before(node->key, next->key, plan.kind)) return false;
      if (!below(node->child, level + 1, plan, child)) return false;
      child.low = child.high;
      node = next;
    }
    return true;
  }

  bool leaf_page(const LmdbPage& page, const Plan& plan, const Range& range) {
    for (std::size_t i = 0; i < page.nodes(); ++i) {
      const LmdbNode node = *page.node(i);
      if (!key_fits(node.key, plan.kind, range)) return false;
      if (i > 0 && !before(page.node(i - 1)->key, node.key, plan.kind)) return false;
      if (!value(node, plan.kind)) return false;
    }
    entries_ += page.nodes();
    return true;
  }

  [[nodiscard]] bool key_fits(std::string_view key, Kind kind, const Range& range) const {
    if (kind == Kind::free_list && key.size() != sizeof(std::size_t)) return false;
    if (kind == Kind::records && key.size() != key_size_) return false;
    return (!range.low || !before(key, *range.low, kind)) &&
           (!range.high || before(key, *range.high, kind));
  }

  static std::size_t number(std::string_view key) {
    return load<std::size_t>({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()});
  }

  static bool before(std::string_view a, std::string_view b, Kind kind) {
    return kind == Kind::free_list ? number(a) < number(b) : a < b;
  }

  bool value(const LmdbNode& node, Kind kind) {
    if (kind == Kind::main) return main_value(node);
    if (node.is_tree) return false;
    if (kind == Kind::records) return !node.is_big;
    if (number(node.key) > snapshot_.transaction) return false;
    return node.is_big ? big_free_list(node) : free_pages(node.value);
  }

  bool main_value(const LmdbNode& node) {
    const bool names_records = node.key == records_;
    if (node.is_big || node.is_tree != names_records) return false;
    if (!names_records) return true;
    if (node.value.size() != sizeof(LmdbTree)) return false;
    records_tree_ = load<LmdbTree>(
        {reinterpret_cast<const std::uint8_t*>(node.value.data()), node.value.size()});
    return true;
  }

  /// The list of free pages is the one value that may need pages of its own.
  bool big_free_list(const LmdbNode& node) {
    const PageNumber first = node.child;
    last_ = first;
    std::vector<std::uint8_t> bytes;
    if (first >= file_pages_ || !file_.read_pages(first, 1, bytes)) return false;
    const auto head = load<LmdbPageHead>(bytes);
    const auto pages = load<std::uint32_t>(bytes, offsetof(LmdbPageHead, lower));
    if (head.number != first || head.flags != page_flag::kOverflow ||
        pages < overflow_pages(node.value_size, file_.page_size()) || !claim(first, pages) ||
        !file_.read_pages(first, pages, bytes)) {
      return false;
    }
    const auto* const start = reinterpret_cast<const char*>(bytes.data()) + kPageHeadSize;
    return free_pages({start, node.value_size});
  }

  /// A list of free pages: their number, then they, the highest first.
  bool free_pages(std::string_view list) {
    constexpr std::size_t kWord = sizeof(PageNumber);
    if (list.size() < kWord) return false;
    const std::size_t count = number(list);
    if (count > list.size() / kWord - 1) return false;
    PageNumber above = kNoPage;
    for (std::size_t i = 1; i <= count; ++i) {
      const PageNumber page = number(list.substr(i * kWord, kWord));
      if (page >= above || !claim(page, 1)) return false;
      above = page;
    }
    return true;
  }

  const LmdbFile& file_;
  const LmdbSnapshot& snapshot_;
  std::string_view records_;
  std::size_t key_size_;
  PageNumber file_pages_;
  std::vector<bool> seen_;
  std::optional<LmdbTree> records_tree_;
  std::size_t entries_ = 0;
  PageNumber last_ = 0;
};

}  // namespace

Status check_pages(const LmdbFile& file, const LmdbSnapshot& snapshot, std::string_view records,
                   std::size_t key_size, Extent extent) {
  const Result<std::uint64_t> size = file.raw().size();
  if (!size) return size.error();
  if (snapshot.end > kMaxPages) return Error("it claims to be larger than it can be");
  if (extent == Extent::all_pages) file.raw().expect_full_read();
  Walk walk(file, snapshot, records, key_size, *size);
  const bool sound =
      walk.tree(snapshot.main, Kind::main, true) &&
      (!walk.records() || walk.tree(*walk.records(), Kind::records, extent == Extent::all_pages)) &&
      walk.tree(snapshot.free_list, Kind::free_list, true) && walk.end_is_free();
  if (!sound) {
    return Error("page " + std::to_string(walk.last_looked_at()) + " is not what it should be");
  }
  return Done{};
}

}  // namespace akgate
