// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "tests/register/accounts.hpp"
#include "tests/register/clock.hpp"

namespace akgate::sandbox {

[[nodiscard]] std::string base64url_encode(std::string_view bytes);
/// Both alphabets are taken, with padding or without; nothing where it is neither.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// Bearer tokens: JWTs signed with HS256 (RFC 7519, RFC 7515) under a key that outlives a restart.
class Tokens {
 public:
  /// The key is kept in `key_file`, which is made where it is missing; an empty path keeps it in
  /// memory.
  [[nodiscard]] static Result<Tokens> open(std::filesystem::path key_file,
                                           std::chrono::seconds lifetime);

  [[nodiscard]] std::string issue(const Account& account, Clock::Time now) const;
  /// The account-id that a token of ours, still valid at `now`, was issued to.
  [[nodiscard]] std::optional<std::string> check(std::string_view token, Clock::Time now) const;
  [[nodiscard]] std::chrono::seconds lifetime() const { return lifetime_; }
  /// Takes a new key: every token issued so far is worthless.
  [[nodiscard]] Status forget_all();

 private:
  Tokens(std::filesystem::path key_file, std::chrono::seconds lifetime)
      : key_file_(std::move(key_file)), lifetime_(lifetime) {}
  [[nodiscard]] std::string sign(std::string_view signing_input) const;

  std::filesystem::path key_file_;
  std::chrono::seconds lifetime_;
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace akgate::sandbox
