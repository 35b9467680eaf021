// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace akgate {

// A request's head, bytes to value (RFC 9112). Pure; any thread. Strict where the RFC leaves a
// choice: what two readers might read in two ways is refused, so that nothing can be smuggled past
// a proxy that reads it the other way.

/// How long a head may be, the empty line at its end included.
inline constexpr std::size_t kMaxHttpHeadBytes = 8192;
/// How many header lines it may have.
inline constexpr std::size_t kMaxHttpFields = 64;

/// One header line.
struct HttpField {
  std::string_view name;   ///< As spelt; never empty.
  std::string_view value;  ///< Without blanks at either end; may be empty. No control character but
                           ///< tab. Maybe a secret (I9).
};

/// A request, as far as its head tells. All views look into the bytes it was read from.
struct HttpHead {
  std::string_view method;
  std::string_view path;  ///< Without the query; not decoded. Begins with `/`, or is `*`.
  std::vector<HttpField> fields;
  bool keep_alive = false;  ///< The asker would use the connection again.
  bool has_body = false;

  /// The first line of that name, in any case; null where there is none.
  [[nodiscard]] const HttpField* find(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
};

/// A head that is none. Nobody can tell where the next request begins, so the connection ends.
struct HttpFault {
  std::uint16_t status = 400;  ///< 400, 431 or 505.
  std::string_view why;        ///< For a person; nothing of what was sent (I9).
};

/// What a head is that goes beyond kMaxHttpHeadBytes.
inline constexpr HttpFault kHttpHeadTooLong{.status = 431,
                                            .why = "more than 8192 bytes of headers"};
static_assert(kMaxHttpHeadBytes == 8192, "the text says so");

/// How many bytes the head has that stands at the front of these; 0 while its end has not come. A
/// line that does not end as it must is taken for the end: nothing behind it can mend it.
[[nodiscard]] std::size_t http_head_size(std::string_view bytes);

/// Reads a whole head, its end included. To be fuzzed from here.
[[nodiscard]] std::variant<HttpHead, HttpFault> parse_http_head(std::string_view head);

/// Whether two names are the same header (RFC 9110, section 5.1: in any case).
[[nodiscard]] bool is_same_header(std::string_view a, std::string_view b);

}  // namespace akgate
