// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace akgate {

/// A set of the register's data types (`HH-CONSUMPTION`, …). Types we never heard of are kept and
/// matched exactly, letter by letter; nothing widens to anything.
class DataTypes {
 public:
  static constexpr std::size_t kMaxTypes = 32;
  static constexpr std::size_t kMaxLength = 64;

  /// False, and nothing added, for an empty or overlong name or when the set is full. Adding twice
  /// is adding once.
  [[nodiscard]] bool add(std::string_view type);

  [[nodiscard]] bool empty() const { return types_.empty(); }
  [[nodiscard]] bool contains(std::string_view type) const;
  /// Whether every type of `other` is in this set. An empty set covers nothing but the empty set.
  [[nodiscard]] bool covers(const DataTypes& other) const;
  /// Whether the two have a type in common.
  [[nodiscard]] bool intersects(const DataTypes& other) const;

  [[nodiscard]] const std::vector<std::string>& sorted() const { return types_; }
  [[nodiscard]] bool operator==(const DataTypes&) const = default;

 private:
  std::vector<std::string> types_;  // sorted, unique
};

}  // namespace akgate
