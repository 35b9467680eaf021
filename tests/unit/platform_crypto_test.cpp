// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "platform/crypto.hpp"

namespace akgate {
namespace {

std::string bytes(std::string_view hex) {
  std::string out(hex.size() / 2, '\0');
  EXPECT_TRUE(from_hex(hex, {reinterpret_cast<std::uint8_t*>(out.data()), out.size()})) << hex;
  return out;
}

std::span<const std::uint8_t> view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A shorter key is filled up with zeros, as HMAC does by its definition.
Key256 key_of(std::string_view hex) {
  Key256::Bytes filled{};
  const std::string given = bytes(hex);
  std::copy(given.begin(), given.end(), filled.begin());
  return Key256(filled);
}

const Key256 kKey(Key256::Bytes{1});
const Key256 kOtherKey(Key256::Bytes{2});

struct HmacVector {
  const char* key;
  std::string message;
  const char* mac;
};

class Hmac : public testing::TestWithParam<HmacVector> {};

TEST_P(Hmac, gives_the_published_value) {
  EXPECT_EQ(to_hex(hmac_sha256(key_of(GetParam().key), view(GetParam().message))), GetParam().mac);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc4231, Hmac,
    testing::Values(
        HmacVector{"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
                   "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        HmacVector{"4a656665", "what do ya want for nothing?",
                   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        HmacVector{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", std::string(50, '\xdd'),
                   "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        HmacVector{"0102030405060708090a0b0c0d0e0f10111213141516171819", std::string(50, '\xcd'),
                   "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"}));

// The published HKDF vectors have other lengths of key than ours, so the definition itself (RFC
// 5869, section 2) is the measure, on the HMAC that was measured above.
TEST(DeriveKey, follows_the_definition_of_hkdf) {
  const std::string use = "akgate test use";
  const Key256::Bytes pseudorandom = hmac_sha256(Key256(Key256::Bytes{}), kKey.reveal());
  EXPECT_EQ(to_hex(derive_key(kKey, use).reveal()),
            to_hex(hmac_sha256(Key256(pseudorandom), view(use + '\x01'))));
}

TEST(DeriveKey, differs_by_use_and_by_master) {
  const std::set<std::string> keys = {
      to_hex(derive_key(kKey, "a").reveal()), to_hex(derive_key(kKey, "b").reveal()),
      to_hex(derive_key(kKey, "").reveal()), to_hex(derive_key(kOtherKey, "a").reveal())};
  EXPECT_EQ(keys.size(), 4U);
}

struct GcmVector {
  const char* key;
  const char* nonce;
  const char* associated;
  const char* plain;
  const char* ciphertext;
  const char* tag;
};

class Gcm : public testing::TestWithParam<GcmVector> {};

TEST_P(Gcm, opens_the_published_value) {
  const GcmVector& vector = GetParam();
  std::string plain;
  EXPECT_TRUE(Aead(key_of(vector.key))
                  .open(bytes(vector.nonce) + bytes(vector.ciphertext) + bytes(vector.tag),
                        bytes(vector.associated), plain));
  EXPECT_EQ(plain, bytes(vector.plain));
}

constexpr auto kZeroKey = "0000000000000000000000000000000000000000000000000000000000000000";
constexpr auto kSomeKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";

// The AES-256 cases 13 to 16 of the paper that NIST SP 800-38D standardised.
INSTANTIATE_TEST_SUITE_P(
    McGrewViega, Gcm,
    testing::Values(
        GcmVector{kZeroKey, "000000000000000000000000", "", "", "",
                  "530f8afbc74536b9a963b4f1c4cb738b"},
        GcmVector{kZeroKey, "000000000000000000000000", "", "00000000000000000000000000000000",
                  "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
        GcmVector{kSomeKey, "cafebabefacedbaddecaf888", "",
                  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
                  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                  "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
                  "b094dac5d93471bdec1a502270e3cc6c"},
        GcmVector{kSomeKey, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                  "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
                  "76fc6ece0f4e1768cddf8853bb2d551b"}));

TEST(Aead, what_is_sealed_opens_again) {
  Aead aead(kKey);
  for (const std::string& text : {std::string(), std::string("x"), std::string(1000, '\0')}) {
    std::string plain = "left over";
    EXPECT_TRUE(aead.open(aead.seal(text, "about"), "about", plain));
    EXPECT_EQ(plain, text);
  }
}

TEST(Aead, seals_the_same_text_differently_each_time) {
  Aead aead(kKey);
  EXPECT_NE(aead.seal("text", ""), aead.seal("text", ""));
}

TEST(Aead, I7_nothing_altered_opens) {
  Aead aead(kKey);
  const std::string sealed = aead.seal("the text", "about");
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string altered = sealed;
    altered[i / 8] = static_cast<char>(altered[i / 8] ^ (1 << (i % 8)));
    std::string plain = "left over";
    EXPECT_FALSE(aead.open(altered, "about", plain)) << "bit " << i;
    EXPECT_EQ(plain, "");
  }
}

TEST(Aead, I7_nothing_cut_or_lengthened_opens) {
  Aead aead(kKey);
  const std::string sealed = aead.seal("the text", "about");
  std::string plain;
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(aead.open(sealed.substr(0, size), "about", plain)) << size;
  }
  EXPECT_FALSE(aead.open(sealed + '\0', "about", plain));
}

TEST(Aead, I7_nothing_opens_in_another_place_or_under_another_key) {
  Aead aead(kKey);
  const std::string sealed = aead.seal("the text", "about");
  std::string plain;
  EXPECT_FALSE(aead.open(sealed, "about something else", plain));
  EXPECT_FALSE(aead.open(sealed, "", plain));
  EXPECT_FALSE(Aead(kOtherKey).open(sealed, "about", plain));
  EXPECT_TRUE(aead.open(sealed, "about", plain));
}

TEST(Random, keys_differ) {
  EXPECT_NE(to_hex(random_key().reveal()), to_hex(random_key().reveal()));
}

TEST(Random, fills_all_of_what_it_is_given) {
  // Longer than one getrandom() call may fill when a signal comes.
  std::vector<std::uint8_t> buffer(4096);
  fill_random(buffer);
  // 32 zero bytes at the end have a chance of 2^-256.
  EXPECT_TRUE(
      std::any_of(buffer.end() - 32, buffer.end(), [](std::uint8_t byte) { return byte != 0; }));
}

}  // namespace
}  // namespace akgate
