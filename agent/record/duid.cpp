// SPDX-License-Identifier: Apache-2.0
#include "record/duid.hpp"

namespace akgate {

std::optional<Duid> Duid::parse(std::string_view text) {
  constexpr std::string_view kPrefix = "duid_";
  constexpr std::string_view kTail =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
  constexpr std::size_t kMaxTail = 64;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const std::string_view tail = text.substr(kPrefix.size());
  if (tail.empty() || tail.size() > kMaxTail) return std::nullopt;
  if (tail.find_first_not_of(kTail) != std::string_view::npos) return std::nullopt;
  return Duid(text);
}

}  // namespace akgate
