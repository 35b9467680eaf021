// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace akgate {

/// The one of `known` that a person probably meant by the misspelt `word`: the fewest letters
/// added, dropped or changed, up to about a third of the word's. Nothing where none is that near.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> known);

}  // namespace akgate
