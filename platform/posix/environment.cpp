// SPDX-License-Identifier: Apache-2.0
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/assert.hpp"
#include "platform/process.hpp"

namespace akgate {

std::optional<std::string> environment(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

std::optional<std::string> take_environment(const char* name) {
  std::optional<std::string> value = environment(name);
  AKGATE_ASSERT(unsetenv(name) == 0);  // Fails for names that are none.
  return value;
}

bool is_terminal(int fd) { return isatty(fd) == 1; }

std::optional<std::size_t> terminal_width(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

}  // namespace akgate
