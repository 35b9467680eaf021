// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/command.hpp"
#include "record/json.hpp"

namespace akgate {

/// Writes to the standard output, whole and at once, or says that it could not.
[[nodiscard]] Status print(std::string_view text);

/// Writes `akgate: <error>` to the standard error, a line for each of the error's; gives the code
/// to end with.
ExitCode complain(const Error& error);

/// What becomes of access keys in what is printed (I9).
enum class Keys : std::uint8_t {
  hidden,  ///< `ak_(hidden)`: what is printed gets into logs.
  shown    ///< Only where handing them over is what the command is for.
};

/// Text from elsewhere as a terminal may see it: each control character (C0, DEL, C1) is a `?`.
[[nodiscard]] std::string presentable(std::string_view text, Keys keys = Keys::hidden);

/// A fact for a person, as a line; nothing where the value is empty. The value may be from
/// elsewhere.
[[nodiscard]] std::string fact(std::string_view title, std::string_view value,
                               Keys keys = Keys::hidden);

/// The text as a JSON string, in its quotes.
[[nodiscard]] std::string json_string(std::string_view text, Keys keys = Keys::hidden);

/// The value as JSON in one line.
[[nodiscard]] std::string json_text(JsonView value, Keys keys = Keys::hidden);

}  // namespace akgate
