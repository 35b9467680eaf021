// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace akgate {

/// A long option that a program takes: a row of its table of options.
struct Option {
  std::string_view name;   ///< Without the dashes.
  std::string_view value;  ///< What --help calls its value; empty for a switch, which has none.
  std::string_view help;
  bool repeats = false;  ///< May stand several times.
};

inline constexpr Option kHelpOption{.name = "help", .value = "", .help = "print this and end"};
inline constexpr Option kVersionOption{
    .name = "version", .value = "", .help = "print the version and end"};

/// What was given on a command line. Looks into the arguments, which must live as long.
class Options {
 public:
  /// Reads `--name value`, `--name=value`, switches, `-h` for `--help`, and operands between them;
  /// `-` is an operand, and all that follows `--` is. The error is a sentence that names the
  /// option, never a value or an operand, which may be secret (I9).
  [[nodiscard]] static Result<Options> parse(std::span<const Option> known,
                                             std::span<const std::string_view> arguments);

  [[nodiscard]] bool has(std::string_view name) const { return value(name).has_value(); }
  /// Empty for a switch; nothing where the option was not given.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> values(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string_view>& operands() const { return operands_; }

 private:
  [[nodiscard]] Status add(const Option& option, std::optional<std::string_view> value);

  std::vector<std::pair<std::string_view, std::string_view>> given_;
  std::vector<std::string_view> operands_;
};

/// The options as --help shows them, one a line.
[[nodiscard]] std::string describe(std::span<const Option> options);

}  // namespace akgate
