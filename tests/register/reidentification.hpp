// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "tests/register/answers.hpp"

namespace akgate::sandbox {

/// pending, confirmed or expired at this moment.
[[nodiscard]] std::string_view status_of(const Reidentification& token, const Clock& clock);

/// Why `caller` cannot use that token now; nothing where it can: unknown 404, someone else's 403,
/// used 409, expired or not confirmed 422.
[[nodiscard]] std::optional<Refusal> why_unusable(const Sandbox& sandbox,
                                                  std::string_view token_ref,
                                                  const Account& caller);

}  // namespace akgate::sandbox
