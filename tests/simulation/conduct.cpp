// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/conduct.hpp"

#include <algorithm>

namespace akgate {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// As DESIGN.md and the issue have it: first retry within a second, cap 30 s, up to half of it
// jitter; a Retry-After is obeyed for five minutes at most.
constexpr milliseconds kFirstRetryAtLeast{500};
constexpr int kMostDoublings = 5;
constexpr milliseconds kLongestRetryAtLeast = seconds(15);
constexpr milliseconds kLongestRetryAfter = seconds(300);

}  // namespace

Conduct& Conduct::operator=(const Conduct& other) {
  under_way_ = other.under_way_;
  recent_ = other.recent_;
  troubled_ = other.troubled_;
  answers_needed_ = other.answers_needed_;
  link_failures_ = other.link_failures_;
  last_link_failure_ = other.last_link_failure_;
  not_before_ = other.not_before_;
  return *this;
}

std::optional<Violation> Conduct::sent(std::uint64_t request, const Topic& topic, Timestamp now) {
  for (const auto& [number, other] : under_way_) {
    if (subject_of(other.topic) == subject_of(topic)) {
      return Violation{"I11", "two requests at once about " + describe(topic)};
    }
  }
  if (under_way_.size() >= limits_.in_flight) return Violation{"I11", "too many requests at once"};
  if (recent_.size() == limits_.requests_per_second) {
    // Both ends of the second are rounded to a millisecond.
    if (now - recent_.front() < seconds(1) - milliseconds(1)) {
      return Violation{"I11", "too many requests in one second"};
    }
    recent_.pop_front();
  }
  const auto impatient = against_back_off(now);
  recent_.push_back(now);
  under_way_.emplace(request, Request{.topic = topic, .sent = now});
  return impatient;
}

std::optional<Violation> Conduct::against_back_off(Timestamp now) const {
  // What ended at this very instant may still be on its way to who sends.
  if (now == last_link_failure_) return std::nullopt;
  if (now < not_before_) return Violation{"I11", "asked before Retry-After was over"};
  if (link_failures_ == 0) return std::nullopt;
  const milliseconds pause =
      std::min(kFirstRetryAtLeast * (1 << std::min(link_failures_ - 1, kMostDoublings)),
               kLongestRetryAtLeast);
  if (now - last_link_failure_ < pause - milliseconds(1)) {
    return Violation{"I11",
                     "asked again too soon after failure number " + std::to_string(link_failures_)};
  }
  const bool another = std::any_of(under_way_.begin(), under_way_.end(), [&](const auto& each) {
    return each.second.sent > last_link_failure_;
  });
  if (another) return Violation{"I11", "more than one attempt at once"};
  return std::nullopt;
}

void Conduct::failed(const Ending& ending, Timestamp now) {
  answers_needed_ = 2;
  if (ending.silence != Silence::link) return;
  ++link_failures_;
  last_link_failure_ = now;
  const milliseconds retry_after = ending.retry_after.value_or(milliseconds(0));
  not_before_ = std::max(not_before_, now + std::min(retry_after, kLongestRetryAfter));
}

Topic Conduct::ended(std::uint64_t request, const Ending& ending, Timestamp now) {
  const Request end = under_way_.at(request);
  under_way_.erase(request);
  const bool slow = now - end.sent >= limits_.check_timeout;
  troubled_[subject_of(end.topic)] = ending.outcome == Outcome::silent;
  if (ending.outcome == Outcome::silent) {
    failed(ending, now);
  } else if (slow) {
    answers_needed_ = 2;
  } else {
    answers_needed_ = std::max(answers_needed_ - 1, 0);
    link_failures_ = 0;
    not_before_ = {};
  }
  return end.topic;
}

bool Conduct::excuses_grace(const Topic& topic, Timestamp now) const {
  if (answers_needed_ > 0) return true;
  const auto own = troubled_.find(subject_of(topic));
  if (own != troubled_.end() && own->second) return true;
  return std::any_of(under_way_.begin(), under_way_.end(), [&](const auto& each) {
    return now - each.second.sent >= limits_.check_timeout - milliseconds(1);
  });
}

}  // namespace akgate
