// SPDX-License-Identifier: Apache-2.0
#include "register/http_fields.hpp"

#include <gtest/gtest.h>

namespace akgate {
namespace {

using std::chrono::seconds;

// 1994-11-06T08:49:37Z, the RFC's own example.
constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr Timestamp kInstant{seconds(784111777)};

TEST(HttpDate, reads_the_form_that_servers_send) {
  EXPECT_EQ(parse_http_date(kDate), kInstant);
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT"), Timestamp(seconds(1709164800)));
}

TEST(HttpDate, what_makes_no_sense_is_nothing) {
  for (const std::string_view text :
       {"", "now", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 29 Feb 2023 00:00:00 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 19x4 08:49:37 GMT",
        "Sun, 06 Nov 1994T08:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(RetryAfter, is_seconds_or_a_date_after_the_answers_own) {
  EXPECT_EQ(parse_retry_after("0", {}), seconds(0));
  EXPECT_EQ(parse_retry_after("120", {}), seconds(120));
  EXPECT_EQ(parse_retry_after(kDate, kInstant - seconds(90)), seconds(90));
}

TEST(RetryAfter, what_makes_no_sense_is_nothing) {
  for (const std::string_view text : {"", "-1", "+1", "1.5", "1s", " 1", "soon", "0x10"}) {
    EXPECT_EQ(parse_retry_after(text, kInstant), std::nullopt) << text;
  }
  EXPECT_EQ(parse_retry_after(kDate, {}), std::nullopt) << "a date, and none to count from";
  EXPECT_EQ(parse_retry_after(kDate, kInstant), std::nullopt) << "not after the answer";
  EXPECT_EQ(parse_retry_after(kDate, kInstant + seconds(1)), std::nullopt) << "before the answer";
}

TEST(RetryAfter, does_not_overflow) {
  for (const std::string_view text : {"9223372036854775807", "99999999999999999999999999"}) {
    const auto wait = parse_retry_after(text, {});
    ASSERT_TRUE(wait) << text;
    EXPECT_GT(*wait, std::chrono::years(60)) << text;
  }
}

TEST(Age, is_seconds_and_whatever_else_it_says_is_old) {
  EXPECT_EQ(parse_age("0"), seconds(0));
  EXPECT_EQ(parse_age("17"), seconds(17));
  EXPECT_EQ(parse_age(""), std::nullopt);
  for (const std::string_view text : {"0, 500", ",17", "-1", "old", "5.0"}) {
    EXPECT_EQ(parse_age(text), seconds::max()) << text;
  }
}

}  // namespace
}  // namespace akgate
