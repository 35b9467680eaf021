// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "cli/command.hpp"

namespace akgate {

/// The agent's reply to a question, taken apart.
struct GateReply {
  enum class Kind : std::uint8_t { allow, deny, error };

  Kind kind = Kind::error;
  /// Names and decoded values, in the order of the reply, less the `id`.
  std::vector<std::pair<std::string_view, std::string>> fields;

  /// Empty where there is none of that name.
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

/// Reads a reply line, less the CHANGED before news of a watched question. It is an error, and
/// thereby no allowance, unless the line is made of the protocol's words and fields alone, each
/// once, the numbers being such, the reason fitting the verdict and the id being the question's (an
/// `ERROR` may go without).
[[nodiscard]] Result<GateReply> parse_gate_reply(std::string_view line, std::string_view id);

[[nodiscard]] ExitCode exit_code(const GateReply& reply);

/// The verdict and its reason for a person, and what the reason means. Without a line end.
[[nodiscard]] std::string headline(const GateReply& reply);

/// The same, and, of a verdict, under it what is known.
[[nodiscard]] std::string describe(const GateReply& reply);

/// The reply for a program, under the names of the reply line plus `verdict`, in one line.
[[nodiscard]] std::string to_json(const GateReply& reply);

}  // namespace akgate
