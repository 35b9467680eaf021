// SPDX-License-Identifier: Apache-2.0
#include "gate/protocol.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/short_text.hpp"
#include "base/text.hpp"
#include "gate/parameters.hpp"
#include "gate/words.hpp"

namespace akgate {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// `Name=…` where a key should stand. Names of the protocol are letters and hyphens; what has
/// anything else before the `=` is taken for a would-be key.
bool looks_like_named_value(std::string_view word) {
  constexpr std::string_view kNameCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";
  const std::size_t name_end = word.find_first_not_of(kNameCharacters);
  return name_end != std::string_view::npos && word[name_end] == '=';
}

std::string find_id(std::string_view line) {
  constexpr std::string_view kName = "id=";
  Words words(line);
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    if (!word.starts_with(kName)) continue;
    std::optional<std::string> id = percent_decode(word.substr(kName.size()));
    if (id && is_id(*id)) return std::move(*id);
  }
  return {};
}

/// Reads the question behind `CHECK` or `WATCH`; tells what is wrong with it, if anything is.
std::string read_check(Words words, const Demands& demands, Check& check) {
  const std::string_view key = words.next();
  if (key.empty() || looks_like_named_value(key))
    return "CHECK and WATCH need an access key before anything else";
  check.question.key = AccessKey::parse(key);
  Parameters parameters(check, demands);
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    std::string problem = parameters.take(word);
    if (!problem.empty()) return problem;
  }
  return {};
}

/// A reply as it is written: with a bound, so that it needs no memory. What is longest in it is a
/// transaction-id each of whose bytes is encoded.
using ReplyText = ShortText<1024>;

void append_seconds(ReplyText& out, std::string_view name, milliseconds span) {
  std::array<char, 20> digits{};
  const auto [end, _] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                      std::chrono::floor<seconds>(span).count());
  out.append(name).append(
      std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

void append_instant(ReplyText& out, std::string_view name, Timestamp at) {
  out.append(name).append(spell_timestamp(at).data());
}

void append_expiry(ReplyText& out, const Expiry& expiry) {
  switch (expiry.kind) {
    case Expiry::Kind::missing:
      break;
    case Expiry::Kind::never:
      out.append(" expires=never");
      break;
    case Expiry::Kind::at:
      append_instant(out, " expires=", expiry.at);
      break;
  }
}

void append_id(std::string& out, std::string_view id) {
  if (!id.empty()) out.append(" id=").append(id);
}

}  // namespace

bool is_text(std::string_view line) { return is_plain_text(line); }

LineAndId split_off_id(std::string_view line) {
  constexpr std::string_view kId = " id=";
  // rfind() looks at one byte at a time, and the last word is often a long one.
  const auto* const space = static_cast<const char*>(memrchr(line.data(), ' ', line.size()));
  const std::size_t last_word =
      space == nullptr ? line.size() : static_cast<std::size_t>(space - line.data());
  if (!line.substr(last_word).starts_with(kId)) {
    return {.line = line, .id = {}};
  }
  const std::string_view id = line.substr(last_word + kId.size());
  if (!is_id(id)) return {.line = line, .id = {}};
  return {.line = line.substr(0, last_word), .id = id};
}

Request parse_request(std::string_view line, const Demands& demands) {
  const auto bad = [line](std::string detail) {
    return BadRequest{.detail = std::move(detail), .id = find_id(line)};
  };
  Words words(line);
  const std::string_view command = words.next();
  if (command == "CHECK" || command == "WATCH") {
    Request request(std::in_place_type<Check>);
    auto& check = *std::get_if<Check>(&request);
    std::string problem = read_check(words, demands, check);
    if (!problem.empty()) return bad(std::move(problem));
    if (command == "CHECK") return request;
    if (check.id.empty()) return bad("WATCH needs an id, under which its news will come");
    return Watch{std::move(check)};
  }
  if (command == "UNWATCH") {
    std::string id = find_id(line);
    static_cast<void>(words.next());
    if (id.empty() || !words.next().empty()) return bad("UNWATCH needs id=, and nothing else");
    return Unwatch{std::move(id)};
  }
  if (command == "PING" || command == "HELLO") {
    if (!words.next().empty()) return bad("PING and HELLO stand alone");
    if (command == "PING") return Ping{};
    return Hello{};
  }
  if (command.empty()) return bad("the line is empty");
  return bad("unknown command; there are CHECK, WATCH, UNWATCH, PING and HELLO");
}

bool clocks_agree(Timestamp wall, Timestamp trusted) {
  return std::chrono::abs(wall - trusted) <= seconds(2);
}

std::optional<Timestamp> until_of(const Verdict& verdict, Timestamp wall) {
  if (!verdict.good_for || !clocks_agree(wall, verdict.at)) return std::nullopt;
  return verdict.at + *verdict.good_for;
}

void append_expiry(std::string& out, const Expiry& expiry) {
  ReplyText text;
  append_expiry(text, expiry);
  out.append(text);
}

void append_verdict(std::string& out, const Verdict& verdict, std::string_view id, Timestamp wall) {
  ReplyText text;
  text.append(verdict.allows() ? "ALLOW reason=" : "DENY reason=");
  text.append(to_string(verdict.reason)).append(" source=").append(to_string(verdict.source));
  if (verdict.age) append_seconds(text, " age=", *verdict.age);
  if (verdict.good_for) append_seconds(text, " for=", *verdict.good_for);
  if (const auto until = until_of(verdict, wall)) append_instant(text, " until=", *until);
  append_expiry(text, verdict.expiry);
  // The register chose it: encoded, so that no answer of its can make up fields or lines of ours.
  if (is_plain_word(verdict.transaction_id)) {
    text.append(" txn=").append(verdict.transaction_id);
  } else if (!verdict.transaction_id.empty()) {
    text.append(" txn=").append(percent_encode(verdict.transaction_id));
  }
  if (!id.empty()) text.append(" id=").append(id);
  out.append(text.append("\n"));
}

void append_bad_request(std::string& out, const BadRequest& bad) {
  out.append("ERROR reason=bad-request detail=").append(percent_encode(bad.detail));
  append_id(out, bad.id);
  out.push_back('\n');
}

}  // namespace akgate
