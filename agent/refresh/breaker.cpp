// SPDX-License-Identifier: Apache-2.0
#include "refresh/breaker.hpp"

#include <algorithm>

namespace akgate {

using std::chrono::milliseconds;

bool Breaker::may_send(BootTime now) const {
  if (!retry_at_) return true;
  return now >= *retry_at_ && under_way_ == 0;
}

void Breaker::sent() { ++under_way_; }

void Breaker::answered(bool in_time) {
  --under_way_;
  failures_in_a_row_ = 0;
  failed_key_.reset();
  if (!in_time) return;  // slow() has counted it.
  slow_in_a_row_ = 0;
  if (in_time_needed_ > 0 && --in_time_needed_ > 0) {
    if (retry_at_)
      retry_at_ = BootTime{};  // Ask again at once: one more in time and the link is good.
    return;
  }
  retry_at_.reset();
  step_ = 0;
}

void Breaker::failed(const IndexKey& key, Silence silence, std::optional<milliseconds> retry_after,
                     BootTime now) {
  --under_way_;
  ++failures_in_a_row_;
  const bool another_key = failed_key_ && *failed_key_ != key;
  failed_key_ = key;
  const bool concerns_all =
      silence == Silence::link || another_key || failures_in_a_row_ >= limits_.failures_to_open;
  if (!concerns_all && !retry_at_) return;
  open(now, std::min(retry_after.value_or(milliseconds(0)), limits_.longest_retry_after));
}

void Breaker::slow(BootTime now) {
  if (in_time_needed_ > 0) in_time_needed_ = limits_.in_time_to_close;
  if (++slow_in_a_row_ < limits_.slow_to_open) return;
  in_time_needed_ = limits_.in_time_to_close;
  open(now, milliseconds(0));
}

void Breaker::open(BootTime now, milliseconds at_least) {
  const milliseconds longest =
      std::min(limits_.longest_retry, limits_.first_retry * (1 << std::min(step_, 16)));
  step_ = std::min(step_ + 1, 16);
  std::uniform_int_distribution<milliseconds::rep> jitter(longest.count() / 2, longest.count());
  retry_at_ = now + std::max(milliseconds(jitter(random_)), at_least);
}

}  // namespace akgate
