// SPDX-License-Identifier: Apache-2.0
#include <sys/random.h>

#include <cerrno>

#include "base/assert.hpp"
#include "platform/crypto.hpp"

namespace akgate {

void fill_random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    AKGATE_ASSERT(got > 0);
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace akgate
