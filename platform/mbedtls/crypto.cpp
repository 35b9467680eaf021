// SPDX-License-Identifier: Apache-2.0
#include "platform/crypto.hpp"

#include <mbedtls/gcm.h>
#include <mbedtls/hkdf.h>
#include <mbedtls/md.h>
#include <mbedtls/version.h>

#include "base/assert.hpp"
#include "base/secret.hpp"

namespace akgate {

// Where Mbed TLS reports a failure below, a key has the wrong size or memory ran out: ours to get
// right, and nothing an agent could go on without. Only "the tag does not match" is an answer.

namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
static_assert(Aead::kOverhead == kNonceSize + kTagSize);

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

const mbedtls_md_info_t* sha256() {
  const mbedtls_md_info_t* const info = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
  AKGATE_ASSERT(info != nullptr);
  return info;
}

}  // namespace

Key256::~Key256() { wipe(bytes_.data(), bytes_.size()); }

Key256 random_key() {
  Key256::Bytes bytes;
  fill_random(bytes);
  const Key256 key(bytes);
  wipe(bytes.data(), bytes.size());
  return key;
}

Key256 derive_key(const Key256& master, std::string_view use) {
  Key256::Bytes bytes;
  const auto secret = master.reveal();
  AKGATE_ASSERT(mbedtls_hkdf(sha256(), nullptr, 0, secret.data(), secret.size(), bytes_of(use),
                             use.size(), bytes.data(), bytes.size()) == 0);
  const Key256 key(bytes);
  wipe(bytes.data(), bytes.size());
  return key;
}

std::array<std::uint8_t, 32> sha256_of(std::string_view bytes) {
  std::array<std::uint8_t, 32> digest{};
  AKGATE_ASSERT(mbedtls_md(sha256(), reinterpret_cast<const unsigned char*>(bytes.data()),
                           bytes.size(), digest.data()) == 0);
  return digest;
}

std::array<std::uint8_t, 32> hmac_sha256(const Key256& key, std::span<const std::uint8_t> message) {
  std::array<std::uint8_t, 32> mac{};
  const auto secret = key.reveal();
  AKGATE_ASSERT(mbedtls_md_hmac(sha256(), secret.data(), secret.size(), message.data(),
                                message.size(), mac.data()) == 0);
  return mac;
}

struct Aead::State {
  mbedtls_gcm_context gcm{};

  explicit State(const Key256& key) {
    mbedtls_gcm_init(&gcm);
    AKGATE_ASSERT(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, key.reveal().data(), 256) == 0);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { mbedtls_gcm_free(&gcm); }  // wipes the key schedule
};

Aead::Aead(const Key256& key) : state_(std::make_unique<State>(key)) {}
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;
Aead::~Aead() = default;

std::string Aead::seal(std::string_view plain, std::string_view associated) {
  std::string sealed(kOverhead + plain.size(), '\0');
  std::uint8_t* const nonce = bytes_of(sealed);
  std::uint8_t* const ciphertext = nonce + kNonceSize;
  std::uint8_t* const tag = ciphertext + plain.size();
  fill_random({nonce, kNonceSize});
  AKGATE_ASSERT(mbedtls_gcm_crypt_and_tag(&state_->gcm, MBEDTLS_GCM_ENCRYPT, plain.size(), nonce,
                                          kNonceSize, bytes_of(associated), associated.size(),
                                          bytes_of(plain), ciphertext, kTagSize, tag) == 0);
  return sealed;
}

bool Aead::open(std::string_view sealed, std::string_view associated, std::string& plain) {
  plain.clear();
  if (sealed.size() < kOverhead) return false;
  const std::size_t size = sealed.size() - kOverhead;
  const std::uint8_t* const nonce = bytes_of(sealed);
  const std::uint8_t* const ciphertext = nonce + kNonceSize;
  const std::uint8_t* const tag = ciphertext + size;
  plain.resize(size);
  const int failure =
      mbedtls_gcm_auth_decrypt(&state_->gcm, size, nonce, kNonceSize, bytes_of(associated),
                               associated.size(), tag, kTagSize, ciphertext, bytes_of(plain));
  if (failure == 0) return true;
  AKGATE_ASSERT(failure == MBEDTLS_ERR_GCM_AUTH_FAILED);
  plain.clear();  // Mbed TLS has wiped it
  return false;
}

std::string crypto_version() { return MBEDTLS_VERSION_STRING; }

}  // namespace akgate
