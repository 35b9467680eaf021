// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include "platform/file.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

Status rename_aside(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return Done{};
  if (errno == EEXIST) {
    return Error("cannot rename " + from + " to " + to + ": there is one already; move it away");
  }
  return os_error("cannot rename", from);
}

}  // namespace akgate
