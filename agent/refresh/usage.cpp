// SPDX-License-Identifier: Apache-2.0
#include "refresh/usage.hpp"

#include <algorithm>

namespace akgate {

namespace {

// Of `fresh-for`. Ahead of need, but not so early that it costs many more requests than it must.
constexpr double kAheadFrom = 0.8;
constexpr double kAheadSpread = 0.15;
// A burst that comes in a rhythm is prepared for so long before it is due, of its rhythm, that
// thousands of keys asked for at once can be refreshed in turn, and one that comes early finds them
// fresh; but no longer than what is confirmed then stays fresh.
constexpr double kLeadOfRhythm = 0.4;
constexpr double kLeadOfFreshness = 0.8;
constexpr double kLeadSpread = 0.1;

// A question that came so long before it was confirmed, of `fresh-for`, counts as one after it.
constexpr double kJustBefore = 0.1;

BootClock::duration part(BootClock::duration whole, double share) {
  return std::chrono::duration_cast<BootClock::duration>(whole * share);
}

}  // namespace

void Usage::asked(BootTime now, Span fresh_for) {
  if (last_ == kNever || now - last_ > fresh_for / 2) {
    gap_before_ = gap_;
    if (last_ != kNever) gap_ = to_tick(now) - burst_;
    burst_ = to_tick(now);
  }
  last_ = to_tick(now);
}

std::optional<BootTime> Usage::refresh_at(BootTime confirmed, Span fresh_for, double jitter) const {
  if (last_ == kNever) return std::nullopt;
  if (gap_ <= fresh_for) {
    const bool in_use = last_ + part(fresh_for, kJustBefore) >= confirmed;
    if (!in_use) return std::nullopt;
    return confirmed + part(fresh_for, kAheadFrom + kAheadSpread * jitter);
  }
  // The longer one: a run that had to wait for the register the last time, and has not now, comes
  // to its last keys early.
  const BootClock::duration rhythm = std::max(gap_, gap_before_);
  const BootClock::duration lead =
      std::min(part(rhythm, kLeadOfRhythm), part(fresh_for, kLeadOfFreshness));
  const BootTime due = burst_ + rhythm - lead;
  if (confirmed >= due) return std::nullopt;  // Once for each burst.
  return due + part(fresh_for, kLeadSpread * jitter);
}

Usage::Span Usage::interval(Span fresh_for) const {
  const BootClock::duration steady = part(fresh_for, kAheadFrom + kAheadSpread / 2);
  return std::chrono::ceil<Span>(gap_ <= fresh_for ? steady : std::max(gap_, gap_before_));
}

}  // namespace akgate
