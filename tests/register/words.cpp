// SPDX-License-Identifier: Apache-2.0
#include "tests/register/words.hpp"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::size_t kTailDigits = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// The first two characters of the published MPxN pattern: a digit or a capital but I, O and Q.
bool is_mpxn_letter(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z' && c != 'I' && c != 'O' && c != 'Q');
}

std::optional<unsigned> number(std::string_view digits) {
  if (!all_digits(digits)) {
    return std::nullopt;
  }
  const auto parsed = parse_number(digits);
  return parsed ? std::optional(static_cast<unsigned>(*parsed)) : std::nullopt;
}

bool in_range(std::string_view digits, unsigned most) {
  const auto parsed = number(digits);
  return parsed && *parsed <= most;
}

/// "HH:MM" of a clock or an offset.
bool is_hours_and_minutes(std::string_view text) {
  return text.size() == 5 && text[2] == ':' && in_range(text.substr(0, 2), 23) &&
         in_range(text.substr(3, 2), 59);
}

bool is_offset(std::string_view text) {
  if (text == "Z" || text == "z") {
    return true;
  }
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') &&
         is_hours_and_minutes(text.substr(1));
}

}  // namespace

std::string new_identifier(std::string_view prefix) {
  std::array<std::uint8_t, kTailDigits / 2> random{};
  AKGATE_ASSERT(gnutls_rnd(GNUTLS_RND_NONCE, random.data(), random.size()) == 0);
  return std::string(prefix) + to_hex(random);
}

bool is_identifier(std::string_view prefix, std::string_view text) {
  std::array<std::uint8_t, kTailDigits / 2> tail{};
  return text.starts_with(prefix) && from_hex(text.substr(prefix.size()), tail);
}

bool is_mpxn(std::string_view text) {
  if (all_digits(text)) {
    return text.size() >= 6 && text.size() <= 13;
  }
  return text.size() >= 10 && text.size() <= 12 && is_mpxn_letter(text[0]) &&
         is_mpxn_letter(text[1]) && all_digits(text.substr(2));
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return false;
  }
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  return year && month && day &&
         std::chrono::year_month_day(std::chrono::year(static_cast<int>(*year)),
                                     std::chrono::month(*month), std::chrono::day(*day))
             .ok();
}

bool is_timestamp(std::string_view text) {
  constexpr std::size_t kSeconds = 17;  // "2026-11-22T10:05:" stands before them
  if (text.size() < kSeconds + 3 || !is_date(text.substr(0, 10)) ||
      (text[10] != 'T' && text[10] != 't') || !is_hours_and_minutes(text.substr(11, 5)) ||
      text[16] != ':' || !in_range(text.substr(kSeconds, 2), 60)) {
    return false;
  }
  std::string_view rest = text.substr(kSeconds + 2);
  if (rest.starts_with('.')) {
    const auto end = rest.find_first_not_of("0123456789", 1);
    if (end == 1 || end == std::string_view::npos) {
      return false;
    }
    rest.remove_prefix(end);
  }
  return is_offset(rest);
}

bool is_http_url(std::string_view text) {
  return (text.starts_with("https://") && text.size() > 8) ||
         (text.starts_with("http://") && text.size() > 7);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text, bool negative) {
  using std::chrono::milliseconds;
  struct Unit {
    std::string_view name;
    std::int64_t in_ms;
  };
  constexpr std::array<Unit, 5> kUnits{
      {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  constexpr milliseconds kMost = std::chrono::hours(24) * 3650;

  const bool minus = negative && text.starts_with('-');
  if (minus) {
    text.remove_prefix(1);
  }
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto amount = parse_number(text.substr(0, digits));
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [&](const Unit& u) { return u.name == text.substr(digits); });
  if (!amount || unit == kUnits.end() ||
      *amount > static_cast<std::uint64_t>(kMost.count() / unit->in_ms)) {
    return std::nullopt;
  }
  const milliseconds duration(static_cast<std::int64_t>(*amount) * unit->in_ms);
  return minus ? -duration : duration;
}

}  // namespace akgate::sandbox
