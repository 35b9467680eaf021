// SPDX-License-Identifier: Apache-2.0
#include "refresh/watchers.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace akgate {

namespace {

constexpr std::size_t kToldInOneTurn = 32;

}  // namespace

std::optional<Watchers::Id> Watchers::add(std::optional<IndexKey> about, Uid uid, OnNews on_news) {
  const auto own = of_.find(uid);
  const std::size_t own_places = own == of_.end() ? 0 : own->second;
  if (watchers_.size() >= places_ || own_places >= (places_ + 1) / 2) return std::nullopt;
  ++of_[uid];
  const Id id = ++last_;
  if (about) by_key_.emplace(*about, id);
  watchers_.emplace(id, Watcher{.about = about, .uid = uid, .on_news = std::move(on_news)});
  return id;
}

void Watchers::remove(Id id) {
  const auto found = watchers_.find(id);
  AKGATE_ASSERT(found != watchers_.end());
  if (const auto& about = found->second.about) {
    const auto [begin, end] = by_key_.equal_range(*about);
    by_key_.erase(std::find_if(begin, end, [id](const auto& entry) { return entry.second == id; }));
  }
  const auto own = of_.find(found->second.uid);
  if (--own->second == 0) of_.erase(own);
  watchers_.erase(found);
}

void Watchers::tell(const IndexKey& about) {
  const auto [begin, end] = by_key_.equal_range(about);
  for (auto entry = begin; entry != end; ++entry) tell(entry->second, watchers_.at(entry->second));
}

void Watchers::tell_all() {
  for (auto& [id, watcher] : watchers_) tell(id, watcher);
}

void Watchers::tell(Id id, Watcher& watcher) {
  if (std::exchange(watcher.due, true)) return;
  if (due_.empty()) loop_.post([this] { deliver(); });
  due_.push_back(id);
}

void Watchers::deliver() {
  std::vector<Id> now = std::exchange(due_, {});
  const std::size_t count = std::min(now.size(), kToldInOneTurn);
  due_.assign(now.begin() + static_cast<std::ptrdiff_t>(count), now.end());
  if (!due_.empty()) loop_.post([this] { deliver(); });
  now.resize(count);
  for (const Id id : now) {
    const auto found = watchers_.find(id);
    if (found == watchers_.end()) continue;
    found->second.due = false;
    const OnNews on_news = found->second.on_news;  // which may end its own watch
    on_news();
  }
}

}  // namespace akgate
