// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/command.hpp"
#include "record/json.hpp"

namespace akgate {

/// Writes to the standard output, whole and at once, or says that it could not.
[[nodiscard]] Status print(std::string_view text);

/// Writes `akgate: <error>` to the standard error; gives the code to end with.
ExitCode complain(const Error& error);

/// Text from elsewhere as a terminal may see it: each control character (C0, DEL, C1) is a `?`, and
/// each access key is `ak_(hidden)` (I9): what is printed gets into logs.
[[nodiscard]] std::string presentable(std::string_view text);

/// The text as a JSON string, in its quotes, with access keys hidden.
[[nodiscard]] std::string json_string(std::string_view text);

/// The value as JSON in one line, with access keys hidden.
[[nodiscard]] std::string json_text(JsonView value);

}  // namespace akgate
