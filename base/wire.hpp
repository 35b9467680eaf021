// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace akgate {

/// Puts values behind one another into a string of bytes.
class WireWriter {
 public:
  /// All room is taken at once, so that no buffer with an access key in it is given up unwiped.
  explicit WireWriter(std::size_t room) { bytes_.reserve(room); }

  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void raw(std::string_view value) { bytes_.append(value); }
  /// 7 bits a byte, the lowest first; the top bit says that more follow.
  void count(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) byte(static_cast<std::uint8_t>(value | 0x80U));
    byte(static_cast<std::uint8_t>(value));
  }
  void text(std::string_view value) {
    count(value.size());
    raw(value);
  }
  /// 8 bytes, the lowest first.
  void milliseconds(std::chrono::milliseconds value) {
    auto rest = std::bit_cast<std::uint64_t>(static_cast<std::int64_t>(value.count()));
    for (int i = 0; i < 8; ++i, rest >>= 8U) byte(static_cast<std::uint8_t>(rest));
  }

  [[nodiscard]] std::string take() && { return std::move(bytes_); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::string bytes_;
};

/// Takes them off again. Once something was missing everything is: all values are zero or empty and
/// ok() is false, so it is enough to ask at the end.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    const std::string_view one = raw(1);
    return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one.front());
  }
  std::string_view raw(std::size_t size) {
    if (size > rest_.size()) return fail();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint64_t count() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const std::uint8_t group = byte();
      value |= static_cast<std::uint64_t>(group & 0x7fU) << shift;
      if ((group & 0x80U) == 0) return value;
    }
    fail();
    return 0;
  }
  std::string_view text() {
    const std::uint64_t size = count();
    return size > rest_.size() ? fail() : raw(static_cast<std::size_t>(size));
  }
  std::chrono::milliseconds milliseconds() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) {
      value |= static_cast<std::uint64_t>(byte()) << shift;
    }
    return std::chrono::milliseconds(std::bit_cast<std::int64_t>(value));
  }

  /// What is still there.
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view fail() {
    ok_ = false;
    rest_ = {};
    return {};
  }
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace akgate
