// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cli/command.hpp"

namespace akgate {

/// `akgate check`: asks the agent one question.
extern const Command kCheckCommand;

/// The id of the one question that a connection carries.
inline constexpr std::string_view kQuestionId = "akgate";

/// The question as a line for the gate, from the options of `akgate check`. The key need not be
/// one: that is the agent's to say, and to count. An error where it does not fit a line of the
/// protocol.
[[nodiscard]] Result<Secret> question_line(const Secret& key, const Options& options);

}  // namespace akgate
