// SPDX-License-Identifier: Apache-2.0
#include "platform/log.hpp"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "base/text.hpp"

namespace akgate {

namespace {

constexpr std::string_view kCut = "…";

struct LevelWords {
  std::string_view name;
  std::string_view priority;  ///< As syslog(3) numbers them, in the form of sd-daemon(3).
};

LevelWords words_for(LogLevel level) {
  switch (level) {
    case LogLevel::error:
      return {.name = "error", .priority = "<3>"};
    case LogLevel::warning:
      return {.name = "warning", .priority = "<4>"};
    case LogLevel::info:
      return {.name = "info", .priority = "<6>"};
    case LogLevel::debug:
      break;
  }
  return {.name = "debug", .priority = "<7>"};
}

std::string utc_now() {
  const time_t now = time(nullptr);
  struct tm parts {};
  std::array<char, 32> text{};
  if (gmtime_r(&now, &parts) == nullptr) return "-";
  return {text.data(), strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/// The bytes of the first character; 0 where the text does not begin with one in UTF-8.
std::size_t first_character(std::string_view text) {
  for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size) {
    if (is_utf8(text.substr(0, size))) return size;
  }
  return 0;
}

/// C0, DEL, and C1 (U+0080 to U+009F), which terminals obey too.
bool is_control(std::string_view character) {
  if (has_control_character(character)) return true;
  return character.size() == 2 && character[0] == '\xc2' && character[1] < '\xa0';
}

/// One character as it may stand in a line.
std::string harmless(std::string_view character, LogFormat format) {
  if (character.empty()) return "\xef\xbf\xbd";  // U+FFFD
  if (is_control(character)) return "?";
  if (format == LogFormat::json && (character == "\"" || character == "\\")) {
    return std::string("\\").append(character);
  }
  return std::string(character);
}

/// Appends as much of the text as leaves the line within `limit`.
void append_harmless(std::string& line, std::string_view text, LogFormat format,
                     std::size_t limit) {
  std::size_t room_for_cut = line.size();  // the last place where there was room for it
  while (!text.empty()) {
    const std::size_t size = first_character(text);
    const std::string character = harmless(text.substr(0, size), format);
    if (line.size() + character.size() > limit) {
      line.resize(room_for_cut);
      line += kCut;
      return;
    }
    line += character;
    if (line.size() + kCut.size() <= limit) room_for_cut = line.size();
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
}

}  // namespace

void Log::write(LogLevel level, std::string_view text) const {
  if (level > level_) return;
  const LevelWords words = words_for(level);
  std::string line;
  std::string_view end = "\n";
  switch (format_) {
    case LogFormat::text:
      line = utc_now() + " " + std::string(words.name) + " ";
      break;
    case LogFormat::journald:
      line = words.priority;
      break;
    case LogFormat::json:
      line = R"({"time":")" + utc_now() + R"(","level":")" + std::string(words.name) +
             R"(","message":")";
      end = "\"}\n";
      break;
  }
  append_harmless(line, text, format_, kMaxLine - end.size());
  line += end;
  // One write a line, so that lines of several threads do not mix.
  while (::write(fd_, line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

LogFormat detect_log_format() {
  struct stat facts {};
  const char* const stream = std::getenv("JOURNAL_STREAM");
  if (stream == nullptr || fstat(STDERR_FILENO, &facts) != 0) return LogFormat::text;
  const std::string ours = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
  return ours == stream ? LogFormat::journald : LogFormat::text;
}

}  // namespace akgate
