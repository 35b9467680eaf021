// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "platform/clock.hpp"
#include "record/time_mark.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// One look at trusted time.
struct TrustedNow {
  Timestamp now{};  ///< Never behind the mark.
  /// `now` without what a system clock claims on nobody's word.
  Timestamp vouched{};
  bool trusted = true;  ///< False: the true time may be anything after `now`.
  /// How much later than `now` it may really be: what reboots with an unvouched clock may have
  /// hidden.
  std::chrono::milliseconds unaccounted{0};
};

/// What time it is, as far as it can be known on a device whose clock may be wrong, absent or set
/// by anybody (I8).
///
/// Within one boot, trusted time is an anchor moved on by the boot clock, which nobody can set. The
/// anchor comes from the mark that the last run left, the register (attested over TLS), or a system
/// clock that a time service disciplines or a battery keeps. It only ever moves forward. Setting
/// the system clock while we run moves nothing, either way; a time service may correct us by a day,
/// and what it says beyond that is believed until the register's next word only.
///
/// What a system clock claims at the start with nobody to vouch for it is believed while it lies
/// ahead, since that can only deny more, but never becomes the anchor: one boot in 2099 is put
/// right by the register's first word.
///
/// Any thread.
class TrustedTime {
 public:
  struct Settings {
    bool rtc = false;  ///< A battery-backed clock: the system clock may be believed after a boot.
    std::chrono::milliseconds unvouched_boot_costs{std::chrono::hours(2)};
  };

  /// `mark` is what the last run left, nothing on the first start.
  TrustedTime(Settings settings, std::string boot_id, const ClockReading& reading,
              const std::optional<TimeMark>& mark);

  [[nodiscard]] TrustedNow now(const ClockReading& reading);

  /// How an attested time was taken.
  enum class Attestation { taken, ignored_ahead, ignored_behind };
  /// The register said what time it is. Ignored, so that one bad answer poisons nothing, when it is
  /// more than a day ahead of a synchronised clock, or further behind our own time than a slow
  /// answer explains. Behind by no more than a day, it still tells that our time is late enough to
  /// be trusted.
  Attestation attest(Timestamp said, const ClockReading& reading);

  /// To be kept with whatever else is written, now and then, and whenever has_jumped().
  [[nodiscard]] TimeMark mark(const ClockReading& reading);

  /// Whether time has moved since the last mark() by more than the boot clock counted: without a
  /// new mark a crash would set it back.
  [[nodiscard]] bool has_jumped(const ClockReading& reading);

 private:
  [[nodiscard]] Timestamp anchored(const ClockReading& reading) const;
  void begin_boot(const Settings& settings, const ClockReading& reading,
                  const std::optional<TimeMark>& mark);
  /// Somebody who knows has said the time: nothing is unaccounted for any more.
  void move_anchor(Timestamp to, const ClockReading& reading);
  void heed_system_clock(const ClockReading& reading);

  const std::string boot_id_;
  std::mutex mutex_;
  Timestamp anchor_{};
  BootTime anchor_boot_{};
  bool trusted_ = true;   ///< False: we were off for an unknown time, and nobody has told us since.
  bool vouched_ = false;  ///< Somebody who knows has said the time in this boot.
  bool refuted_ = false;  ///< The register has said that the system clock is far ahead.
  std::chrono::milliseconds claimed_{0};  ///< Ahead of the anchor, on an unvouched clock's word.
  std::chrono::milliseconds unaccounted_{0};
  TimeMark kept_;  ///< The last mark that was made or found.
};

}  // namespace akgate
