// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "platform/clock.hpp"
#include "register/account.hpp"
#include "register/bearer_token.hpp"
#include "register/outcome.hpp"
#include "register/transport.hpp"

namespace akgate {

/// How it stands with the bearer token, for STATUS.
enum class TokenState : std::uint8_t {
  no_account,  ///< None is configured.
  none,        ///< Not needed yet, or out of date.
  held,
  refused,     ///< The register refused our credentials; we try again at growing intervals only.
  unreachable  ///< It could not be asked for one, or gave none that makes sense.
};

/// Sends requests with the account's bearer token (operation 1, `GET /auth/token`): fetched with
/// Basic credentials when first needed, one fetch for any number of requests, kept in memory until
/// shortly before it expires, fetched anew once where a request gets a 401. Credentials that were
/// refused are not offered again before a pause that doubles each time (1 s to 5 min, 30 s where
/// the register only cannot answer; `Retry-After` is heeded, up to 5 min): many
/// registers lock an account for less (I11). Where a new token does not help against a 401 either,
/// the same pause goes before a 401 is answered with a new token again.
///
/// All on the transport's loop, but for state().
class AuthorizedTransport {
 public:
  struct Reply {
    /// The register's reply to the request; or, where there is no token, to the request for one;
    /// or none (status 0, not sent) where none was made. Without its body where not `authorized`.
    HttpReply http;
    /// False: the request itself was not sent. `http.problem` says why, and `obstacle` what that
    /// makes of the inquiry.
    bool authorized = false;
    Ending obstacle;
    unsigned requests = 0;  ///< How many requests the register saw for this one.
    TokenClaims claims;     ///< Of the token that was used, or would have been.
  };
  using OnReply = std::function<void(Reply)>;

  /// `transport` and `clock` outlive it.
  AuthorizedTransport(Transport& transport, const Clock& clock, Account account);
  /// Requests under way are given up and their `on_reply` is never called. Not to be called within
  /// one.
  ~AuthorizedTransport();

  /// Calls `on_reply` exactly once, later. `request.authorization` is ours to set. A request that
  /// the register is known to refuse to some roles (`refused_roles`, which outlive it) is not sent
  /// with a token of one of them.
  void send(HttpRequest request, OnReply on_reply,
            std::span<const std::string_view> refused_roles = {});

  struct Token {
    Secret text;
    std::chrono::seconds lasts{0};  ///< From now.
    TokenClaims claims;
  };
  /// The token itself, for `akgate register token`; the error says why there is none. Calls
  /// `on_token` exactly once, later.
  void fetch(std::function<void(Result<Token>)> on_token);

  /// Any thread.
  [[nodiscard]] TokenState state() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace akgate
