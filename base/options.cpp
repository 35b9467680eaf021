// SPDX-License-Identifier: Apache-2.0
#include "base/options.hpp"

#include <algorithm>
#include <cstddef>

#include "base/nearest.hpp"

namespace akgate {

namespace {

std::string dashed(std::string_view name) { return "--" + std::string(name); }

// How the option is written: `--socket PATH`.
std::string usage(const Option& option) {
  if (option.value.empty()) return dashed(option.name);
  return dashed(option.name) + " " + std::string(option.value);
}

// What a person typed after the dashes, where it looks like an option's name: anything else may be
// secret (I9).
std::string show(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz-";
  const bool shown =
      name.size() <= 32 && name.find_first_not_of(kLetters) == std::string_view::npos;
  return shown ? dashed(name) : "what is given";
}

Result<const Option*> find_option(std::span<const Option> known, std::string_view name) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Option& option) { return option.name == name; });
  if (found != known.end()) return &*found;
  std::vector<std::string_view> names;
  for (const Option& option : known) names.push_back(option.name);
  const std::optional<std::string_view> meant = nearest(name, names);
  return Error(show(name) + " is no option here" +
               (meant ? "; did you mean " + dashed(*meant) + "?" : "; --help lists them"));
}

}  // namespace

Status Options::add(const Option& option, std::optional<std::string_view> value) {
  if (option.value.empty() && value) return Error(dashed(option.name) + " takes no value");
  if (!option.value.empty() && !value) {
    return Error(dashed(option.name) + " needs a value: " + usage(option));
  }
  if (!option.repeats && has(option.name)) {
    return Error(dashed(option.name) + " may be given only once");
  }
  given_.emplace_back(option.name, value.value_or(std::string_view()));
  return Done{};
}

Result<Options> Options::parse(std::span<const Option> known,
                               std::span<const std::string_view> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (argument == "--") {
      const auto rest = arguments.subspan(i + 1);
      options.operands_.insert(options.operands_.end(), rest.begin(), rest.end());
      break;
    }
    if (argument == "-h") argument = "--help";
    if (argument == "-" || !argument.starts_with('-')) {
      options.operands_.push_back(argument);
      continue;
    }
    if (!argument.starts_with("--")) {
      return Error("options are written in full, as --help lists them");
    }
    const std::size_t equals = std::min(argument.find('='), argument.size());
    Result<const Option*> option = find_option(known, argument.substr(2, equals - 2));
    if (!option) return std::move(option).error();
    std::optional<std::string_view> value;
    if (equals < argument.size()) {
      value = argument.substr(equals + 1);
    } else if (!(*option)->value.empty() && i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    if (Status added = options.add(**option, value); !added) return std::move(added).error();
  }
  return options;
}

std::optional<std::string_view> Options::value(std::string_view name) const {
  const auto found = std::find_if(given_.begin(), given_.end(),
                                  [&](const auto& option) { return option.first == name; });
  if (found == given_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string_view> Options::values(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [given, value] : given_) {
    if (given == name) values.push_back(value);
  }
  return values;
}

std::string describe(std::span<const Option> options) {
  std::size_t width = 0;
  for (const Option& option : options) width = std::max(width, usage(option).size());
  std::string text;
  for (const Option& option : options) {
    std::string left = usage(option);
    left.resize(width, ' ');
    text += "  " + left + "  " + std::string(option.help) + "\n";
  }
  return text;
}

}  // namespace akgate
