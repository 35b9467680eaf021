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
  if (!in_time) return;  // slow() has counted it.
  troubled_.reset();
  another_troubled_ = false;
  slow_in_a_row_ = 0;
  if (in_time_needed_ > 0 && --in_time_needed_ > 0) {
    if (retry_at_) retry_at_ = BootTime{};  // Ask again at once: one more in time will do.
    return;
  }
  retry_at_.reset();
  step_ = 0;
}

void Breaker::note(const Subject& subject) {
  if (!subject.seen_active) return;
  if (troubled_ && *troubled_ != subject.key) another_troubled_ = true;
  if (!troubled_) troubled_ = subject.key;
}

bool Breaker::concerns_all(const Subject& subject, int times, int times_alone) const {
  return another_troubled_ || (subject.alone && times >= times_alone);
}

void Breaker::failed(const Subject& subject, Silence silence,
                     std::optional<milliseconds> retry_after, BootTime now) {
  --under_way_;
  ++failures_in_a_row_;
  note(subject);
  const bool opens = silence == Silence::link ||
                     concerns_all(subject, failures_in_a_row_, limits_.failures_to_open);
  if (!opens && !retry_at_) return;
  open(now, std::min(retry_after.value_or(milliseconds(0)), limits_.longest_retry_after));
}

void Breaker::slow(const Subject& subject, BootTime now) {
  if (in_time_needed_ > 0) in_time_needed_ = limits_.in_time_to_close;
  ++slow_in_a_row_;
  note(subject);
  if (slow_in_a_row_ < limits_.slow_to_open) return;
  if (!concerns_all(subject, slow_in_a_row_, limits_.slow_to_open)) return;
  in_time_needed_ = limits_.in_time_to_close;
  open(now, milliseconds(0));
}

void Breaker::open(BootTime now, milliseconds at_least) {
  const milliseconds longest =
      std::min(limits_.longest_retry, limits_.first_retry * (1 << std::min(step_, 16)));
  step_ = std::min(step_ + 1, 16);
  std::uniform_int_distribution<milliseconds::rep> jitter(longest.count() / 2, longest.count());
  const BootTime next = now + std::max(milliseconds(jitter(random_)), at_least);
  // Another request's failure does not shorten what the register asked for.
  retry_at_ = std::max(retry_at_.value_or(next), next);
}

}  // namespace akgate
