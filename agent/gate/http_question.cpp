// SPDX-License-Identifier: Apache-2.0
#include "gate/http_question.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "gate/parameters.hpp"

namespace akgate {

namespace {

constexpr std::string_view kKeyHeader = "X-Access-Key";
constexpr std::string_view kDataTypeHeader = "X-Data-Type";

/// A question header, its name without hyphens, and the gate's name for what it holds.
struct Meaning {
  std::string_view header;
  std::string_view letters;
  std::string_view parameter;
};
constexpr std::array<Meaning, 5> kMeanings = {{
    {kKeyHeader, "XAccessKey", ""},
    {kDataTypeHeader, "XDataType", "data-type"},
    {"X-MPxN", "XMPxN", "mpxn"},
    {"X-Controller", "XController", "controller"},
    {"X-DUID", "XDUID", "duid"},
}};

std::string without_hyphens(std::string_view name) {
  std::string letters(name);
  std::erase_if(letters, [](char c) { return c == '-' || c == '_'; });
  return letters;
}

/// The question header that a name was meant for that differs from it by its hyphens only.
const Meaning* nearly(std::string_view name) {
  const std::string letters = without_hyphens(name);
  for (const Meaning& meaning : kMeanings) {
    if (is_same_header(letters, meaning.letters) && !is_same_header(name, meaning.header))
      return &meaning;
  }
  return nullptr;
}

/// What is wrong with the headers' names; empty for nothing.
std::string name_problem(const HttpHead& head, std::span<const std::string> required) {
  for (const Meaning& meaning : kMeanings) {
    if (head.count(meaning.header) > 1) return std::string(meaning.header) + " stands twice";
  }
  for (const HttpField& field : head.fields) {
    if (const Meaning* const meant = nearly(field.name))
      return "a header is nearly " + std::string(meant->header) + "; write it like this";
  }
  for (const std::string& name : required) {
    if (head.find(name) == nullptr)
      return name + " is missing, which http.required-headers asks for";
  }
  return {};
}

/// A comma list's places, each without the blanks around it.
class Places {
 public:
  explicit Places(std::string_view list) : rest_(list) {}
  [[nodiscard]] bool at_end() const { return at_end_; }
  std::string_view next() {
    const std::size_t comma = rest_.find(',');
    std::string_view place = rest_.substr(0, comma);
    at_end_ = comma == std::string_view::npos;
    if (!at_end_) rest_.remove_prefix(comma + 1);
    place.remove_prefix(std::min(place.find_first_not_of(" \t"), place.size()));
    return place.substr(0, place.find_last_not_of(" \t") + 1);
  }

 private:
  std::string_view rest_;
  bool at_end_ = false;
};

/// Takes one header's value; returns what is wrong with it.
std::string take(Parameters& parameters, const Meaning& meaning, std::string_view value) {
  if (meaning.header != kDataTypeHeader) return parameters.take_literal(meaning.parameter, value);
  Places places(value);
  while (!places.at_end()) {
    std::string problem = parameters.take_literal(meaning.parameter, places.next());
    if (!problem.empty()) return problem;
  }
  return {};
}

}  // namespace

std::variant<Question, HttpBadQuestion> read_http_question(const HttpHead& head,
                                                           const Demands& demands,
                                                           std::span<const std::string> required) {
  std::string problem = name_problem(head, required);
  if (!problem.empty()) return HttpBadQuestion{std::move(problem)};
  Check check;
  Parameters parameters(check, demands);
  for (const Meaning& meaning : kMeanings) {
    const HttpField* const field = head.find(meaning.header);
    if (field == nullptr) continue;
    if (meaning.header == kKeyHeader) {
      check.question.key = AccessKey::parse(field->value);
      continue;
    }
    problem = take(parameters, meaning, field->value);
    if (!problem.empty())
      return HttpBadQuestion{std::string(meaning.header) + ": " + std::move(problem)};
  }
  return std::move(check.question);
}

}  // namespace akgate
