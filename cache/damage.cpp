// SPDX-License-Identifier: Apache-2.0
#include "cache/damage.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/directory.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr std::string_view kStart = "cache.damaged-";
constexpr int kMaxInOneSecond = 9;

/// `20261122T100500Z`
std::string compact(Timestamp at) {
  std::string text = format_timestamp(at);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::vector<std::string> set_aside_before(const std::string& directory) {
  Result<std::vector<std::string>> names = list_directory(directory);
  if (!names) return {};
  std::erase_if(*names, [](const std::string& name) { return !name.starts_with(kStart); });
  return std::move(*names);
}

}  // namespace

Result<std::string> set_cache_aside(const std::string& directory, Timestamp now) {
  std::vector<std::string> older = set_aside_before(directory);
  const std::string name = std::string(kStart) + compact(now);
  std::string free_name = name;
  for (int n = 2; n <= kMaxInOneSecond && !older.empty() && older.back().starts_with(name) &&
                  free_name <= older.back();
       ++n) {
    free_name = name + "-" + std::to_string(n);
  }
  const Status renamed = rename_aside(directory + "/cache", directory + "/" + free_name);
  if (!renamed) return renamed.error();
  if (!older.empty()) older.pop_back();  // by name, that is by time: the newest
  for (const std::string& old : older) {
    static_cast<void>(remove_directory(directory + "/" + old));
  }
  return free_name;
}

void remove_caches_set_aside(const std::string& directory) {
  for (const std::string& name : set_aside_before(directory)) {
    static_cast<void>(remove_directory(directory + "/" + name));
  }
}

}  // namespace akgate
