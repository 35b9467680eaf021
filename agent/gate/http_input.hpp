// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "gate/http_head.hpp"

namespace akgate {

/// What has arrived on a connection and is not read yet: at most one head's worth. Holds memory
/// only while it holds bytes, and wipes what it lets go: heads carry access keys (I9).
class HttpInput {
 public:
  using Bytes = std::array<char, kMaxHttpHeadBytes>;
  /// Memory that no input needs just now. Wiped.
  using Spare = std::unique_ptr<Bytes>;

  /// `spare` outlives the input.
  explicit HttpInput(Spare& spare) : spare_(spare) {}
  HttpInput(const HttpInput&) = delete;
  HttpInput& operator=(const HttpInput&) = delete;
  ~HttpInput() { clear(); }

  /// Where to receive into; empty only where full(). To be followed by received().
  [[nodiscard]] std::span<char> room();
  void received(std::size_t bytes);

  /// Valid until the next call that is not const.
  [[nodiscard]] std::string_view held() const;
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool full() const { return size_ == kMaxHttpHeadBytes; }
  /// Of the head that stands at the front; 0 while it is not whole.
  [[nodiscard]] std::size_t head_size() const;

  /// Lets go of that many bytes at the front.
  void drop(std::size_t bytes);
  void clear() { drop(size_); }

 private:
  Spare& spare_;
  std::unique_ptr<Bytes> bytes_;
  std::size_t size_ = 0;
  mutable std::optional<std::size_t> head_size_;  ///< Nothing: not looked for.
};

}  // namespace akgate
