// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace akgate {

/// Text of at most `kMost` bytes that needs no memory but its own.
template <std::size_t kMost>
class ShortText {
 public:
  ShortText() = default;
  explicit ShortText(std::string_view text) { append(text); }

  /// What there is no room for is left out.
  ShortText& append(std::string_view text) {
    text = text.substr(0, kMost - size_);
    std::copy(text.begin(), text.end(), bytes_.begin() + size_);
    size_ = static_cast<std::uint16_t>(size_ + text.size());
    return *this;
  }
  ShortText& operator=(std::string_view text) {
    size_ = 0;
    append(text);
    return *this;
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }
  operator std::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool operator==(std::string_view other) const { return view() == other; }

 private:
  static_assert(kMost <= 65'535);
  std::uint16_t size_ = 0;
  std::array<char, kMost> bytes_{};
};

}  // namespace akgate
