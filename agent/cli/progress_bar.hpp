// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace akgate {

/// Shows on the standard error how far something has come; only where that is a terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::size_t total);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// Takes the bar away.
  ~ProgressBar();

  void show(std::size_t done);

 private:
  using Clock = std::chrono::steady_clock;

  const std::size_t total_;
  const bool visible_;
  std::optional<Clock::time_point> drawn_;
};

/// `[########            ]  40%  4000 of 10000`. `done` is at most `total`, which is not 0.
[[nodiscard]] std::string draw_progress(std::size_t done, std::size_t total);

}  // namespace akgate
