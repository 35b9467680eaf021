// SPDX-License-Identifier: Apache-2.0
//
// What `akgate prefetch` reckons and tells.

#include <gtest/gtest.h>

#include <string>

#include "cli/pace.hpp"
#include "cli/prefetch_keys.hpp"
#include "cli/prefetch_tally.hpp"
#include "cli/progress_bar.hpp"
#include "cli/spell.hpp"

namespace akgate {
namespace {

using namespace std::chrono_literals;

Timestamp ten_o_clock() { return parse_timestamp("2026-11-22T10:00:00Z").value(); }

TEST(Pace, the_end_is_a_time_or_a_duration) {
  EXPECT_EQ(*time_until("2026-11-22T10:30:00Z", ten_o_clock()), 30min);
  EXPECT_EQ(*time_until("2026-11-22T12:00:00.5+01:00", ten_o_clock()), 1h + 500ms);
  EXPECT_EQ(*time_until("8h", ten_o_clock()), 8h);
  for (const std::string_view wrong :
       {"", "10:30", "tomorrow", "2026-11-22", "2026-11-22T10:00:00Z", "2026-11-22T09:59:59Z",
        "2226-11-22T10:00:00Z", "0s", "-5m", "30 m"}) {
    EXPECT_FALSE(time_until(wrong, ten_o_clock())) << wrong;
  }
}

TEST(Pace, requests_are_spread_evenly) {
  EXPECT_EQ(interval_for(1, 1h), 1h);
  EXPECT_EQ(interval_for(7200, 1h), 500ms);
  EXPECT_EQ(interval_for(3, 1ms), 333'333ns);
}

TEST(Pace, a_time_too_short_is_told_with_what_it_would_take) {
  EXPECT_FALSE(warn_of_pace(1200, 1min, 20));
  const auto warning = warn_of_pace(3601, 1min, 20);
  ASSERT_TRUE(warning);
  EXPECT_NE(warning->find("3601 keys at 20 requests a second"), std::string::npos) << *warning;
  EXPECT_NE(warning->find("take 3 minutes 1 second,"), std::string::npos) << *warning;
  EXPECT_NE(warning->find("take 61 a second"), std::string::npos) << *warning;
  EXPECT_TRUE(warn_of_pace(1, 1ms, 20));
}

TEST(ListedKeys, are_taken_each_once) {
  const std::string a = "ak_aaaaaaaaaaaaaaaaaaaaaaaa";
  const std::string b = "ak_bbbbbbbbbbbbbbbbbbbbbbbb";
  const auto keys =
      read_listed_keys(R"({"access-records":[{"ak":")" + a + R"("},{"ak":null},{"ak":")" + b +
                       R"(","state":"DISCOVERED"},7,{"ak":")" + a + R"("}]})");
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_TRUE((*keys)[0] == AccessKey::parse(a) && (*keys)[1] == AccessKey::parse(b));
}

TEST(ListedKeys, none_is_an_error) {
  for (const std::string_view body :
       {"", "[]", R"({"access-records":{}})", R"({"access-records":[]})", R"({"response":{}})"}) {
    EXPECT_FALSE(read_listed_keys(body).ok()) << body;
  }
}

ControlReply fetched(std::string_view state) {
  ControlReply reply;
  reply.done = true;
  reply.state = state;
  return reply;
}

TEST(Tally, tells_how_it_went) {
  PrefetchTally tally;
  for (const std::string_view state : {"ACTIVE", "ACTIVE", "REVOKED", "not-found", "DISCOVERED"}) {
    tally.take(fetched(state));
  }
  EXPECT_EQ(tally.summary(5, 3s),
            "5 of 5 keys in 3 seconds: 2 active, 2 not active, 1 unknown to the register, "
            "0 failed\n");
  ControlReply refused;
  refused.reason = "register-unreachable";
  refused.detail = "no \x1b[2J line";
  tally.take(refused);
  tally.take(refused);
  EXPECT_EQ(tally.failed(), 2U);
  EXPECT_EQ(tally.summary(10, 63s),
            "7 of 10 keys in 1 minute 3 seconds: 2 active, 2 not active, 1 unknown to the "
            "register, 2 failed, 3 left\n"
            "  2 failed: register-unreachable: no ?[2J line\n");
}

TEST(Tally, I12_keeps_a_few_reasons_only) {
  PrefetchTally tally;
  for (int i = 0; i < 1000; ++i) {
    ControlReply refused;
    refused.reason = "r" + std::to_string(i);
    tally.take(refused);
  }
  EXPECT_EQ(tally.failed(), 1000U);
  EXPECT_LT(tally.summary(1000, 1s).size(), 500U);
}

TEST(Progress, shows_how_far_it_has_come) {
  EXPECT_EQ(draw_progress(0, 10), "[" + std::string(40, ' ') + "]   0%  0 of 10");
  EXPECT_EQ(draw_progress(999, 1000), "[" + std::string(39, '#') + " ]  99%  999 of 1000");
  EXPECT_EQ(draw_progress(3, 3), "[" + std::string(40, '#') + "] 100%  3 of 3");
}

TEST(Spell, durations_in_their_two_greatest_units) {
  EXPECT_EQ(spell_duration(-1s), "0 seconds");
  EXPECT_EQ(spell_duration(1s), "1 second");
  EXPECT_EQ(spell_duration(60s), "1 minute");
  EXPECT_EQ(spell_duration(3599s), "59 minutes 59 seconds");
  EXPECT_EQ(spell_duration(3h + 59s), "3 hours");
  EXPECT_EQ(spell_duration(76h + 5min), "3 days 4 hours");
}

}  // namespace
}  // namespace akgate
