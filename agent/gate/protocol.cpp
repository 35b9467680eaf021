// SPDX-License-Identifier: Apache-2.0
#include "gate/protocol.hpp"

#include <utility>

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

/// The question behind `CHECK` or `WATCH`, or what is wrong with it.
std::variant<Check, std::string> parse_check(Words words, const Demands& demands) {
  const std::string_view key = words.next();
  if (key.empty() || looks_like_named_value(key))
    return "CHECK and WATCH need an access key before anything else";
  Check check;
  check.question.key = AccessKey::parse(key);
  Parameters parameters(check, demands);
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    std::string problem = parameters.take(word);
    if (!problem.empty()) return problem;
  }
  return check;
}

void append_seconds(std::string& out, std::string_view name, milliseconds span) {
  out.append(name).append(std::to_string(std::chrono::floor<seconds>(span).count()));
}

void append_id(std::string& out, std::string_view id) {
  if (!id.empty()) out.append(" id=").append(id);
}

}  // namespace

bool is_text(std::string_view line) { return !has_control_character(line) && is_utf8(line); }

Request parse_request(std::string_view line, const Demands& demands) {
  const auto bad = [line](std::string detail) {
    return BadRequest{.detail = std::move(detail), .id = find_id(line)};
  };
  Words words(line);
  const std::string_view command = words.next();
  if (command == "CHECK" || command == "WATCH") {
    auto parsed = parse_check(words, demands);
    if (auto* const problem = std::get_if<std::string>(&parsed)) return bad(std::move(*problem));
    auto& check = *std::get_if<Check>(&parsed);
    if (command == "CHECK") return std::move(check);
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

std::optional<Timestamp> until_of(const Verdict& verdict, Timestamp wall) {
  constexpr seconds kClocksAgree{2};
  if (!verdict.good_for || std::chrono::abs(wall - verdict.at) > kClocksAgree) return std::nullopt;
  return verdict.at + *verdict.good_for;
}

void append_expiry(std::string& out, const Expiry& expiry) {
  switch (expiry.kind) {
    case Expiry::Kind::missing:
      break;
    case Expiry::Kind::never:
      out.append(" expires=never");
      break;
    case Expiry::Kind::at:
      out.append(" expires=").append(format_timestamp(expiry.at));
      break;
  }
}

void append_verdict(std::string& out, const Verdict& verdict, std::string_view id, Timestamp wall) {
  out.append(verdict.allows() ? "ALLOW reason=" : "DENY reason=").append(to_string(verdict.reason));
  out.append(" source=").append(to_string(verdict.source));
  if (verdict.age) append_seconds(out, " age=", *verdict.age);
  if (verdict.good_for) append_seconds(out, " for=", *verdict.good_for);
  if (const auto until = until_of(verdict, wall))
    out.append(" until=").append(format_timestamp(*until));
  append_expiry(out, verdict.expiry);
  // The register chose it: encoded, so that no answer of its can make up fields or lines of ours.
  if (!verdict.transaction_id.empty())
    out.append(" txn=").append(percent_encode(verdict.transaction_id));
  append_id(out, id);
  out.push_back('\n');
}

void append_bad_request(std::string& out, const BadRequest& bad) {
  out.append("ERROR reason=bad-request detail=").append(percent_encode(bad.detail));
  append_id(out, bad.id);
  out.push_back('\n');
}

}  // namespace akgate
