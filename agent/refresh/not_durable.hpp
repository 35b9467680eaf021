// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/result.hpp"
#include "refresh/controls.hpp"

namespace akgate {

/// What the operator is told where the disk would not keep it; nothing where it did.
[[nodiscard]] inline std::optional<Refusal> refusal_of(const Status& kept) {
  if (kept) return std::nullopt;
  return Refusal{.reason = "not-durable", .detail = kept.error().what()};
}

}  // namespace akgate
