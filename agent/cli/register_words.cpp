// SPDX-License-Identifier: Apache-2.0
#include "cli/register_words.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "register/operations.hpp"

namespace akgate {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 4> kStates = {"ACTIVE", "EXPIRED", "REVOKED", "DISCOVERED"};
constexpr std::array<std::string_view, 6> kLegalBases = {
    "uk-consent",     "uk-explicit-consent", "uk-legitimate-interests",
    "uk-public-task", "uk-legal-obligation", "uk-contract"};
constexpr std::array<std::string_view, 6> kReasons = {
    "customer-request",           "contract-ended",          "lia-lapsed",
    "statutory-authority-lapsed", "data-no-longer-required", "other"};

std::string list_of(Words words) {
  std::string list(words.front());
  for (const std::string_view word : words.subspan(1)) {
    list.append(word == words.back() ? " or " : ", ").append(word);
  }
  return list;
}

std::string in_the_case_of(std::string_view known, std::string_view word) {
  const bool upper = known.front() >= 'A' && known.front() <= 'Z';
  std::string text(word);
  for (char& c : text) {
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Result<std::string> take_word(const Options& options, std::string_view name, Words known) {
  const auto word = options.value(name);
  if (!word) return std::string();
  if (std::find(known.begin(), known.end(), *word) != known.end()) return std::string(*word);
  std::string what = "--" + std::string(name) + " must be " + list_of(known);
  if (const auto meant = nearest(in_the_case_of(known.front(), *word), known)) {
    what += "; did you mean " + std::string(*meant) + "?";
  }
  return Error(what);
}

}  // namespace

Result<std::string> take_state(const Options& options) {
  return take_word(options, kStateOption.name, kStates);
}

Result<std::string> take_legal_basis(const Options& options) {
  return take_word(options, kLegalBasisOption.name, kLegalBases);
}

Result<std::string> take_reason(const Options& options) {
  return take_word(options, "reason", kReasons);
}

Result<std::optional<std::size_t>> take_limit(const Options& options) {
  const auto text = options.value("limit");
  if (!text) return std::optional<std::size_t>();
  const auto limit = parse_number(*text);
  if (limit && *limit >= 1 && *limit <= kMaxListLimit) return std::optional<std::size_t>(*limit);
  return Error("--limit must be a whole number, 1 to " + std::to_string(kMaxListLimit) +
               ", the register's greatest");
}

}  // namespace akgate
