// SPDX-License-Identifier: Apache-2.0
#include "record/duid.hpp"

#include <algorithm>

namespace akgate {

std::optional<Duid> Duid::parse(std::string_view text) {
  constexpr std::string_view kPrefix = "duid_";
  const auto may_stand = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  constexpr std::size_t kMaxTail = 64;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const std::string_view tail = text.substr(kPrefix.size());
  if (tail.empty() || tail.size() > kMaxTail) return std::nullopt;
  if (!std::all_of(tail.begin(), tail.end(), may_stand)) return std::nullopt;
  return Duid(text);
}

}  // namespace akgate
