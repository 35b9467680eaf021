// SPDX-License-Identifier: Apache-2.0
//
// What a clock that may be wrong is worth (I8).
#include <gtest/gtest.h>

#include "verdict_fixture.hpp"

namespace akgate {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(Clock, I8_untrusted_allows_nothing_but_what_the_register_says_now) {
  const Knowledge known = knowledge_of(good_record(), 1min);
  const Policy policy = default_policy();
  for (const Standing standing : {Standing::answers, Standing::silent, Standing::silent_for_key}) {
    const Verdict verdict = judged(known, standing, policy, false);
    EXPECT_EQ(verdict.reason, Reason::clock_untrusted);
    EXPECT_EQ(verdict.good_for, 0ms);
  }
  EXPECT_EQ(judged(known, Standing::answered_now, policy, false).reason, Reason::clock_untrusted)
      << "it has an end, which may have passed";
  AccessRecord endless = good_record();
  endless.expiry = Expiry::never();
  const Verdict asked = judged(knowledge_of(endless), Standing::answered_now, policy, false);
  EXPECT_EQ(asked.reason, Reason::active);
  EXPECT_EQ(asked.good_for, 0ms) << "the next moment it would not be allowed from memory";

  const Knowledge revoked = knowledge_of(in_state(State::revoked), 1min);
  EXPECT_EQ(judged(revoked, Standing::silent, policy, false).reason, Reason::revoked)
      << "known denials stay denied";
  EXPECT_EQ(judged(no_such_record(1min), Standing::silent, policy, false).reason,
            Reason::not_found);
}

TEST(Clock, I8_knowledge_dated_in_the_future_is_neither_fresh_nor_under_grace) {
  for (const milliseconds ahead : {1ms, milliseconds(1h), milliseconds(87600h)}) {
    const Knowledge known = knowledge_of(good_record(), -ahead);
    for (const Standing standing :
         {Standing::answers, Standing::silent, Standing::silent_for_key}) {
      const Verdict verdict = judged(known, standing);
      EXPECT_EQ(verdict.reason, Reason::stale);
      EXPECT_EQ(verdict.source, Source::cache);
      EXPECT_FALSE(verdict.age) << "nobody can tell";
      EXPECT_EQ(verdict.good_for, 0ms);
    }
    const Verdict asked = judged(known, Standing::answered_now);
    EXPECT_EQ(asked.reason, Reason::active);
    EXPECT_EQ(asked.age, 0ms);
    EXPECT_EQ(asked.good_for, 15min);
  }
}

TEST(Clock, I8_setting_the_clock_back_revives_nothing) {
  // The clock of a verdict moves back over the whole life of the knowledge: once denied for age, an
  // earlier now may show it fresh only within its own life, never before its birth.
  const Knowledge known = knowledge_of(good_record(), 0ms);
  for (const milliseconds back : {1ms, milliseconds(1min), milliseconds(72h)}) {
    const Present present{.now = now() - back};
    EXPECT_FALSE(
        judge(&known, good_question(), default_policy(), present, Standing::silent).allows());
  }
}

// Reboots with a clock that nobody vouches for may have hidden time; it counts against us.
TEST(Clock, I8_time_that_nobody_counted_shortens_grace) {
  const Knowledge known = knowledge_of(good_record(), 3h);
  Present present{.now = now()};
  EXPECT_EQ(judge(&known, good_question(), {}, present, Standing::silent).source, Source::grace);
  present.unaccounted = 21h - 1ms;
  EXPECT_TRUE(judge(&known, good_question(), {}, present, Standing::silent).allows());
  present.unaccounted = 21h;
  EXPECT_EQ(judge(&known, good_question(), {}, present, Standing::silent).reason, Reason::stale);
}

TEST(Clock, I8_a_record_that_may_have_ended_in_time_that_nobody_counted_is_clock_untrusted) {
  const Knowledge known = knowledge_of(ending(2h), 1min);
  Present present{.now = now(), .clock_trusted = true, .unaccounted = 2h - 1ms};
  EXPECT_TRUE(judge(&known, good_question(), {}, present, Standing::silent).allows());
  present.unaccounted = 2h;
  EXPECT_EQ(judge(&known, good_question(), {}, present, Standing::silent).reason,
            Reason::clock_untrusted);
  EXPECT_EQ(judge(&known, good_question(), {}, present, Standing::answered_now).reason,
            Reason::clock_untrusted)
      << "the register does not end records by itself";
}

TEST(Clock, I8_nor_is_it_relied_on_for_longer_than_it_is_sure_to_last) {
  const Knowledge known = knowledge_of(ending(10min), 1min);
  const Present present{.now = now(), .clock_trusted = true, .unaccounted = 5min};
  const Verdict verdict = judge(&known, good_question(), {}, present, Standing::answers);
  EXPECT_TRUE(verdict.allows());
  EXPECT_EQ(verdict.good_for, 5min);
}

}  // namespace
}  // namespace akgate
