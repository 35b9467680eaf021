// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "base/options.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "record/access_key.hpp"

namespace akgate {

/// How --help shows the access key that a command is about, and what it says about it.
inline constexpr std::string_view kAccessKeyOperand = "[AK|-]";
inline constexpr std::string_view kAccessKeyHelp =
    "AK is the access key; `-` reads it from the standard input, and without AK it is taken\n"
    "from AKGATE_ACCESS_KEY in the environment: other users see arguments in the process list.\n";

/// The access key that a command is about: its one operand, a line of the standard input where that
/// is `-`, the environment's AKGATE_ACCESS_KEY where there is none. It need not be a proper key.
[[nodiscard]] Result<Secret> take_access_key(const Options& options);
/// The same for a command that has more operands: of `operands` there is one, or none.
[[nodiscard]] Result<Secret> take_access_key(std::span<const std::string_view> operands);
/// The same for a command that goes to the register itself, which must not be asked rubbish.
[[nodiscard]] Result<AccessKey> take_proper_access_key(std::span<const std::string_view> operands);

/// An option whose value is a bearer secret too.
inline constexpr std::string_view kReidentificationToken = "reidentification-token";
/// Its value: a line of the standard input where that is `-`; empty where it is not given.
[[nodiscard]] Result<Secret> take_reidentification_token(const Options& options);

/// Wipes what looks like an access key, and the value of --reidentification-token, from the
/// process's own arguments, which other users can see in the process list (I9). To be called early,
/// once they are copied.
void hide_secrets_from_process_list(std::span<char* const> arguments);

}  // namespace akgate
