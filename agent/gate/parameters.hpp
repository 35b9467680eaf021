// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "gate/protocol.hpp"

namespace akgate {

/// Whether this may be an `id`: 1 to 32 of `[A-Za-z0-9._-]`.
[[nodiscard]] bool is_id(std::string_view text);

struct Parameter;

/// Gathers a question's named values, one by one, and refuses what does not fit.
class Parameters {
 public:
  Parameters(Check& into, const Demands& demands) : check_(into), demands_(demands) {}

  /// Takes `name=value`, the value percent-encoded. Returns what is wrong with it, or an empty
  /// text. An unknown name is wrong: a misspelt restriction must not widen the answer.
  [[nodiscard]] std::string take(std::string_view word);
  /// The same for a value that stands as it is.
  [[nodiscard]] std::string take_literal(std::string_view name, std::string_view value);

 private:
  [[nodiscard]] std::string take(const Parameter& parameter, std::string_view value);

  static constexpr std::size_t kNames = 7;

  Check& check_;
  const Demands& demands_;
  std::bitset<kNames> seen_;
};

}  // namespace akgate
