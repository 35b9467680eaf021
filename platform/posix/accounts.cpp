// SPDX-License-Identifier: Apache-2.0
#include "platform/accounts.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

namespace akgate {

namespace {

constexpr std::size_t kMaxEntry = std::size_t{1} << 20U;  // bytes; a group may have many members

/// What the system's list of users or groups has under the name; `take` sees it.
template <typename Entry, typename LookUp, typename Take>
std::optional<std::uint32_t> find(const std::string& name, LookUp look_up, Take take) {
  Entry entry{};
  Entry* found = nullptr;
  for (std::size_t size = 1024; size <= kMaxEntry; size *= 2) {
    std::vector<char> buffer(size);
    const int error = look_up(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (error == EINTR || error == ERANGE) continue;
    break;
  }
  if (found == nullptr) return std::nullopt;
  return take(entry);
}

}  // namespace

std::optional<std::uint32_t> find_user(const std::string& name) {
  return find<passwd>(name, getpwnam_r, [](const passwd& entry) { return entry.pw_uid; });
}

std::optional<std::uint32_t> find_group(const std::string& name) {
  return find<group>(name, getgrnam_r, [](const group& entry) { return entry.gr_gid; });
}

std::uint32_t own_user() { return geteuid(); }

}  // namespace akgate
