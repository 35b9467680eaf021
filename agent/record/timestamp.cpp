// SPDX-License-Identifier: Apache-2.0
#include "record/timestamp.hpp"

#include <algorithm>
#include <cstddef>

namespace akgate {

namespace {

using std::chrono::milliseconds;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Eats text from the front; every step says whether it was there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }

  // Exactly `count` digits.
  bool number(std::size_t count, int& out) {
    if (rest_.size() < count || !std::all_of(rest_.begin(), rest_.begin() + count, is_digit)) {
      return false;
    }
    out = 0;
    for (const char c : rest_.substr(0, count)) out = out * 10 + (c - '0');
    rest_.remove_prefix(count);
    return true;
  }

  bool one_of(std::string_view choices) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // The digits behind a decimal point, cut to milliseconds.
  bool fraction(milliseconds& out) {
    const std::size_t count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    int value = 0;
    for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < count ? rest_[i] - '0' : 0);
    rest_.remove_prefix(count);
    out = milliseconds(value);
    return count > 0;
  }

 private:
  std::string_view rest_;
};

struct TimeOfDay {
  int hour = 0;
  int minute = 0;
  int second = 0;
  milliseconds fraction{0};
};

bool scan_date(Scanner& scanner, std::chrono::sys_days& out) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!scanner.number(4, year) || !scanner.one_of("-") || !scanner.number(2, month) ||
      !scanner.one_of("-") || !scanner.number(2, day)) {
    return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  out = date;
  return true;
}

bool scan_time(Scanner& scanner, TimeOfDay& out) {
  if (!scanner.number(2, out.hour) || !scanner.one_of(":") || !scanner.number(2, out.minute) ||
      !scanner.one_of(":") || !scanner.number(2, out.second)) {
    return false;
  }
  if (out.hour > 23 || out.minute > 59 || out.second > 60) return false;
  return !scanner.one_of(".") || scanner.fraction(out.fraction);
}

bool scan_offset(Scanner& scanner, std::chrono::minutes& out) {
  if (scanner.one_of("Zz")) return true;
  const bool ahead = scanner.one_of("+");
  if (!ahead && !scanner.one_of("-")) return false;
  int hours = 0;
  int minutes = 0;
  if (!scanner.number(2, hours) || !scanner.one_of(":") || !scanner.number(2, minutes)) {
    return false;
  }
  if (hours > 23 || minutes > 59) return false;
  out = std::chrono::minutes(hours * 60 + minutes) * (ahead ? 1 : -1);
  return true;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Scanner scanner(text);
  std::chrono::sys_days date;
  TimeOfDay time;
  std::chrono::minutes offset{0};
  if (!scan_date(scanner, date) || !scanner.one_of("Tt") || !scan_time(scanner, time) ||
      !scan_offset(scanner, offset) || !scanner.done()) {
    return std::nullopt;
  }
  const auto minute =
      date + std::chrono::hours(time.hour) + std::chrono::minutes(time.minute) - offset;
  if (time.second == 60) {
    const auto of_day = minute - std::chrono::floor<std::chrono::days>(minute);
    if (of_day != std::chrono::hours(23) + std::chrono::minutes(59)) return std::nullopt;
    time.second = 59;
  }
  return minute + std::chrono::seconds(time.second) + time.fraction;
}

TimestampText spell_timestamp(Timestamp at) {
  using namespace std::chrono;
  constexpr Timestamp kFirst = sys_days(year(0) / January / 1);
  constexpr Timestamp kLast = sys_days(year(10000) / January / 1) - milliseconds(1);
  const auto clamped = floor<seconds>(std::clamp(at, kFirst, kLast));
  const sys_days day_start = floor<days>(clamped);
  const year_month_day date(day_start);
  const hh_mm_ss time(clamped - day_start);

  TimestampText text{"0000-00-00T00:00:00Z"};
  const auto put = [&text](std::size_t place, unsigned number) {
    text[place] = static_cast<char>('0' + number / 10);
    text[place + 1] = static_cast<char>('0' + number % 10);
  };
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  put(0, year / 100);
  put(2, year % 100);
  put(5, static_cast<unsigned>(date.month()));
  put(8, static_cast<unsigned>(date.day()));
  put(11, static_cast<unsigned>(time.hours().count()));
  put(14, static_cast<unsigned>(time.minutes().count()));
  put(17, static_cast<unsigned>(time.seconds().count()));
  return text;
}

std::string format_timestamp(Timestamp at) { return spell_timestamp(at).data(); }

}  // namespace akgate
