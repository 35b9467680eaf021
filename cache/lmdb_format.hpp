// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <lmdb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

namespace akgate {

/// The facts of LMDB's file, data format 1, which every 0.9 release writes: pages of one size,
/// numbered from 0, in the byte order and word size of the machine. Pages 0 and 1 hold one "meta"
/// each, written in turn: transaction n writes page n mod 2, so the file always shows its last two
/// states. A meta leads to two trees, the list of free pages and the main tree; the main tree may
/// name further trees.
static_assert(MDB_VERSION_MAJOR == 0 && MDB_VERSION_MINOR == 9, "another release, another format?");

using PageNumber = std::size_t;
inline constexpr PageNumber kNoPage = std::numeric_limits<PageNumber>::max();
inline constexpr PageNumber kMetaPages = 2;

inline constexpr std::uint32_t kLmdbMagic = 0xBEEFC0DE;
inline constexpr std::uint32_t kLmdbFormat = 1;
inline constexpr unsigned kMinPageSize = 512;
inline constexpr unsigned kMaxPageSize = 32768;
inline constexpr unsigned kMaxDepth = 32;

/// What a page is, in its head; nothing else may be set on disk for trees without duplicates.
namespace page_flag {
inline constexpr std::uint16_t kBranch = 0x01;
inline constexpr std::uint16_t kLeaf = 0x02;
inline constexpr std::uint16_t kOverflow = 0x04;
inline constexpr std::uint16_t kMeta = 0x08;
}  // namespace page_flag

/// What the value of a leaf's node is.
namespace node_flag {
inline constexpr std::uint16_t kBig =
    0x01;  ///< The number of the overflow page that has the value.
inline constexpr std::uint16_t kTree = 0x02;  ///< A tree's root record.
}  // namespace node_flag

/// Key order of a tree: as numbers (the free list), or byte by byte.
inline constexpr std::uint16_t kIntegerKeys = 0x08;

struct LmdbPageHead {
  PageNumber number;
  std::uint16_t pad;
  std::uint16_t flags;
  std::uint16_t lower;  ///< End of the table of nodes. With `upper`, of an overflow page: how many
  std::uint16_t upper;  ///< pages it has, 32 bits. Else: where the nodes begin.
};

struct LmdbNodeHead {
  std::array<std::uint16_t, 2> number_or_size;  ///< As the two halves of a 32-bit number.
  std::uint16_t flags;                          ///< In a branch: the page number's next 16 bits.
  std::uint16_t key_size;
};

/// A tree's root record.
struct LmdbTree {
  std::uint32_t page_size;  ///< In the free list's; 0 in others.
  std::uint16_t flags;
  std::uint16_t depth;
  std::size_t branch_pages;
  std::size_t leaf_pages;
  std::size_t overflow_pages;
  std::size_t entries;
  PageNumber root;  ///< kNoPage: empty.
};

struct LmdbMeta {
  std::uint32_t magic;
  std::uint32_t format;
  std::size_t address;
  std::size_t map_size;
  LmdbTree free_list;
  LmdbTree main;
  PageNumber last_page;
  std::size_t transaction;
};

inline constexpr std::size_t kPageHeadSize = offsetof(LmdbPageHead, upper) + sizeof(std::uint16_t);
static_assert(kPageHeadSize == sizeof(std::size_t) + 8);
static_assert(sizeof(LmdbNodeHead) == 8);
static_assert(sizeof(LmdbTree) == 8 + 5 * sizeof(std::size_t));

/// Reads a plain value that may lie at any address. The caller has checked that it is all there.
template <typename T>
[[nodiscard]] T load(std::span<const std::uint8_t> bytes, std::size_t offset = 0) {
  T value{};
  std::memcpy(&value, bytes.subspan(offset, sizeof(T)).data(), sizeof(T));
  return value;
}

}  // namespace akgate
