// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "record/timestamp.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

// Replies of the HTTP front, values to bytes. Pure; any thread.

/// A reply before it is written.
struct FrontReply {
  std::uint16_t status = 500;
  std::string fields;  ///< Header lines of its own, each with its end.
  std::string body;    ///< For a person, or for Prometheus; may be empty.
  std::string_view type = "text/plain; charset=utf-8";
};

/// A verdict: 200 for an allowance, 403 for a denial, and why in `X-Akgate-…`. No body: nginx keeps
/// no connection on which an answer to auth_request had one. `wall` is the system's clock at this
/// moment (see until_of()).
[[nodiscard]] FrontReply http_verdict(const Verdict& verdict, Timestamp wall);

/// A question to `/check` that is none: 400.
[[nodiscard]] FrontReply http_bad_question(std::string_view why);

/// Anything else that a person should read.
[[nodiscard]] FrontReply http_text(std::uint16_t status, std::string_view text);

/// What holds of the exchange rather than of the reply.
struct HttpEnding {
  bool keep_alive = false;  ///< Else the connection ends with this reply, which then says so.
  bool head_only = false;   ///< The request was a HEAD: the body is only measured.
};

/// Appends the whole reply. It may not be kept by anybody, and has no Date: the clock of a device
/// without a battery may be years off (RFC 9110, section 6.6.1).
void append_http_reply(std::string& out, const FrontReply& reply, const HttpEnding& ending);

}  // namespace akgate
