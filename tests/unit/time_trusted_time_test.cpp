// SPDX-License-Identifier: Apache-2.0
#include "time/trusted_time.hpp"

#include <gtest/gtest.h>

namespace akgate {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kNoon = std::chrono::sys_days{std::chrono::year{2027} / 5 / 1} + hours(12);
constexpr Timestamp k1970{};

ClockReading reading(Timestamp wall, std::chrono::nanoseconds up, bool synchronised = false) {
  return {.wall = wall, .boot = BootTime(up), .synchronised = synchronised};
}

TimeMark mark_at(Timestamp at, std::string boot = "boot-1", milliseconds up = hours(1)) {
  return {.at = at, .boot_id = std::move(boot), .boot_time = up};
}

TEST(TrustedTime, I8_setting_the_clock_either_way_moves_nothing_within_a_boot) {
  TrustedTime time({}, "boot-1", reading(kNoon, hours(1)), std::nullopt);
  for (const auto step : {days(-3), days(3), days(3650), days(-3650)}) {
    const TrustedNow now = time.now(reading(kNoon + step, hours(2)));
    EXPECT_EQ(now.now, kNoon + hours(1)) << step.count();
    EXPECT_TRUE(now.trusted);
  }
}

TEST(TrustedTime, counts_through_a_week_of_suspend) {
  TrustedTime time({}, "boot-1", reading(kNoon, hours(1)), std::nullopt);
  EXPECT_EQ(time.now(reading(kNoon, hours(1) + days(7))).now, kNoon + days(7));
}

TEST(TrustedTime, follows_a_synchronised_clock_forward_and_never_back) {
  TrustedTime time({}, "boot-1", reading(kNoon, hours(1)), std::nullopt);
  EXPECT_EQ(time.now(reading(kNoon + days(2), hours(1), true)).now, kNoon + days(2));
  EXPECT_EQ(time.now(reading(kNoon, hours(1), true)).now, kNoon + days(2));
}

TEST(TrustedTime, takes_the_registers_word_and_is_never_behind_it_again) {
  TrustedTime time({}, "boot-1", reading(k1970, minutes(1)), std::nullopt);
  EXPECT_FALSE(time.now(reading(k1970, minutes(1))).trusted);
  EXPECT_EQ(time.attest(kNoon, reading(k1970, minutes(2))), TrustedTime::Attestation::taken);
  const TrustedNow now = time.now(reading(k1970, minutes(5)));
  EXPECT_EQ(now.now, kNoon + minutes(3));
  EXPECT_TRUE(now.trusted);
}

TEST(TrustedTime, one_bad_answer_poisons_nothing) {
  TrustedTime time({}, "boot-1", reading(kNoon, hours(1), true), std::nullopt);
  const ClockReading later = reading(kNoon, hours(1), true);
  EXPECT_EQ(time.attest(kNoon + days(1) + seconds(1), later),
            TrustedTime::Attestation::ignored_ahead);
  EXPECT_EQ(time.attest(kNoon - hours(1), later), TrustedTime::Attestation::ignored_behind);
  EXPECT_EQ(time.now(later).now, kNoon);
  EXPECT_EQ(time.attest(kNoon - seconds(5), later), TrustedTime::Attestation::taken);
  EXPECT_EQ(time.now(later).now, kNoon) << "a slow answer must not set time back";
}

TEST(TrustedTime, I8_restart_in_the_same_boot_goes_on_from_the_mark_whatever_the_clock_says) {
  TrustedTime time({}, "boot-1", reading(k1970, hours(3)), mark_at(kNoon));
  const TrustedNow now = time.now(reading(k1970, hours(3)));
  EXPECT_EQ(now.now, kNoon + hours(2));
  EXPECT_TRUE(now.trusted);
  EXPECT_EQ(now.unaccounted, milliseconds(0));
}

TEST(TrustedTime, I8_boot_with_the_clock_behind_the_mark_is_not_trusted_until_somebody_speaks) {
  TrustedTime time({}, "boot-2", reading(k1970, seconds(30)), mark_at(kNoon));
  const TrustedNow now = time.now(reading(k1970 + minutes(1), seconds(90)));
  EXPECT_FALSE(now.trusted);
  EXPECT_EQ(now.now, kNoon + seconds(90)) << "no earlier than the mark and the time since boot";

  EXPECT_EQ(time.attest(kNoon + days(9), reading(k1970, minutes(2))),
            TrustedTime::Attestation::taken);
  EXPECT_TRUE(time.now(reading(k1970, minutes(2))).trusted);
}

TEST(TrustedTime, I8_untrusted_time_stays_untrusted_through_a_restart_of_the_agent) {
  TrustedTime before({}, "boot-2", reading(k1970, seconds(30)), mark_at(kNoon));
  const TimeMark mark = before.mark(reading(k1970, minutes(2)));
  TrustedTime after({}, "boot-2", reading(k1970, minutes(3)), mark);
  EXPECT_FALSE(after.now(reading(k1970, minutes(3))).trusted);
}

TEST(TrustedTime, each_boot_with_a_clock_that_nobody_vouches_for_costs_grace_until_somebody_does) {
  const TrustedTime::Settings settings{.rtc = false, .unvouched_boot_costs = hours(2)};
  TimeMark mark = mark_at(kNoon);
  for (int boot = 1; boot <= 3; ++boot) {
    const ClockReading at_start = reading(kNoon + minutes(boot), seconds(20));
    TrustedTime time(settings, "boot-" + std::to_string(boot + 1), at_start, mark);
    const TrustedNow now = time.now(at_start);
    EXPECT_TRUE(now.trusted);
    EXPECT_EQ(now.unaccounted, hours(2 * boot));
    mark = time.mark(at_start);
  }
  const ClockReading synchronised = reading(kNoon + hours(5), minutes(1), true);
  TrustedTime time(settings, "boot-9", reading(kNoon + hours(5), seconds(20)), mark);
  EXPECT_EQ(time.now(synchronised).unaccounted, milliseconds(0));
}

TEST(TrustedTime, a_battery_backed_clock_vouches_for_itself) {
  const ClockReading at_start = reading(kNoon + days(3), seconds(20));
  TrustedTime time({.rtc = true}, "boot-2", at_start, mark_at(kNoon));
  EXPECT_EQ(time.now(at_start).now, kNoon + days(3));
  EXPECT_EQ(time.now(at_start).unaccounted, milliseconds(0));
}

TEST(TrustedTime, a_system_that_cannot_name_its_boot_counts_as_rebooted) {
  const ClockReading at_start = reading(kNoon, hours(3));
  TrustedTime time({}, "", at_start, mark_at(kNoon, ""));
  EXPECT_GT(time.now(at_start).unaccounted, milliseconds(0));
}

TEST(TrustedTime, works_past_2038_and_2100) {
  for (const int year : {2038, 2039, 2100, 2101}) {
    const Timestamp then = std::chrono::sys_days{std::chrono::year{year} / 1 / 20};
    TrustedTime time({}, "boot-1", reading(kNoon, hours(1)), std::nullopt);
    EXPECT_EQ(time.attest(then, reading(kNoon, hours(1))), TrustedTime::Attestation::taken);
    EXPECT_EQ(time.now(reading(kNoon, hours(2))).now, then + hours(1));
  }
}

TEST(TrustedTime, one_boot_in_2099_is_put_right_by_the_registers_first_word) {
  const Timestamp far = std::chrono::sys_days{std::chrono::year{2099} / 1 / 1};
  TrustedTime time({}, "boot-2", reading(far, minutes(1)), mark_at(kNoon));
  EXPECT_EQ(time.now(reading(far, minutes(1))).now, far) << "it can only deny more";
  TrustedTime again({}, "boot-2", reading(far, minutes(2)), time.mark(reading(far, minutes(1))));
  EXPECT_EQ(again.now(reading(far, minutes(2))).now, far + minutes(1));
  EXPECT_EQ(again.attest(kNoon + days(1), reading(far, minutes(3))),
            TrustedTime::Attestation::taken);
  EXPECT_EQ(again.now(reading(far, minutes(3))).now, kNoon + days(1));
}

TEST(TrustedTime, I8_what_a_clock_claimed_is_not_taken_back_by_booting_twice) {
  TrustedTime ahead({}, "boot-2", reading(kNoon + days(90), minutes(1)), mark_at(kNoon));
  TimeMark mark = ahead.mark(reading(kNoon + days(90), minutes(1)));
  for (const char* const boot : {"boot-3", "boot-4"}) {
    TrustedTime back({}, boot, reading(kNoon + days(1), minutes(1)), mark);
    const TrustedNow now = back.now(reading(kNoon + days(1), minutes(1)));
    EXPECT_GE(now.now, kNoon + days(90)) << boot;
    EXPECT_FALSE(now.trusted) << boot;
    mark = back.mark(reading(kNoon + days(1), minutes(1)));
  }
}

TEST(TrustedTime, I8_a_time_service_that_leaps_is_believed_until_the_register_contradicts_it) {
  TrustedTime time({}, "boot-1", reading(kNoon, hours(1), true), std::nullopt);
  const ClockReading leapt = reading(kNoon + days(3652), hours(1), true);
  EXPECT_EQ(time.now(leapt).now, kNoon + days(3652));
  EXPECT_EQ(time.now(leapt).vouched, kNoon);
  EXPECT_TRUE(time.has_jumped(leapt));
  TrustedTime again({}, "boot-1", leapt, time.mark(leapt));
  EXPECT_EQ(again.now(reading(kNoon, hours(1), true)).now, kNoon + days(3652)) << "set back";

  EXPECT_EQ(again.attest(kNoon + seconds(1), leapt), TrustedTime::Attestation::taken);
  EXPECT_EQ(again.now(leapt).now, kNoon + seconds(1)) << "though the service insists";
  EXPECT_EQ(again.now(reading(kNoon + minutes(1), hours(1), true)).now, kNoon + minutes(1));
  EXPECT_EQ(again.now(leapt).now, kNoon + days(3652)) << "a new leap is a new claim";
}

TEST(TrustedTime, I8_who_says_a_little_less_than_the_mark_sets_nothing_back_but_gives_trust) {
  const ClockReading behind = reading(kNoon - hours(1), minutes(1));
  TrustedTime by_register({}, "boot-2", behind, mark_at(kNoon));
  EXPECT_FALSE(by_register.now(behind).trusted);
  EXPECT_EQ(by_register.attest(kNoon - days(2), behind), TrustedTime::Attestation::ignored_behind);
  EXPECT_FALSE(by_register.now(behind).trusted) << "who is that wrong knows nothing";
  EXPECT_EQ(by_register.attest(kNoon - hours(1), behind), TrustedTime::Attestation::ignored_behind);
  EXPECT_TRUE(by_register.now(behind).trusted);
  EXPECT_EQ(by_register.now(behind).now, kNoon + minutes(1));

  ClockReading synchronised = behind;
  synchronised.synchronised = true;
  TrustedTime by_service({}, "boot-2", behind, mark_at(kNoon));
  EXPECT_TRUE(by_service.now(synchronised).trusted);
  EXPECT_EQ(by_service.now(synchronised).now, kNoon + minutes(1));
}

TEST(TrustedTime, I8_a_mark_that_was_lost_leaves_no_grace_until_somebody_speaks) {
  const ClockReading at_start = reading(kNoon, hours(1));
  TrustedTime time({}, "boot-1", at_start, TimeMark::lost());
  EXPECT_GT(time.now(at_start).unaccounted, days(36'500));
  TrustedTime again({}, "boot-1", at_start, time.mark(at_start));
  EXPECT_GT(again.now(at_start).unaccounted, days(36'500)) << "a restart counts nothing";
  EXPECT_EQ(again.attest(kNoon + hours(1), at_start), TrustedTime::Attestation::taken);
  EXPECT_EQ(again.now(at_start).unaccounted, milliseconds(0));

  TrustedTime in_1970({}, "boot-2", reading(k1970, hours(1)), TimeMark::lost());
  EXPECT_FALSE(in_1970.now(reading(k1970, hours(1))).trusted);
}

TEST(TrustedTime, tells_when_a_crash_would_set_it_back) {
  TrustedTime time({}, "boot-1", reading(kNoon, hours(1)), mark_at(kNoon));
  EXPECT_FALSE(time.has_jumped(reading(kNoon, hours(5))));
  EXPECT_EQ(time.attest(kNoon + days(3), reading(kNoon, hours(5))),
            TrustedTime::Attestation::taken);
  EXPECT_TRUE(time.has_jumped(reading(kNoon, hours(5))));
  static_cast<void>(time.mark(reading(kNoon, hours(5))));
  EXPECT_FALSE(time.has_jumped(reading(kNoon, hours(6))));
}

}  // namespace
}  // namespace akgate
