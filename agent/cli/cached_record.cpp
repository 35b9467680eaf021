// SPDX-License-Identifier: Apache-2.0
#include "cli/cached_record.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "base/text.hpp"
#include "cli/ask_agent.hpp"
#include "cli/console.hpp"
#include "cli/control_reply.hpp"
#include "cli/spell.hpp"

namespace akgate {

namespace {

constexpr std::chrono::milliseconds kPatience(10'000);

enum class Kind : std::uint8_t { text, number, truth, list };

struct Field {
  std::string_view name;
  std::string_view title;
  Kind kind = Kind::text;
};

constexpr std::array kFields = {
    Field{.name = "fingerprint", .title = "record"},
    Field{.name = "state", .title = "state"},
    Field{.name = "blocked", .title = "blocked", .kind = Kind::truth},
    Field{.name = "complete", .title = "complete", .kind = Kind::truth},
    Field{.name = "legal-basis", .title = "legal basis"},
    Field{.name = "data-types", .title = "data", .kind = Kind::list},
    Field{.name = "expires", .title = "expires"},
    Field{.name = "age", .title = "confirmed", .kind = Kind::number},
    Field{.name = "meter-point", .title = "meter point"},
    Field{.name = "txn", .title = "transaction"},
};

struct Meaning {
  std::string_view name;
  std::string_view value;
  std::string_view meaning;
};

constexpr std::array kMeanings = {
    Meaning{"state", "not-found", "not-found: the register has no such record"},
    Meaning{"state", "unknown", "unknown: the register has not been asked yet"},
    Meaning{"state", "damaged",
            "damaged: it cannot be read, and the register is asked again when it is needed"},
    Meaning{"blocked", "yes", "yes, by the operator: every question about it is denied"},
    Meaning{"complete", "no", "no: the register left out what an allowance takes"},
    Meaning{"meter-point", "operator", "known, by the operator's word"},
    Meaning{"meter-point", "register", "known: the register lists the key there"},
    Meaning{"meter-point", "elsewhere",
            "asked about, and the register does not list the key there"},
};

const Field* find_field(std::string_view name) {
  const auto* const found = std::find_if(kFields.begin(), kFields.end(),
                                         [&](const Field& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : found;
}

bool fits(Kind kind, std::string_view value) {
  if (kind == Kind::number) return parse_number(value).has_value();
  return kind != Kind::truth || value == "yes" || value == "no";
}

bool add_field(CachedRecord& record, std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  const Field* const field = find_field(word.substr(0, equals));
  if (field == nullptr) return true;
  std::optional<std::string> value = percent_decode(word.substr(equals + 1));
  if (!value || !fits(field->kind, *value) || !record.field(field->name).empty()) return false;
  record.fields.emplace_back(field->name, std::move(*value));
  return true;
}

std::string spell(std::string_view name, std::string_view value) {
  for (const Meaning& row : kMeanings) {
    if (row.name == name && row.value == value) return std::string(row.meaning);
  }
  std::string text;
  for (const char c : value) text.append(1, c).append(c == ',' ? " " : "");
  return text;
}

std::string json_list(std::string_view values) {
  std::string json;
  while (!values.empty()) {
    const std::string_view value = values.substr(0, values.find(','));
    json += (json.empty() ? "" : ",") + json_string(value);
    values.remove_prefix(std::min(value.size() + 1, values.size()));
  }
  return "[" + json + "]";
}

std::string json_value(Kind kind, std::string_view value) {
  switch (kind) {
    case Kind::number:
      return std::to_string(parse_number(value).value_or(0));
    case Kind::truth:
      return value == "yes" ? "true" : "false";
    case Kind::list:
      return json_list(value);
    case Kind::text:
      break;
  }
  return json_string(value);
}

/// Takes the records of one reply. Gives the fingerprint to go on behind, empty at the end.
Result<std::string> take_page(std::string_view page,
                              const std::function<void(const CachedRecord&)>& take) {
  constexpr std::string_view kRecord = "RECORD ";
  constexpr std::string_view kNext = " next=";
  while (page.starts_with(kRecord)) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(line.size() + 1);
    const Result<CachedRecord> record = parse_cached_record(line.substr(kRecord.size()));
    if (!record) return record.error();
    take(*record);
  }
  if (!page.starts_with("OK records=")) return refusal_in(page);
  const std::size_t next = page.find(kNext);
  if (next == std::string_view::npos) return std::string();
  const std::string_view rest = page.substr(next + kNext.size());
  return std::string(rest.substr(0, rest.find_first_of(" \n")));
}

}  // namespace

std::string_view CachedRecord::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& candidate) { return candidate.first == name; });
  return found == fields.end() ? std::string_view() : found->second;
}

Result<CachedRecord> parse_cached_record(std::string_view words) {
  CachedRecord record;
  bool sense = is_utf8(words) && !has_control_character(words);
  while (sense && !words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(word.size() + 1, words.size()));
    sense = add_field(record, word);
  }
  if (sense && !record.field("fingerprint").empty() && !record.field("state").empty())
    return record;
  return nonsense_from_agent();
}

Status walk_cache(const std::string& socket, const std::function<void(const CachedRecord&)>& take) {
  std::string after;
  do {
    const Secret question(after.empty() ? "LIST\n" : "LIST after=" + after + "\n");
    const Result<std::string> page = ask_for_lines(socket, question, kPatience);
    if (!page) return page.error();
    Result<std::string> next = take_page(*page, take);
    if (!next) return std::move(next).error();
    // In order, so that it comes to an end.
    if (!next->empty() && *next <= after) return nonsense_from_agent();
    after = *std::move(next);
  } while (!after.empty());
  return Done{};
}

std::string describe(const CachedRecord& record) {
  std::string text;
  for (const Field& field : kFields) {
    const std::string_view value = record.field(field.name);
    text += fact(field.title, field.name == "age" ? spell_age(record) : spell(field.name, value));
  }
  return text;
}

std::string spell_age(const CachedRecord& record) {
  const std::optional<std::uint64_t> age = parse_number(record.field("age"));
  constexpr std::uint64_t kCentury = 100ULL * 365 * 24 * 3600;
  if (!age) return {};
  return spell_duration(std::chrono::seconds(std::min(*age, kCentury))) + " ago";
}

std::string to_json(const CachedRecord& record) {
  std::string json;
  for (const auto& [name, value] : record.fields) {
    json += (json.empty() ? "" : ",") + json_string(name) + ":" +
            json_value(find_field(name)->kind, value);
  }
  return "{" + json + "}";
}

}  // namespace akgate
