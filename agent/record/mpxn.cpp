// SPDX-License-Identifier: Apache-2.0
#include "record/mpxn.hpp"

#include <algorithm>

namespace akgate {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `[0-9A-HJ-NPR-Z]`: no I, O or Q, which read like digits.
bool is_distributor_letter(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z' && c != 'I' && c != 'O' && c != 'Q');
}

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

bool matches_published_pattern(std::string_view text) {
  return text.size() >= 10 && text.size() <= 12 && is_distributor_letter(text[0]) &&
         is_distributor_letter(text[1]) && all_digits(text.substr(2));
}

}  // namespace

std::optional<Mpxn> Mpxn::parse(std::string_view text) {
  const bool industry_number = text.size() >= 6 && text.size() <= 13 && all_digits(text);
  if (!industry_number && !matches_published_pattern(text)) return std::nullopt;
  return Mpxn(text);
}

}  // namespace akgate
