// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace akgate {

/// Names a place among Pieces.
using Number = std::uint32_t;
inline constexpr Number kNone = UINT32_MAX;

/// Places for many of a kind, each with a number. They stay where they are and are kept for the
/// next when something leaves them: so a pointer into one is good for as long as this lives, if to
/// whatever is there then.
template <typename T>
class Pieces {
 public:
  /// A place with a new T in it.
  [[nodiscard]] Number take() {
    if (free_.empty()) {
      const auto first = static_cast<Number>(size());
      pieces_.push_back(std::make_unique<Piece>());
      for (Number i = kPiece; i > 0; --i) free_.push_back(first + i - 1);
    }
    const Number number = free_.back();
    free_.pop_back();
    return number;
  }

  void give_back(Number number) {
    std::destroy_at(&(*this)[number]);
    std::construct_at(&(*this)[number]);
    free_.push_back(number);
  }

  [[nodiscard]] T& operator[](Number number) {
    return (*pieces_[number / kPiece])[number % kPiece];
  }

  /// How many places there are, taken or not.
  [[nodiscard]] std::size_t size() const { return pieces_.size() * kPiece; }

 private:
  static constexpr std::size_t kPiece = 32;
  using Piece = std::array<T, kPiece>;

  std::vector<std::unique_ptr<Piece>> pieces_;
  std::vector<Number> free_;
};

}  // namespace akgate
