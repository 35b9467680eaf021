// SPDX-License-Identifier: Apache-2.0
#include "platform/fd.hpp"

#include <unistd.h>

namespace akgate {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::close() {
  // No second try on EINTR: the descriptor is gone by then, and its number may be somebody else's.
  if (fd_ >= 0) static_cast<void>(::close(std::exchange(fd_, -1)));
}

}  // namespace akgate
