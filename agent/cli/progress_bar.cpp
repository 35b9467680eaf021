// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_bar.hpp"

#include <cstdio>

#include "base/assert.hpp"
#include "platform/process.hpp"

namespace akgate {

namespace {

constexpr int kStandardError = 2;
constexpr std::size_t kWidth = 40;
constexpr std::chrono::milliseconds kBetweenDrawings(100);
constexpr const char* kBeginningOfEmptyLine = "\r\x1b[K";

}  // namespace

ProgressBar::ProgressBar(std::size_t total) : total_(total), visible_(is_terminal(kStandardError)) {
  show(0);
}

ProgressBar::~ProgressBar() {
  if (visible_) static_cast<void>(std::fputs(kBeginningOfEmptyLine, stderr));
}

void ProgressBar::show(std::size_t done) {
  if (!visible_) return;
  const Clock::time_point now = Clock::now();
  if (drawn_ && now - *drawn_ < kBetweenDrawings) return;
  drawn_ = now;
  static_cast<void>(
      std::fprintf(stderr, "%s%s", kBeginningOfEmptyLine, draw_progress(done, total_).c_str()));
}

std::string draw_progress(std::size_t done, std::size_t total) {
  AKGATE_ASSERT(total > 0 && done <= total);
  std::string bar(done * kWidth / total, '#');
  bar.resize(kWidth, ' ');
  std::string percent = std::to_string(done * 100 / total);
  percent.insert(0, 3 - percent.size(), ' ');
  return "[" + bar + "] " + percent + "%  " + std::to_string(done) + " of " + std::to_string(total);
}

}  // namespace akgate
