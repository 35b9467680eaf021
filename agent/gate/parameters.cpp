// SPDX-License-Identifier: Apache-2.0
#include "gate/parameters.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace akgate {

/// What is wrong with a value, to be read behind its name; empty for nothing.
using Problem = std::string_view;

struct Parameter {
  std::string_view name;
  Problem (*take)(Check&, const Demands&, std::string_view value);
  bool repeats = false;
};

namespace {

Problem take_id(Check& check, const Demands& /*demands*/, std::string_view value) {
  if (!is_id(value)) return "must be 1 to 32 letters, digits, dots, underscores or hyphens";
  check.id = value;
  return {};
}

Problem take_data_type(Check& check, const Demands& /*demands*/, std::string_view value) {
  if (value.size() > DataTypes::kMaxLength) return "is longer than 64 bytes";
  if (!check.question.data_types.add(value)) return "names more than 32 different types";
  return {};
}
static_assert(DataTypes::kMaxLength == 64 && DataTypes::kMaxTypes == 32,
              "the two texts above say so");

Problem take_mpxn(Check& check, const Demands& demands, std::string_view value) {
  if (demands.mpxn == Demand::off) return "is not checked here: the agent's policy says off";
  check.question.mpxn = value;
  return {};
}

Problem take_controller(Check& check, const Demands& /*demands*/, std::string_view value) {
  check.question.controller = value;
  return {};
}

Problem take_duid(Check& check, const Demands& demands, std::string_view value) {
  if (demands.data_user == Demand::off) return "is not checked here: the agent's policy says off";
  check.question.duid = value;
  return {};
}

Problem take_timeout(Check& check, const Demands& /*demands*/, std::string_view value) {
  constexpr std::uint64_t kMaxMilliseconds = 60000;
  const std::optional<std::uint64_t> number = parse_number(value);
  if (!number || *number < 1 || *number > kMaxMilliseconds)
    return "must be 1 to 60000 milliseconds";
  check.timeout = std::chrono::milliseconds(*number);
  return {};
}

Problem take_mode(Check& check, const Demands& /*demands*/, std::string_view value) {
  if (value == "normal") {
    check.question.mode = Mode::normal;
  } else if (value == "cached") {
    check.question.mode = Mode::cached;
  } else if (value == "fresh") {
    check.question.mode = Mode::fresh;
  } else {
    return "must be normal, cached or fresh";
  }
  return {};
}

constexpr std::array<Parameter, 7> kParameters = {{
    {"id", take_id},
    {"data-type", take_data_type, true},
    {"mpxn", take_mpxn},
    {"controller", take_controller},
    {"duid", take_duid},
    {"timeout", take_timeout},
    {"mode", take_mode},
}};

constexpr const char* kUnknownName = "unknown name in the question";

const Parameter* find_parameter(std::string_view name) {
  const auto* const found = std::find_if(kParameters.begin(), kParameters.end(),
                                         [&](const Parameter& p) { return p.name == name; });
  return found == kParameters.end() ? nullptr : found;
}

}  // namespace

bool is_id(std::string_view text) {
  constexpr std::size_t kMaxLength = 32;
  const auto may_stand = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= kMaxLength &&
         std::all_of(text.begin(), text.end(), may_stand);
}

std::string Parameters::take(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return "behind the key all must be name=value";
  const std::string_view name = word.substr(0, equals);
  const std::string_view value = word.substr(equals + 1);
  const Parameter* const parameter = find_parameter(name);
  if (parameter == nullptr) return kUnknownName;
  if (value.find('%') == std::string_view::npos) return take(*parameter, value);
  const std::optional<std::string> decoded = percent_decode(value);
  if (!decoded) return std::string(name) + " has a % without two hex digits behind it";
  return take_literal(name, *decoded);
}

std::string Parameters::take_literal(std::string_view name, std::string_view value) {
  const Parameter* const parameter = find_parameter(name);
  if (parameter == nullptr) return kUnknownName;
  if (!is_text(value)) return std::string(name) + " holds bytes that are no text";
  return take(*parameter, value);
}

std::string Parameters::take(const Parameter& parameter, std::string_view value) {
  static_assert(kParameters.size() == kNames);
  const auto wrong = [&](Problem problem) {
    return std::string(parameter.name).append(" ").append(problem);
  };

  const auto place = static_cast<std::size_t>(&parameter - kParameters.data());
  if (seen_[place] && !parameter.repeats) return wrong("stands twice");
  seen_[place] = true;
  if (value.empty()) return wrong("has no value");
  const Problem problem = parameter.take(check_, demands_, value);
  return problem.empty() ? std::string() : wrong(problem);
}

}  // namespace akgate
