// SPDX-License-Identifier: Apache-2.0
#include "cli/console.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "record/access_key.hpp"

namespace akgate {

namespace {

constexpr std::string_view kKeyPrefix = "ak_";
constexpr std::size_t kKeyLength = kKeyPrefix.size() + 2 * AccessKey::kBytes;

std::string hide_access_keys(std::string_view text) {
  std::string hidden;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t key = std::min(text.find(kKeyPrefix, at), text.size());
    hidden += text.substr(at, key - at);
    if (key == text.size()) break;
    const bool whole = AccessKey::parse(text.substr(key, kKeyLength)).has_value();
    hidden += whole ? "ak_(hidden)" : kKeyPrefix;
    at = key + (whole ? kKeyLength : kKeyPrefix.size());
  }
  return hidden;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// U+0080 to U+009F, which terminals obey too, in UTF-8.
bool is_c1(std::string_view text) {
  return text.size() >= 2 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0;
}

std::string json_number(double number) {
  std::array<char, 32> digits{};
  // Whole numbers as such, as far as doubles hold them exactly (RFC 8259, section 6).
  const bool whole = std::floor(number) == number && std::abs(number) < 9e15;
  const int length = std::snprintf(digits.data(), digits.size(), whole ? "%.0f" : "%.17g", number);
  return {digits.data(), static_cast<std::size_t>(length)};
}

}  // namespace

Status print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return Done{};
  return Error("cannot write to the standard output");
}

ExitCode complain(const Error& error) {
  std::string_view rest = error.what();
  while (true) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    static_cast<void>(
        std::fprintf(stderr, "akgate: %s\n", presentable(rest.substr(0, end)).c_str()));
    if (end == rest.size()) return ExitCode::error;
    rest.remove_prefix(end + 1);
  }
}

std::string presentable(std::string_view text, Keys keys) {
  const std::string whole = keys == Keys::hidden ? hide_access_keys(text) : std::string(text);
  std::string shown;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    const bool c1 = is_c1(std::string_view(whole).substr(at));
    shown += c1 || is_control(whole[at]) ? '?' : whole[at];
    if (c1) ++at;
  }
  return shown;
}

std::string fact(std::string_view title, std::string_view value, Keys keys) {
  if (value.empty()) return {};
  std::string line(title);
  line.resize(14, ' ');
  return line + presentable(value, keys) + '\n';
}

std::string json_string(std::string_view text, Keys keys) {
  return quote_json(keys == Keys::hidden ? hide_access_keys(text) : std::string(text));
}

std::string json_text(JsonView value, Keys keys) {
  if (const auto text = value.string()) return json_string(*text, keys);
  if (const auto number = value.number()) return json_number(*number);
  if (const auto truth = value.boolean()) return *truth ? "true" : "false";
  if (!value.is_object() && !value.is_array()) return "null";
  std::string json;
  for (JsonView child = value.first_child(); !child.missing(); child = child.next()) {
    if (!json.empty()) json += ',';
    if (value.is_object()) json += json_string(child.name(), keys) + ':';
    json += json_text(child, keys);
  }
  return value.is_object() ? '{' + json + '}' : '[' + json + ']';
}

}  // namespace akgate
