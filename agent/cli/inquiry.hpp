// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/options.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace akgate {

/// What `akgate check` and `akgate watch` take: a question to the agent and where to ask it.
inline constexpr std::array kInquiryOptions = {
    Option{.name = "data-type",
           .value = "TYPE",
           .help = "data that would be released; may stand several times",
           .repeats = true},
    Option{.name = "mpxn", .value = "MPXN", .help = "meter point whose data would be released"},
    Option{.name = "controller", .value = "NAME", .help = "controller that asks"},
    Option{.name = "duid", .value = "DUID", .help = "Data User that asks"},
    Option{.name = "timeout", .value = "MS", .help = "wait for an answer, at most (1 to 60000)"},
    Option{.name = "mode",
           .value = "MODE",
           .help = "normal, cached (never ask the register) or fresh (always ask it)"},
    Option{.name = "socket", .value = "PATH", .help = "the agent's gate socket"},
    Option{.name = "config",
           .value = "FILE",
           .help = "the agent's configuration, which names the socket"},
    Option{.name = "json", .value = "", .help = "print one JSON object an answer"},
    kHelpOption,
    kVersionOption,
};

/// The same, taken apart. A restriction that was given empty is kept so, for the agent to refuse.
struct Inquiry {
  std::string socket;
  Secret key;  ///< Without control characters; else it need not be one: the agent counts that.
  std::vector<std::string> data_types;
  std::optional<std::string> mpxn;
  std::optional<std::string> controller;
  std::optional<std::string> duid;
  std::string_view mode = "normal";
  std::optional<std::chrono::milliseconds> timeout;  ///< 1 ms to 60 s.
  std::chrono::milliseconds agents_timeout{};        ///< What holds without it, as far as is known.
};

[[nodiscard]] Result<Inquiry> take_inquiry(const Options& options);

/// The question as a line for the gate: `command` is CHECK or WATCH. An error where it does not fit
/// a line of the protocol.
[[nodiscard]] Result<Secret> question_line(std::string_view command, const Inquiry& inquiry,
                                           std::string_view id);

}  // namespace akgate
