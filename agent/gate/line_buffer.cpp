// SPDX-License-Identifier: Apache-2.0
#include "gate/line_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.hpp"
#include "base/secret.hpp"

namespace akgate {

std::span<char> LineBuffer::room() {
  if (!bytes_ && spare_ != nullptr) bytes_ = std::move(*spare_);
  if (!bytes_) bytes_ = std::make_unique_for_overwrite<Bytes>();
  std::memmove(bytes_->data(), bytes_->data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  return std::span(*bytes_).subspan(end_);
}

void LineBuffer::received(std::size_t bytes) {
  AKGATE_ASSERT(bytes <= bytes_->size() - end_);
  end_ += bytes;
  touched_ = std::max(touched_, end_);
}

LineBuffer::Cut LineBuffer::next() {
  if (empty()) {
    clear();
    return {};
  }
  const std::string_view held(bytes_->data() + begin_, end_ - begin_);
  const std::size_t newline = held.substr(0, kMaxLineBytes).find('\n');
  if (newline == std::string_view::npos) {
    return {.kind = held.size() < kMaxLineBytes ? Cut::Kind::none : Cut::Kind::too_long,
            .text = {}};
  }
  begin_ += newline + 1;
  std::string_view text = held.substr(0, newline);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return {.kind = Cut::Kind::line, .text = text};
}

void LineBuffer::clear() {
  if (bytes_) wipe(bytes_->data(), touched_);
  if (spare_ != nullptr && bytes_ != nullptr) *spare_ = std::move(bytes_);
  bytes_.reset();
  begin_ = end_ = touched_ = 0;
}

}  // namespace akgate
