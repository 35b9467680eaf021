// SPDX-License-Identifier: Apache-2.0
#include "gate/reply_buffer.hpp"

#include <utility>

namespace akgate {

namespace {

constexpr std::size_t kUsual = 512;
constexpr std::size_t kLargestSpare = 16'384;

}  // namespace

std::string& ReplyBuffer::text() {
  if (!bytes_) bytes_ = std::move(spare_);
  if (!bytes_) {
    bytes_ = std::make_unique<std::string>();
    bytes_->reserve(kUsual);
  }
  return *bytes_;
}

Transfer ReplyBuffer::send_to(int fd) {
  Transfer transfer{.kind = Transfer::Kind::would_block};
  if (!empty()) {
    transfer = send(fd, *bytes_);
    if (transfer.bytes < bytes_->size()) {
      bytes_->erase(0, transfer.bytes);
      return transfer;
    }
  }
  lend();
  return transfer;
}

void ReplyBuffer::lend() {
  if (!bytes_) return;
  bytes_->clear();
  if (bytes_->capacity() <= kLargestSpare) spare_ = std::move(bytes_);
  bytes_.reset();
}

}  // namespace akgate
