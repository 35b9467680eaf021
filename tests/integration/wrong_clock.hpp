// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace akgate {

/// What a program's environment needs for its system clock to start at that date (wrong_clock.cpp).
inline std::vector<std::string> clock_at(std::chrono::sys_seconds date) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {"LD_PRELOAD=" AKGATE_WRONG_CLOCK,
          "AKGATE_TEST_CLOCK_ERROR=" + std::to_string((date - now).count())};
}

}  // namespace akgate
