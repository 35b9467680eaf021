// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/options.hpp"

namespace akgate {

/// How a command ended, as scripts see it.
enum class ExitCode : std::uint8_t {
  done = 0,     ///< Done; allowed.
  finding = 1,  ///< Denied; not found.
  error = 2,    ///< It could not be found out. Never an allowance.
};

/// A command of akgate.
struct Command {
  std::string_view name;      ///< One word or two: `register show`.
  std::string_view operands;  ///< As --help shows them.
  std::string_view summary;   ///< One line.
  std::string_view details;   ///< What else --help says, in whole lines.
  std::span<const Option> options;
  ExitCode (*run)(const Options& options);
};

/// Runs akgate on its arguments, the program's name not among them.
[[nodiscard]] ExitCode run_akgate(std::span<const std::string_view> arguments);

}  // namespace akgate
