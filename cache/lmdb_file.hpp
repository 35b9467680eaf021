// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "cache/lmdb_format.hpp"
#include "cache/lmdb_page.hpp"
#include "platform/random_access_file.hpp"

namespace akgate {

/// One state of the file, as a transaction left it.
struct LmdbSnapshot {
  LmdbTree free_list;
  LmdbTree main;
  PageNumber end;  ///< One behind the last page in use.
  std::size_t transaction;
};

/// What a look-up came to.
struct LmdbValue {
  enum class Kind : std::uint8_t { found, absent, damaged };
  Kind kind = Kind::absent;
  std::string bytes;
};

/// Reads LMDB's file without LMDB, which takes every byte of it at face value: one flipped bit in
/// the head of a page makes it read, and write, far outside. Here each step is checked, and a fault
/// is no more than a value that cannot be had (I7). It writes nothing.
///
/// A snapshot stays readable while the transaction after the next is not begun, since LMDB reuses
/// no page that the last two states hold. Any thread.
class LmdbFile {
 public:
  /// The last two states.
  struct Snapshots {
    LmdbSnapshot newest{};
    std::optional<LmdbSnapshot> before;  ///< Nothing where the newest is the first.
  };

  /// An error where the file does not begin as LMDB's files do.
  [[nodiscard]] static Result<LmdbFile> over(RandomAccessFile file);

  /// An error where the two metas do not fit each other. It must be an error: which of two such is
  /// the newer cannot be told, and the older might allow what the newer denies (I5).
  [[nodiscard]] Result<Snapshots> snapshots() const;

  /// Values larger than half a page are not ours and count as damage.
  [[nodiscard]] LmdbValue find(const LmdbTree& tree, PageNumber end, std::string_view key) const;
  /// The first key behind this one, with its value; nothing at the end, or where what lies there
  /// makes no sense.
  [[nodiscard]] std::optional<std::pair<std::string, std::string>> next_after(
      const LmdbTree& tree, PageNumber end, std::string_view key) const;
  /// The tree of that name within the main tree.
  [[nodiscard]] std::optional<LmdbTree> subtree(const LmdbSnapshot& snapshot,
                                                std::string_view name) const;

  [[nodiscard]] std::size_t page_size() const { return page_size_; }
  /// False where not all of the pages are there, or cannot be read.
  [[nodiscard]] bool read_pages(PageNumber first, std::size_t count,
                                std::vector<std::uint8_t>& into) const;
  [[nodiscard]] const RandomAccessFile& raw() const { return file_; }

 private:
  LmdbFile(RandomAccessFile file, std::size_t page_size)
      : file_(std::move(file)), page_size_(page_size) {}
  [[nodiscard]] std::optional<LmdbMeta> meta(PageNumber which) const;
  [[nodiscard]] std::optional<LmdbPage> read_tree_page(PageNumber at, PageNumber end, bool is_leaf,
                                                       std::vector<std::uint8_t>& into) const;
  /// The first key of the tree above this one.
  [[nodiscard]] std::optional<std::string> key_behind(const LmdbTree& tree, PageNumber end,
                                                      std::string_view key) const;

  RandomAccessFile file_;
  std::size_t page_size_;
};

}  // namespace akgate
