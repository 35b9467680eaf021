// SPDX-License-Identifier: Apache-2.0
#include "register/bearer_token.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "record/duid.hpp"
#include "record/read_envelope.hpp"
#include "register/reply.hpp"

namespace akgate {

namespace {

constexpr std::size_t kMaxToken = std::size_t{8} * 1024;
constexpr double kMaxLifetime = 24 * 60 * 60;

// `b64token`: what may stand in the header.
bool is_bearer_token(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";
  const std::size_t padding = std::min(text.find_first_not_of(kLetters), text.size());
  return padding > 0 && text.size() <= kMaxToken &&
         text.find_first_not_of('=', padding) == std::string_view::npos;
}

// It goes into the log.
bool is_role(std::string_view text) {
  constexpr std::size_t kMaxRole = 32;
  return text.size() <= kMaxRole &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

// The part of a JWT (RFC 7519) that says something; nothing where the token is none.
std::optional<JsonDocument> read_payload(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  auto text = base64url_decode(token.substr(first + 1, second - first - 1));
  if (!text) return std::nullopt;
  auto payload = JsonDocument::parse(*text);
  wipe(text->data(), text->size());
  if (!payload || payload->root().ambiguous()) return std::nullopt;
  return *std::move(payload);
}

TokenClaims read_claims(JsonView payload) {
  TokenClaims claims;
  const std::string_view role = payload["role"].string().value_or("");
  if (is_role(role)) claims.role = role;
  if (const auto duid = Duid::parse(payload["duid"].string().value_or(""))) {
    claims.duid = duid->text();
  }
  return claims;
}

// In seconds; 0 or less where the token has none left.
double lifetime_of(double expires, JsonView payload, std::optional<Timestamp> now) {
  const auto exp = payload["exp"].number();
  if (!exp) return expires;
  if (const auto iat = payload["iat"].number()) expires = std::min(expires, *exp - *iat);
  if (now) {
    const std::chrono::duration<double> since_epoch = now->time_since_epoch();
    expires = std::min(expires, *exp - since_epoch.count());
  }
  return expires;
}

}  // namespace

HttpRequest token_request(const Account& account) {
  const Secret credentials = Secret::joined({account.id, ":", account.key.reveal()});
  const Secret encoded(base64_encode(credentials.reveal()));
  HttpRequest request;
  request.path = Secret::copy_of("/auth/token");
  request.authorization = Secret::joined({"Basic ", encoded.reveal()});
  return request;
}

Result<BearerToken> read_token_answer(const HttpReply& reply) {
  const auto document = parse_answer(reply.body);
  if (!document) return document.error();
  const JsonView root = document->root();
  const std::string_view text = root["bearer-token"].string().value_or("");
  const double expires = root["expires"].number().value_or(0);
  if (root.ambiguous() || !is_bearer_token(text)) {
    return Error("the register's answer holds no bearer-token");
  }
  if (expires < 1) return Error("the register's answer does not say when the bearer-token expires");

  const auto payload = read_payload(text);
  const JsonView said = payload ? payload->root() : JsonView();
  const double lifetime =
      lifetime_of(expires, said, clock_of(read_envelope(root["response"]), reply));
  if (lifetime < 1) return Error("the register's bearer-token has expired already");
  return BearerToken{
      .text = Secret::copy_of(text),
      .lifetime = std::chrono::seconds(static_cast<std::int64_t>(std::min(lifetime, kMaxLifetime))),
      .claims = read_claims(said)};
}

}  // namespace akgate
