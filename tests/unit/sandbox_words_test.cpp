// SPDX-License-Identifier: Apache-2.0
#include "tests/register/words.hpp"

#include <gtest/gtest.h>

namespace akgate::sandbox {
namespace {

using std::chrono::milliseconds;

TEST(SandboxWords, identifiers_have_24_lower_case_hex_digits_and_are_never_the_same) {
  const auto one = new_identifier("ak_");
  EXPECT_TRUE(is_identifier("ak_", one)) << one;
  EXPECT_NE(one, new_identifier("ak_"));
  EXPECT_FALSE(is_identifier("ir_", one));
  for (const char* bad : {"", "ak_", "ak_691df0c788ca043403b7fa9", "ak_691df0c788ca043403b7fa900",
                          "ak_691DF0c788ca043403b7fa90", "ak_691df0c788ca043403b7fa9g"}) {
    EXPECT_FALSE(is_identifier("ak_", bad)) << bad;
  }
}

TEST(SandboxWords, meter_points_are_the_published_pattern_or_6_to_13_digits) {
  for (const char* good : {"1234567890123", "1234567890", "123456", "AB12345678", "Z91234567890"}) {
    EXPECT_TRUE(is_mpxn(good)) << good;
  }
  for (const char* bad : {"", "12345", "12345678901234", "IB12345678", "QB12345678", "ab12345678",
                          "AB1234567", "AB12345678901", "12345678 ", "1234567890/../x"}) {
    EXPECT_FALSE(is_mpxn(bad)) << bad;
  }
}

TEST(SandboxWords, timestamps_are_rfc_3339_of_days_that_exist) {
  for (const char* good :
       {"2026-11-22T10:05:00Z", "2024-02-29T23:59:60Z", "2027-11-10T17:07:01.580Z",
        "2026-01-01T00:00:00+01:00", "2026-01-01t00:00:00.123456789-23:59"}) {
    EXPECT_TRUE(is_timestamp(good)) << good;
  }
  for (const char* bad :
       {"", "2026-11-22", "2026-11-22T10:05:00", "2023-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z", "2026-11-22T10:05:00.Z",
        "2026-11-22T10:05:00+0100", "2026-11-22 10:05:00Z", "2026-11-22T10:05:00Zx"}) {
    EXPECT_FALSE(is_timestamp(bad)) << bad;
  }
}

TEST(SandboxWords, durations_have_a_unit_and_a_bound) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("2d"), milliseconds(172'800'000));
  EXPECT_EQ(parse_duration("-36h", true), milliseconds(-129'600'000));
  for (const char* bad :
       {"", "5", "s", "5 s", "1w", "-5s", "1.5s", "3651d", "99999999999999999999s"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace akgate::sandbox
