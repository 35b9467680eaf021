// SPDX-License-Identifier: Apache-2.0
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace akgate {

void assertion_failed(const char* condition, const char* file, int line) {
  static_cast<void>(std::fprintf(stderr, "akgate: broken invariant (%s) at %s:%d; stopping\n",
                                 condition, file, line));
  std::abort();
}

}  // namespace akgate
