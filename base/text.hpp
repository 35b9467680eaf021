// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace akgate {

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

/// Fills `out` from exactly twice as many lower-case hex digits; false (and `out` unspecified)
/// otherwise.
[[nodiscard]] bool from_hex(std::string_view digits, std::span<std::uint8_t> out);

/// Base64 with padding (RFC 4648, section 4). One allocation: nothing of a secret is left behind by
/// growing.
[[nodiscard]] std::string base64_encode(std::string_view bytes);

/// The reverse for the URL-safe alphabet without padding (RFC 4648, section 5), which JWTs use.
/// Nothing where the text is not what encoding would have given.
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

/// RFC 3986 percent-encoding of space, '%', control characters and DEL; everything else stands as
/// it is.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Whether there is anything, all of it ASCII, and nothing that percent_encode() would change.
[[nodiscard]] bool is_plain_word(std::string_view text);

/// The reverse. Nothing where a '%' is not followed by two hex digits (either case).
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Whether the text is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text);

/// Whether the text holds a control character (C0 or DEL).
[[nodiscard]] bool has_control_character(std::string_view text);

/// Whether the text is UTF-8 without control characters.
[[nodiscard]] bool is_plain_text(std::string_view text);

/// A whole decimal number without sign, space or anything behind it; nothing where it is not one or
/// does not fit.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

/// "12.3", rounded up: what is needed is not said to be less.
[[nodiscard]] std::string spell_tenths(double number);

/// The text as a JSON string, in its quotes (RFC 8259, section 7).
[[nodiscard]] std::string quote_json(std::string_view text);

}  // namespace akgate
