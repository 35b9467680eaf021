// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "record/timestamp.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;

struct Reading {
  std::string_view text;
  std::int64_t milliseconds_since_1970;
};

TEST(Timestamp, reads_rfc_3339_in_full) {
  for (const Reading& row : {
           Reading{"1970-01-01T00:00:00Z", 0},
           Reading{"1970-01-01t00:00:00z", 0},
           Reading{"1969-12-31T23:59:59.999Z", -1},
           Reading{"2027-11-10T17:07:01.580Z", 1825866421580},
           Reading{"2027-11-10T17:07:01Z", 1825866421000},
           // Offsets, both ways, over the end of a year, and the "unknown" one.
           Reading{"1970-01-01T01:00:00+01:00", 0},
           Reading{"1969-12-31T18:30:00-05:30", 0},
           Reading{"1970-01-01T00:00:00-00:00", 0},
           Reading{"1970-01-01T00:00:00+00:00", 0},
           Reading{"1970-01-01T23:59:00+23:59", 0},
           // Fractions of any length, cut off and never rounded up.
           Reading{"1970-01-01T00:00:00.5Z", 500},
           Reading{"1970-01-01T00:00:00.05Z", 50},
           Reading{"1970-01-01T00:00:00.1239Z", 123},
           Reading{"1970-01-01T00:00:00.99999999999999999999999999999999Z", 999},
           Reading{"1969-12-31T23:59:59.9999Z", -1},
           // Leap days and leap seconds.
           Reading{"2024-02-29T00:00:00Z", 1709164800000},
           Reading{"2000-02-29T00:00:00Z", 951782400000},
           Reading{"1990-12-31T23:59:60Z", 662687999000},
           Reading{"1990-12-31T15:59:60.25-08:00", 662687999250},
           Reading{"1991-01-01T00:59:60+01:00", 662687999000},
           // Beyond what 32 bits count, and the ends of the range.
           Reading{"2038-01-19T03:14:08Z", 2147483648000},
           Reading{"2100-03-01T00:00:00Z", 4107542400000},
           Reading{"9999-12-31T23:59:59.999Z", 253402300799999},
           Reading{"0000-01-01T00:00:00Z", -62167219200000},
       }) {
    const auto when = parse_timestamp(row.text);
    ASSERT_TRUE(when) << row.text;
    EXPECT_EQ(when->time_since_epoch().count(), row.milliseconds_since_1970) << row.text;
  }
}

TEST(Timestamp, refuses_what_does_not_exist_or_is_not_rfc_3339) {
  for (const std::string_view bad : {
           // Impossible dates and times.
           "2023-02-29T00:00:00Z",
           "1900-02-29T00:00:00Z",
           "2100-02-29T00:00:00Z",
           "2026-02-30T00:00:00Z",
           "2026-04-31T00:00:00Z",
           "2026-00-10T00:00:00Z",
           "2026-13-10T00:00:00Z",
           "2026-01-00T00:00:00Z",
           "2026-01-32T00:00:00Z",
           "2026-01-10T24:00:00Z",
           "2026-01-10T00:60:00Z",
           "2026-01-10T00:00:61Z",
           "2026-01-10T12:00:60Z",
           "2026-01-10T23:59:60+01:00",
           "2026-01-10T00:00:00+24:00",
           "2026-01-10T00:00:00+00:60",
           // No offset, or none that is one.
           "2026-01-10T00:00:00",
           "2026-01-10T00:00:00.000",
           "2026-01-10T00:00:00+0100",
           "2026-01-10T00:00:00+01",
           "2026-01-10T00:00:00+1:00",
           "2026-01-10T00:00:00 Z",
           "2026-01-10T00:00:00UTC",
           // Not in form.
           "",
           "never",
           "2026-01-10",
           "2026-01-10 00:00:00Z",
           "2026-1-10T00:00:00Z",
           "26-01-10T00:00:00Z",
           "12026-01-10T00:00:00Z",
           "+2026-01-10T00:00:00Z",
           "-026-01-10T00:00:00Z",
           "2026-01-10T00:00Z",
           "2026-01-10T0:00:00Z",
           "2026-01-10T00:00:00.Z",
           "2026-01-10T00:00:00,5Z",
           "2026-01-10T00:00:00.-5Z",
           "2026/01/10T00:00:00Z",
           "20260110T000000Z",
           // Something before or behind.
           " 2026-01-10T00:00:00Z",
           "2026-01-10T00:00:00Z ",
           "2026-01-10T00:00:00ZZ",
           "2026-01-10T00:00:00+01:000",
       }) {
    EXPECT_FALSE(parse_timestamp(bad)) << bad;
  }
  EXPECT_FALSE(parse_timestamp(std::string_view("2026-01-10T00:00:00Z\0", 21)));
}

TEST(Timestamp, is_written_in_whole_seconds_rounded_down) {
  struct Row {
    std::int64_t at;
    std::string_view text;
  };
  for (const Row& row : {
           Row{0, "1970-01-01T00:00:00Z"},
           Row{999, "1970-01-01T00:00:00Z"},
           Row{-1, "1969-12-31T23:59:59Z"},
           Row{1795341900123, "2026-11-22T10:05:00Z"},
           Row{951782400000, "2000-02-29T00:00:00Z"},
           Row{-62167219200000, "0000-01-01T00:00:00Z"},
           Row{-62167219200001, "0000-01-01T00:00:00Z"},
           Row{253402300799999, "9999-12-31T23:59:59Z"},
           Row{253402300800000, "9999-12-31T23:59:59Z"},
       }) {
    EXPECT_EQ(format_timestamp(Timestamp(milliseconds(row.at))), row.text);
  }
}

TEST(Timestamp, of_every_day_of_400_years_is_read_as_written) {
  Timestamp day = parse_timestamp("1900-01-01T23:59:59Z").value();
  for (int i = 0; i < 146097; ++i, day += std::chrono::days(1)) {
    ASSERT_EQ(parse_timestamp(format_timestamp(day)), day);
  }
}

}  // namespace
}  // namespace akgate
