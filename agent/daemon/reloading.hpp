// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "config/config.hpp"

namespace akgate {

/// Which sections differ in what counts from a restart on only, as a sentence; empty for none.
[[nodiscard]] std::string needs_restart(const Config& running, const Config& next);

}  // namespace akgate
