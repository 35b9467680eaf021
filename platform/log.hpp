// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace akgate {

enum class LogLevel : std::uint8_t { error, warning, info, debug };

/// How lines are written to stderr.
enum class LogFormat : std::uint8_t {
  text,      ///< `2026-11-22T10:05:00Z warning text`
  journald,  ///< `<4>text`: systemd reads the priority and adds the time itself
  json       ///< one object a line
};

/// The agent's diary, on stderr, a whole line a write. Any thread. An access key never gets here
/// because an AccessKey has no text to pass: records are named by their fingerprint (I9).
///
/// A line is at most kMaxLine bytes, its end included; a longer text is cut and ends in "…".
/// Control characters become "?" and what is no UTF-8 U+FFFD, so that no text can fake a line or
/// drive a terminal. A line that cannot be written is lost: nobody waits for the diary.
class Log {
 public:
  static constexpr std::size_t kMaxLine = 2048;

  /// `fd` is the caller's and outlives this; stderr but in tests.
  Log(LogLevel level, LogFormat format, int fd = 2) : level_(level), format_(format), fd_(fd) {}

  void error(std::string_view text) const { write(LogLevel::error, text); }
  void warning(std::string_view text) const { write(LogLevel::warning, text); }
  void info(std::string_view text) const { write(LogLevel::info, text); }
  void debug(std::string_view text) const { write(LogLevel::debug, text); }

 private:
  void write(LogLevel level, std::string_view text) const;
  LogLevel level_;
  LogFormat format_;
  int fd_;
};

/// journald where stderr is the journal's stream (JOURNAL_STREAM), else text.
[[nodiscard]] LogFormat detect_log_format();

}  // namespace akgate
