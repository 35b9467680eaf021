// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>

#include "platform/process.hpp"

namespace akgate {

std::optional<std::string> environment(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

bool is_terminal(int fd) { return isatty(fd) == 1; }

}  // namespace akgate
