// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/short_text.hpp"

namespace akgate {

/// Names a Data User in the register's directory.
class Duid {
 public:
  /// Takes `duid_` and 1 to 64 of `[0-9A-Za-z_-]`: the spec has 24 hex digits, the published demo
  /// accounts other tails. What is kept out is anything that could change a URL.
  [[nodiscard]] static std::optional<Duid> parse(std::string_view text);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool operator==(const Duid& other) const { return text() == other.text(); }

 private:
  static constexpr std::size_t kMaxLength = 69;

  explicit Duid(std::string_view text) : text_(text) {}
  ShortText<kMaxLength> text_;
};

}  // namespace akgate
