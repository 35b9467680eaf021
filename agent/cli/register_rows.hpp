// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "record/json.hpp"

namespace akgate {

/// Rows of the register's two lists of records. They hold access keys, which it is the purpose of
/// these lists to hand out.
class RegisterRows {
 public:
  /// Reads an answer whose rows stand under `list`. The error is a sentence.
  [[nodiscard]] static Result<RegisterRows> read(std::string_view body, const char* list);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }

  /// Adds the rows of a later answer. Where both have one with the same `ak`, the later one counts.
  void merge(RegisterRows later);
  /// Drops what has another state or legal basis, or none; an empty word drops nothing. By the
  /// row's own words: a server may ignore a filter.
  void keep(std::string_view state, std::string_view legal_basis);
  /// Drops what is more than that.
  void cut(std::size_t most);

  /// For a person, in lines of at most `width` characters where they can be.
  [[nodiscard]] std::string table(std::size_t width) const;
  /// The rows as the register gave them: a JSON array, in one line.
  [[nodiscard]] std::string json() const;

 private:
  std::vector<JsonDocument> documents_;  // Into which the rows look.
  std::vector<JsonView> rows_;
};

}  // namespace akgate
