// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>

#include "platform/directory.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

Result<std::vector<std::string>> list_directory(const std::string& path) {
  struct Close {
    void operator()(DIR* directory) const { closedir(directory); }
  };
  const std::unique_ptr<DIR, Close> directory(opendir(path.c_str()));
  if (!directory) return os_error("cannot list directory", path);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;  // by which alone an error differs from the end
    const dirent* const entry = readdir(directory.get());
    if (entry == nullptr) break;
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return os_error("cannot list directory", path);
  std::sort(names.begin(), names.end());
  return names;
}

Status remove_directory(const std::string& path) {
  const Result<std::vector<std::string>> names = list_directory(path);
  if (!names) return names.error();
  for (const std::string& name : *names) {
    const std::string file = path + "/" + name;
    if (unlink(file.c_str()) != 0) return os_error("cannot remove", file);
  }
  if (rmdir(path.c_str()) != 0) return os_error("cannot remove directory", path);
  return Done{};
}

}  // namespace akgate
