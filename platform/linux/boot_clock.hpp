// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "platform/clock.hpp"

namespace akgate {

[[nodiscard]] BootTime read_boot_clock();

}  // namespace akgate
