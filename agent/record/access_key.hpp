// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/secret.hpp"

namespace akgate {

/// An access key, `ak_` and 24 lower-case hex digits: a bearer secret (I9). Held as its 12 bytes,
/// compared in constant time, wiped when it goes, and impossible to print: `reveal()` is the one
/// way out.
class AccessKey {
 public:
  static constexpr std::size_t kBytes = 12;
  using Bytes = std::array<std::uint8_t, kBytes>;

  /// Nothing unless the text is exactly `^ak_[0-9a-f]{24}$`.
  [[nodiscard]] static std::optional<AccessKey> parse(std::string_view text);
  [[nodiscard]] static AccessKey from_bytes(std::span<const std::uint8_t, kBytes> bytes);

  AccessKey(const AccessKey&) = default;
  AccessKey& operator=(const AccessKey&) = default;
  ~AccessKey() { wipe(bytes_.data(), bytes_.size()); }

  [[nodiscard]] Secret reveal() const;
  /// The same secret as bytes, for sealing and for the keyed hash.
  [[nodiscard]] std::span<const std::uint8_t, kBytes> reveal_bytes() const { return bytes_; }

  [[nodiscard]] bool operator==(const AccessKey& other) const;

 private:
  AccessKey() = default;
  Bytes bytes_{};
};

}  // namespace akgate
