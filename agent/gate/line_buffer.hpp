// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "gate/protocol.hpp"

namespace akgate {

/// Cuts what arrives on a stream into lines of at most kMaxLineBytes. Holds memory only while it
/// holds bytes, and wipes it when it lets go: lines carry access keys (I9).
class LineBuffer {
 public:
  /// What stands at the front.
  struct Cut {
    enum class Kind : std::uint8_t {
      none,     ///< No whole line yet.
      line,     ///< One line, taken out.
      too_long  ///< A line beyond the bound; it stays.
    };
    Kind kind = Kind::none;
    std::string_view text;  ///< The line without its end; valid until the next call of any kind.
  };

  using Bytes = std::array<char, 4 * kMaxLineBytes>;
  /// Memory that no buffer needs just now: the next one that does need not ask for it. Wiped.
  using Spare = std::unique_ptr<Bytes>;

  LineBuffer() = default;
  /// `spare` outlives the buffer.
  explicit LineBuffer(Spare& spare) : spare_(&spare) {}
  LineBuffer(const LineBuffer&) = delete;
  LineBuffer& operator=(const LineBuffer&) = delete;
  ~LineBuffer() { clear(); }

  /// Where to receive into: never empty after next() gave `none`. To be followed by received().
  [[nodiscard]] std::span<char> room();
  void received(std::size_t bytes);

  [[nodiscard]] Cut next();

  [[nodiscard]] bool empty() const { return begin_ == end_; }
  void clear();

 private:
  Spare* spare_ = nullptr;
  std::unique_ptr<Bytes> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t touched_ = 0;  ///< Bytes behind this one were never written.
};

}  // namespace akgate
