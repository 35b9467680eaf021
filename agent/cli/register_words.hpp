// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/options.hpp"
#include "base/result.hpp"

namespace akgate {

inline constexpr Option kStateOption{
    .name = "state", .value = "STATE", .help = "only ACTIVE, EXPIRED, REVOKED or DISCOVERED ones"};
inline constexpr Option kLegalBasisOption{.name = "legal-basis",
                                          .value = "BASIS",
                                          .help = "only of that legal basis, such as uk-consent"};

// Values of options that are words of the register, checked before it is asked; empty where the
// option is not given. The error names the words that would be right, and the one that was meant.
[[nodiscard]] Result<std::string> take_state(const Options& options);
[[nodiscard]] Result<std::string> take_legal_basis(const Options& options);
/// Why a record is revoked: `--reason`.
[[nodiscard]] Result<std::string> take_reason(const Options& options);

/// `--limit`: 1 to 500.
[[nodiscard]] Result<std::optional<std::size_t>> take_limit(const Options& options);

}  // namespace akgate
