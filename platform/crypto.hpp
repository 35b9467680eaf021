// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace akgate {

/// The one place that includes Mbed TLS (2.28 and 3.6 alike). Nothing here is ours: HMAC-SHA256
/// (RFC 2104), HKDF-SHA256 (RFC 5869), AES-256-GCM (NIST SP 800-38D).

/// 256 bits of key, wiped when they go.
class Key256 {
 public:
  using Bytes = std::array<std::uint8_t, 32>;
  explicit Key256(const Bytes& bytes) : bytes_(bytes) {}
  Key256(const Key256&) = default;
  Key256& operator=(const Key256&) = default;
  ~Key256();
  [[nodiscard]] std::span<const std::uint8_t, 32> reveal() const { return bytes_; }

 private:
  Bytes bytes_;
};

/// Fills with bytes from the kernel's random number generator; waits for it to be seeded. A failure
/// ends the program: nothing can be sealed without it.
void fill_random(std::span<std::uint8_t> out);

[[nodiscard]] Key256 random_key();

/// A key for one use, derived from a master key (HKDF-SHA256, no salt, `use` as info).
[[nodiscard]] Key256 derive_key(const Key256& master, std::string_view use);

/// Of anything that is no secret.
[[nodiscard]] std::array<std::uint8_t, 32> sha256_of(std::string_view bytes);

[[nodiscard]] std::array<std::uint8_t, 32> hmac_sha256(const Key256& key,
                                                       std::span<const std::uint8_t> message);

/// Authenticated encryption with AES-256-GCM, 12 random bytes of nonce before and 16 bytes of tag
/// behind the ciphertext. Good for 2^32 seals under one key (random nonces). One thread at a time.
class Aead {
 public:
  static constexpr std::size_t kOverhead = 12 + 16;

  explicit Aead(const Key256& key);
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;
  ~Aead();

  [[nodiscard]] std::string seal(std::string_view plain, std::string_view associated);
  /// False where the sealed text, the key or the associated data are not what they were (I7);
  /// `plain` is empty then.
  [[nodiscard]] bool open(std::string_view sealed, std::string_view associated, std::string& plain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "3.6.4", for --version.
[[nodiscard]] std::string crypto_version();

}  // namespace akgate
