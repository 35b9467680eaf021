// SPDX-License-Identifier: Apache-2.0
#include "time/trusted_time.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

namespace {

using std::chrono::milliseconds;

// How far ahead of a synchronised clock an attested time may be.
constexpr milliseconds kPlausibleLead = std::chrono::hours(24);
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
    unaccounted_ = mark->unaccounted;
    return;
  }
  // At the very least the time since this boot has passed.
  const Timestamp at_least = mark ? mark->at + since_boot(reading) : kEarliest;
  anchor_ = std::max(reading.wall, at_least);
  trusted_ = reading.wall >= (mark ? mark->at : kEarliest);
  const bool vouched = trusted_ && (reading.synchronised || settings.rtc);
  if (mark && !vouched) unaccounted_ = mark->unaccounted + settings.unvouched_boot_costs;
}

Timestamp TrustedTime::anchored(const ClockReading& reading) const {
  return anchor_ + std::chrono::floor<milliseconds>(reading.boot - anchor_boot_);
}

void TrustedTime::move_anchor(Timestamp to, const ClockReading& reading) {
  anchor_ = std::max(anchored(reading), to);
  anchor_boot_ = reading.boot;
  trusted_ = true;
  unaccounted_ = milliseconds(0);
}

// A disciplined system clock is as good as the register's word; the kernel calls the clock
// unsynchronised as soon as anybody sets it by hand. One that is well behind what we knew before is
// no help.
void TrustedTime::heed_system_clock(const ClockReading& reading) {
  if (!reading.synchronised || reading.wall + kPlausibleLag < anchored(reading)) return;
  move_anchor(reading.wall, reading);
}

TrustedNow TrustedTime::now(const ClockReading& reading) {
  const std::lock_guard lock(mutex_);
  heed_system_clock(reading);
  return {.now = anchored(reading), .trusted = trusted_, .unaccounted = unaccounted_};
}

TrustedTime::Attestation TrustedTime::attest(Timestamp said, const ClockReading& reading) {
  const std::lock_guard lock(mutex_);
  heed_system_clock(reading);
  if (reading.synchronised && said > reading.wall + kPlausibleLead)
    return Attestation::ignored_ahead;
  if (said + kPlausibleLag < anchored(reading)) return Attestation::ignored_behind;
  move_anchor(said, reading);
  return Attestation::taken;
}

TimeMark TrustedTime::mark(const ClockReading& reading) {
  const std::lock_guard lock(mutex_);
  return {.at = anchored(reading),
          .boot_id = boot_id_,
          .boot_time = since_boot(reading),
          .unaccounted = unaccounted_,
          .trusted = trusted_};
}

}  // namespace akgate
