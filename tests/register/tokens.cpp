// SPDX-License-Identifier: Apache-2.0
#include "tests/register/tokens.hpp"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <system_error>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "tests/register/files.hpp"
#include "tests/register/json.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kSignatureBytes = 32;

std::int64_t seconds_of(Clock::Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
  std::string text;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      text += kAlphabet[(bits >> held) & 63U];
    }
  }
  if (held > 0) {
    text += kAlphabet[(bits << (6 - held)) & 63U];
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  while (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  std::string bytes;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const char same = c == '+' ? '-' : (c == '/' ? '_' : c);
    const auto value = kAlphabet.find(same);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6U) | static_cast<unsigned>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>((bits >> held) & 255U);
    }
  }
  return bytes;
}

Result<Tokens> Tokens::open(std::filesystem::path key_file, std::chrono::seconds lifetime) {
  Tokens tokens(std::move(key_file), lifetime);
  std::error_code ignored;
  if (!tokens.key_file_.empty() && std::filesystem::exists(tokens.key_file_, ignored)) {
    const auto text = read_file(tokens.key_file_);
    if (!text) {
      return text.error();
    }
    if (!from_hex(*text, tokens.key_)) {
      return Error(tokens.key_file_.string() +
                   " does not hold 64 hex digits; remove it to have a new token key made");
    }
    return tokens;
  }
  if (auto made = tokens.forget_all(); !made) {
    return std::move(made).error();
  }
  return tokens;
}

Status Tokens::forget_all() {
  AKGATE_ASSERT(gnutls_rnd(GNUTLS_RND_KEY, key_.data(), key_.size()) == 0);
  return key_file_.empty() ? Status(Done{}) : write_file(key_file_, to_hex(key_));
}

std::string Tokens::issue(const Account& account, Clock::Time now) const {
  const auto issued = seconds_of(now);
  auto claims = new_object();
  put_text(claims.get(), "sub", account.account_id);
  put_text(claims.get(), "duid", account.duid);
  put_text(claims.get(), "role", name_of(account.role));
  put_number(claims.get(), "iat", static_cast<double>(issued));
  put_number(claims.get(), "exp", static_cast<double>(issued + lifetime_.count()));
  const std::string signing_input = base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + "." +
                                    base64url_encode(to_text(claims.get()));
  return signing_input + "." + base64url_encode(sign(signing_input));
}

std::optional<std::string> Tokens::check(std::string_view token, Clock::Time now) const {
  const auto first = token.find('.');
  const auto second = token.rfind('.');
  if (first == std::string_view::npos || first == second) {
    return std::nullopt;
  }
  const auto signature = base64_decode(token.substr(second + 1));
  const auto expected = sign(token.substr(0, second));
  if (!signature || signature->size() != expected.size() ||
      gnutls_memcmp(signature->data(), expected.data(), expected.size()) != 0) {
    return std::nullopt;
  }
  // The signature covers the header: only ours, which says HS256, can have come this far.
  const auto claims =
      parse_json(base64_decode(token.substr(first + 1, second - first - 1)).value_or(""));
  const cJSON* expires = member(claims.get(), "exp");
  if (cJSON_IsNumber(expires) == 0 ||
      expires->valuedouble <= static_cast<double>(seconds_of(now))) {
    return std::nullopt;
  }
  return std::string(text_of(member(claims.get(), "sub")));
}

std::string Tokens::sign(std::string_view signing_input) const {
  std::string mac(kSignatureBytes, '\0');
  AKGATE_ASSERT(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key_.data(), key_.size(), signing_input.data(),
                                 signing_input.size(), mac.data()) == 0);
  return mac;
}

}  // namespace akgate::sandbox
