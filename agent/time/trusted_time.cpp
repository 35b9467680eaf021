// SPDX-License-Identifier: Apache-2.0
#include "time/trusted_time.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

namespace {

using std::chrono::milliseconds;

// How far apart two may be who both are supposed to know the time; time zones count as mistakes.
constexpr milliseconds kPlausibleError = std::chrono::hours(24);
// An answer takes a while, timestamps may be whole seconds, and good clocks differ a little.
constexpr milliseconds kPlausibleLag = std::chrono::seconds(60);
// This software did not exist before: no clock is right that says less. The mark of the first
// start.
constexpr Timestamp kEarliest = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};

milliseconds since_boot(const ClockReading& reading) {
  return std::chrono::floor<milliseconds>(reading.boot.time_since_epoch());
}

}  // namespace

TrustedTime::TrustedTime(Settings settings, std::string boot_id, const ClockReading& reading,
                         const std::optional<TimeMark>& mark)
    : boot_id_(std::move(boot_id)), anchor_boot_(reading.boot) {
  if (mark && !boot_id_.empty() && mark->boot_id == boot_id_ &&
      mark->boot_time <= since_boot(reading)) {
    // The same boot: its clock has counted all that passed since the mark. The system clock adds
    // nothing.
    anchor_ = mark->at + (since_boot(reading) - mark->boot_time);
    trusted_ = mark->trusted;
    claimed_ = mark->claimed;
    unaccounted_ = mark->unaccounted;
    vouched_ = trusted_ && unaccounted_ == milliseconds(0);
  } else {
    begin_boot(settings, reading, mark);
  }
  kept_ = mark.value_or(TimeMark{});
}

void TrustedTime::begin_boot(const Settings& settings, const ClockReading& reading,
                             const std::optional<TimeMark>& mark) {
  // At the very least the time since this boot has passed.
  anchor_ = mark ? std::max(mark->at, kEarliest) + since_boot(reading) : kEarliest;
  trusted_ = reading.wall >= (mark ? std::max(mark->at + mark->claimed, kEarliest) : kEarliest);
  if (trusted_ && (reading.synchronised || settings.rtc)) {
    anchor_ = std::max(anchor_, reading.wall);
    vouched_ = true;
    return;
  }
  // Believed for now, but not held on to: should it be wrong, the register's word puts it right.
  claimed_ = std::max(reading.wall - anchor_, milliseconds(0));
  if (!mark) return;
  claimed_ = std::max(claimed_, mark->claimed);
  unaccounted_ = mark->unaccounted + settings.unvouched_boot_costs;
}

Timestamp TrustedTime::anchored(const ClockReading& reading) const {
  return anchor_ + std::chrono::floor<milliseconds>(reading.boot - anchor_boot_);
}

void TrustedTime::move_anchor(Timestamp to, const ClockReading& reading) {
  // Left where it is otherwise: each move would lose a fraction of a millisecond.
  if (to > anchored(reading)) {
    anchor_ = to;
    anchor_boot_ = reading.boot;
  }
  trusted_ = true;
  vouched_ = true;
  refuted_ = false;
  claimed_ = milliseconds(0);
  unaccounted_ = milliseconds(0);
}

// A disciplined system clock is as good as the register's word while nothing better is known in
// this boot; the kernel calls the clock unsynchronised as soon as anybody sets it by hand. One that
// is well behind what we knew before is no help. One that leaps from what the boot clock has
// counted has a time service that is wrong or fooled, or a boot clock that slept: believed, since
// that can only deny more, until the register contradicts it; but it must not poison the mark.
void TrustedTime::heed_system_clock(const ClockReading& reading) {
  const milliseconds ahead = reading.wall - anchored(reading);
  if (!reading.synchronised || ahead < -kPlausibleError) return;
  if (vouched_ && ahead > kPlausibleError) {
    if (!refuted_) claimed_ = std::max(claimed_, ahead);
  } else if (!vouched_ || claimed_ == milliseconds(0)) {
    move_anchor(reading.wall, reading);
  }
}

TrustedNow TrustedTime::now(const ClockReading& reading) {
  const std::lock_guard lock(mutex_);
  heed_system_clock(reading);
  const Timestamp vouched = anchored(reading);
  return {.now = vouched + claimed_,
          .vouched = vouched,
          .trusted = trusted_,
          .unaccounted = unaccounted_};
}

TrustedTime::Attestation TrustedTime::attest(Timestamp said, const ClockReading& reading) {
  const std::lock_guard lock(mutex_);
  heed_system_clock(reading);
  if (reading.synchronised && said > reading.wall + kPlausibleError)
    return Attestation::ignored_ahead;
  const milliseconds behind = anchored(reading) - said;
  if (behind > kPlausibleError) return Attestation::ignored_behind;
  // From a little behind it sets nothing back. But then it is no later than we say: that is known.
  move_anchor(said, reading);
  refuted_ = reading.wall > said + kPlausibleError;
  return behind > kPlausibleLag ? Attestation::ignored_behind : Attestation::taken;
}

TimeMark TrustedTime::mark(const ClockReading& reading) {
  const std::lock_guard lock(mutex_);
  kept_ = {.at = anchored(reading),
           .boot_id = boot_id_,
           .boot_time = since_boot(reading),
           .unaccounted = unaccounted_,
           .claimed = claimed_,
           .trusted = trusted_};
  return kept_;
}

bool TrustedTime::has_jumped(const ClockReading& reading) {
  const std::lock_guard lock(mutex_);
  heed_system_clock(reading);
  const Timestamp expected = kept_.at + (since_boot(reading) - kept_.boot_time);
  return kept_.boot_id != boot_id_ || kept_.trusted != trusted_ ||
         kept_.unaccounted != unaccounted_ || abs(kept_.claimed - claimed_) > kPlausibleLag ||
         anchored(reading) > expected + kPlausibleLag;
}

}  // namespace akgate
