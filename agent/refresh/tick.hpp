// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

#include "platform/clock.hpp"

namespace akgate {

/// A BootTime in four bytes and eighths of a second, for what is remembered of subjects by the
/// hundred thousand. Lasts until 17 years after boot.
using Ticks = std::chrono::duration<std::uint32_t, std::ratio<1, 8>>;
using Tick = std::chrono::time_point<BootClock, Ticks>;

inline constexpr Tick kNever = Tick::max();

/// Rounded down.
[[nodiscard]] constexpr Tick to_tick(BootTime time) {
  if (time >= BootTime(kNever)) return kNever;
  if (time < BootTime()) return {};
  return std::chrono::time_point_cast<Ticks>(time);
}

}  // namespace akgate
