// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "register/account.hpp"
#include "register/transport.hpp"

namespace akgate {

// Operation 1, `GET /auth/token`, as request and answer. Pure; any thread.

/// What a token says about us, read without checking its signature, which is the register's to
/// check: it is believed only where it keeps us from asking what would be refused.
struct TokenClaims {
  std::string role;  ///< `data_user`, `data_provider`, …; empty where it does not say.
  std::string duid;
};

/// A token as the register hands it out.
struct BearerToken {
  Secret text;
  /// From when it was asked for: `expires`, or what the token's own `exp` leaves of it, by the
  /// register's clock and never by ours. 1 s to 24 h; no token is kept longer.
  std::chrono::seconds lifetime{0};
  TokenClaims claims;
};

/// With Basic credentials (RFC 7617).
[[nodiscard]] HttpRequest token_request(const Account& account);

/// Reads a 200 answer. The text must be a bearer token (RFC 6750, section 2.1), `expires` a number
/// above 0; claims that cannot be read are none. The error never holds the token.
[[nodiscard]] Result<BearerToken> read_token_answer(const HttpReply& reply);

}  // namespace akgate
