// SPDX-License-Identifier: Apache-2.0
#include "record/access_key.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace akgate {

namespace {

constexpr std::string_view kPrefix = "ak_";

std::string_view as_text(const AccessKey::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::optional<AccessKey> AccessKey::parse(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  AccessKey key;
  if (!from_hex(text.substr(kPrefix.size()), key.bytes_)) return std::nullopt;
  return key;
}

AccessKey AccessKey::from_bytes(std::span<const std::uint8_t, kBytes> bytes) {
  AccessKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

Secret AccessKey::reveal() const {
  std::string digits = to_hex(bytes_);
  std::string text;
  text.reserve(kPrefix.size() +
               digits.size());  // One allocation: nothing is left behind by growing.
  text.append(kPrefix).append(digits);
  wipe(digits.data(), digits.size());
  return Secret(std::move(text));
}

bool AccessKey::operator==(const AccessKey& other) const {
  return equal_in_constant_time(as_text(bytes_), as_text(other.bytes_));
}

}  // namespace akgate
