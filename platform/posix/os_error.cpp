// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/os_error.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace akgate {

namespace {

std::string explain(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "uid " + std::to_string(geteuid()) +
             " may not; give it the permission, or run as another user";
    case ENOENT:
      return "it does not exist; create it, or correct the path";
    case ENOSPC:
    case EDQUOT:
      return "the disk is full; make room";
    case EROFS:
      return "the file system is read-only; choose another place, or remount it writable";
    case EMFILE:
    case ENFILE:
      return "too many files are open; raise the limit (systemd: LimitNOFILE=)";
    default:
      return std::generic_category().message(error);
  }
}

}  // namespace

Error os_error(std::string_view what, std::string_view path) {
  const int error = errno;
  return Error(std::string(what) + " " + std::string(path) + ": " + explain(error));
}

std::string parent_directory(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

}  // namespace akgate
