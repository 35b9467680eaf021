// SPDX-License-Identifier: Apache-2.0
#include "gate/http_input.hpp"

#include <cstring>

#include "base/assert.hpp"
#include "base/secret.hpp"

namespace akgate {

std::span<char> HttpInput::room() {
  if (!bytes_) bytes_ = std::move(spare_);
  if (!bytes_) bytes_ = std::make_unique_for_overwrite<Bytes>();
  return std::span(*bytes_).subspan(size_);
}

void HttpInput::received(std::size_t bytes) {
  AKGATE_ASSERT(bytes <= kMaxHttpHeadBytes - size_);
  size_ += bytes;
  head_size_.reset();
}

std::size_t HttpInput::head_size() const {
  if (!head_size_) head_size_ = http_head_size(held());
  return *head_size_;
}

std::string_view HttpInput::held() const {
  return bytes_ ? std::string_view(bytes_->data(), size_) : std::string_view();
}

void HttpInput::drop(std::size_t bytes) {
  AKGATE_ASSERT(bytes <= size_);
  if (!bytes_) return;
  std::memmove(bytes_->data(), bytes_->data() + bytes, size_ - bytes);
  wipe(bytes_->data() + size_ - bytes, bytes);
  size_ -= bytes;
  head_size_.reset();
  if (size_ == 0) spare_ = std::move(bytes_);
}

}  // namespace akgate
