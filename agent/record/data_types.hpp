// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace akgate {

/// The data types that the register has published. A type's place stands on disk for its name: a
/// new one goes behind the last.
inline constexpr std::array<std::string_view, 8> kPublishedDataTypes = {
    "HH-CONSUMPTION",     "HH-EXPORT",     "MTH-CONSUMPTION", "MTH-EXPORT",
    "ANNUAL-CONSUMPTION", "ANNUAL-EXPORT", "TARIFF-IMPORT",   "TARIFF-EXPORT"};

/// A set of the register's data types (`HH-CONSUMPTION`, …). Types we never heard of are kept and
/// matched exactly, letter by letter; nothing widens to anything. Of published ones alone it takes
/// no memory of its own.
class DataTypes {
 public:
  static constexpr std::size_t kMaxTypes = 32;
  static constexpr std::size_t kMaxLength = 64;

  /// False, and nothing added, for an empty or overlong name or when the set is full. Adding twice
  /// is adding once.
  [[nodiscard]] bool add(std::string_view type);

  [[nodiscard]] bool empty() const { return published_ == 0 && others_.empty(); }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool contains(std::string_view type) const;
  /// Whether every type of `other` is in this set. An empty set covers nothing but the empty set.
  [[nodiscard]] bool covers(const DataTypes& other) const;
  /// Whether the two have a type in common.
  [[nodiscard]] bool intersects(const DataTypes& other) const;

  /// Which of the published ones: bit n for the one at place n.
  [[nodiscard]] std::uint8_t published() const { return published_; }
  /// Adds these to a set without others.
  void add_published(std::uint8_t bits) {
    published_ = static_cast<std::uint8_t>(published_ | bits);
  }
  /// All the others, sorted.
  [[nodiscard]] const std::vector<std::string>& others() const { return others_; }
  /// All of them.
  [[nodiscard]] std::vector<std::string> sorted() const;
  [[nodiscard]] bool operator==(const DataTypes&) const = default;

 private:
  std::uint8_t published_ = 0;
  std::vector<std::string> others_;  // sorted, unique
};
static_assert(kPublishedDataTypes.size() <= 8, "one bit each");

}  // namespace akgate
