// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace akgate {

/// What a load asks, and what it takes for an answer.
struct LoadProtocol {
  /// Returned by `cut` for what is no proper answer.
  static constexpr std::size_t kWrong = static_cast<std::size_t>(-1);

  std::string_view name;
  std::string_view question;  ///< With `{}` where the key stands.
  /// How many bytes the first whole answer takes; 0 where it is not whole yet, kWrong where it is
  /// not what was to be answered.
  std::size_t (*cut)(std::string_view received);

  [[nodiscard]] std::string ask_for(std::string_view key) const;
};

/// Null where there is none of that name.
[[nodiscard]] const LoadProtocol* find_load_protocol(std::string_view name);

/// Their names, for the usage.
[[nodiscard]] std::string load_protocol_names();

}  // namespace akgate
