// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "platform/unix_socket.hpp"

namespace akgate {

/// Replies that wait to be sent on one connection. Holds memory only while there are any; what is
/// not too large to keep serves the next connection meanwhile. On the loop's thread.
class ReplyBuffer {
 public:
  /// Memory that no connection needs just now.
  using Spare = std::unique_ptr<std::string>;

  /// `spare` outlives the buffer.
  explicit ReplyBuffer(Spare& spare) : spare_(spare) {}

  [[nodiscard]] bool empty() const { return !bytes_ || bytes_->empty(); }
  [[nodiscard]] std::size_t size() const { return bytes_ ? bytes_->size() : 0; }
  /// To append to; good until the next call that is not const.
  [[nodiscard]] std::string& text();
  /// Sends as much as the other end takes at once; `would_block` where there is nothing.
  [[nodiscard]] Transfer send_to(int fd);

 private:
  void lend();

  Spare& spare_;
  std::unique_ptr<std::string> bytes_;
};

}  // namespace akgate
