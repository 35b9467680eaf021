// SPDX-License-Identifier: Apache-2.0
#include "register/http_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/text.hpp"

namespace akgate {

namespace {

// As RFC 9111, section 1.2.2 has it for seconds that fit nowhere: large, and no overflow in any
// arithmetic.
constexpr std::uint64_t kMaxSeconds = std::uint64_t{1} << 31U;

std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  const std::uint64_t seconds = parse_number(text).value_or(kMaxSeconds);
  return std::chrono::seconds(static_cast<std::int64_t>(std::min(seconds, kMaxSeconds)));
}

// `01` to `12`, or nothing.
std::optional<std::string> month_number(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* const found = std::find(kMonths.begin(), kMonths.end(), name);
  if (found == kMonths.end()) return std::nullopt;
  const std::string number = std::to_string(found - kMonths.begin() + 1);
  return number.size() == 1 ? "0" + number : number;
}

}  // namespace

std::optional<Timestamp> parse_http_date(std::string_view text) {
  constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != kForm.size() || text.substr(3, 2) != ", " || text[7] != ' ' ||
      text[11] != ' ' || text[16] != ' ' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto month = month_number(text.substr(8, 3));
  if (!month) return std::nullopt;
  // The rest is RFC 3339's business: digits where they must be, days that exist.
  return parse_timestamp(std::string(text.substr(12, 4)) + "-" + *month + "-" +
                         std::string(text.substr(5, 2)) + "T" + std::string(text.substr(17, 8)) +
                         "Z");
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                           std::optional<Timestamp> date) {
  if (const auto seconds = parse_seconds(text)) return *seconds;
  const auto until = parse_http_date(text);
  if (!until || !date || *until <= *date) return std::nullopt;
  return *until - *date;
}

std::optional<std::chrono::seconds> parse_age(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t");
  if (last == std::string_view::npos) return std::nullopt;
  return parse_seconds(text.substr(0, last + 1)).value_or(std::chrono::seconds::max());
}

}  // namespace akgate
