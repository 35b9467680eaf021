// SPDX-License-Identifier: Apache-2.0
#include "tests/register/alarms.hpp"

#include <utility>

namespace akgate::sandbox {

void Alarms::set(Clock::time_point when, std::function<void()> what) {
  std::unique_lock lock(mutex_);
  if (stopped_) {
    lock.unlock();
    what();
    return;
  }
  pending_.emplace(when, std::move(what));
  changed_.notify_one();
}

void Alarms::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Alarms::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_ || !pending_.empty()) {
    if (pending_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = pending_.begin();
    if (!stopped_ && first->first > Clock::now()) {
      changed_.wait_until(lock, first->first);
      continue;
    }
    auto what = std::move(first->second);
    pending_.erase(first);
    lock.unlock();
    what();
    lock.lock();
  }
}

}  // namespace akgate::sandbox
