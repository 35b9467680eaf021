// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace akgate {

/// Overwrites memory in a way the compiler may not drop.
inline void wipe(void* memory, std::size_t bytes) {
  if (bytes == 0) return;
  std::memset(memory, 0, bytes);
  // Tells the compiler that somebody looks at the memory afterwards, so the memset must happen.
  __asm__ __volatile__("" : : "r"(memory) : "memory");
}

/// Whether two byte strings are equal, in time that depends on their lengths only.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

/// Text that must not be seen: a bearer token, a secret key, a URL that holds an access key (I9).
/// It has no formatter and no stream operator, compares in constant time and is wiped when it goes.
/// `reveal()` is the one way out; each use of it is worth a look in review.
class Secret {
 public:
  Secret() = default;
  /// Takes the text over; the source is wiped.
  explicit Secret(std::string&& text);
  /// Copies; the caller keeps (and wipes) its own.
  [[nodiscard]] static Secret copy_of(std::string_view text);

  /// The parts, one behind the other.
  [[nodiscard]] static Secret joined(std::initializer_list<std::string_view> parts);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret& other) = default;
  Secret& operator=(const Secret& other);
  ~Secret();

  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string_view reveal() const { return text_; }
  /// NUL-terminated, for C interfaces; valid while this object lives unchanged.
  [[nodiscard]] const char* reveal_c_str() const { return text_.c_str(); }

  [[nodiscard]] bool operator==(const Secret& other) const {
    return equal_in_constant_time(text_, other.text_);
  }

 private:
  std::string text_;
};

}  // namespace akgate
