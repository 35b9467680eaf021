// SPDX-License-Identifier: Apache-2.0
#include "refresh/line.hpp"

#include <algorithm>

namespace akgate {

void Line::leave(const IndexKey& index) {
  for (Queues& queues : queues_) {
    for (auto queue = queues.begin(); queue != queues.end(); ++queue) {
      const auto flight = std::find(queue->second.begin(), queue->second.end(), index);
      if (flight == queue->second.end()) continue;
      queue->second.erase(flight);
      --size_;
      if (queue->second.empty()) queues.erase(queue);
      return;
    }
  }
}

std::optional<IndexKey> Line::take(Rank rank) {
  Queues& queues = queues_[place(rank)];
  if (queues.empty()) return std::nullopt;
  auto next = queues.upper_bound(last_[place(rank)]);
  if (next == queues.end()) next = queues.begin();
  last_[place(rank)] = next->first;
  const IndexKey index = next->second.front();
  next->second.pop_front();
  if (next->second.empty()) queues.erase(next);
  --size_;
  return index;
}

std::size_t Line::waiting_for(Uid uid) const {
  std::size_t waiting = 0;
  for (const Queues& queues : queues_) {
    if (const auto queue = queues.find(uid); queue != queues.end()) waiting += queue->second.size();
  }
  return waiting;
}

std::vector<IndexKey> Line::all() const {
  std::vector<IndexKey> all;
  for (const Queues& queues : queues_) {
    for (const auto& [uid, queue] : queues) all.insert(all.end(), queue.begin(), queue.end());
  }
  return all;
}

}  // namespace akgate
