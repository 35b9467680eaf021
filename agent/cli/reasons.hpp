// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace akgate {

/// What a reason of the gate protocol means, and what to do about it where something can be done: a
/// sentence without its full stop. Empty for a word that is no reason.
[[nodiscard]] std::string_view explain_reason(std::string_view reason);

}  // namespace akgate
