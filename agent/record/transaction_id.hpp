// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace akgate {

/// The most that is taken for a transaction-id of the register: its own have 28 characters.
inline constexpr std::size_t kMaxTransactionId = 64;

}  // namespace akgate
