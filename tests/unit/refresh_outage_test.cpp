// SPDX-License-Identifier: Apache-2.0
// Stories of links that come and go, told to the real desk, clerk and cache in simulated time.
#include "refresh_story.hpp"

namespace akgate {
namespace {

using Outage = AgentStory;

TEST_F(Outage, asked_once_then_answered_from_memory) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  EXPECT_EQ(agent.register_.requests, 1);
}

TEST_F(Outage, I3_while_the_register_answers_nothing_older_than_fresh_for_allows) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_revokes(kKey);
  agent.time_passes(minutes(15));
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "DENY revoked");
}

TEST_F(Outage, I4_grace_allows_what_is_known_and_ends) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood = Mood::dead;
  agent.time_passes(minutes(20));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  agent.time_passes(hours(23));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  agent.time_passes(hours(1));
  EXPECT_EQ(agent.ask(kKey), "DENY stale cache");
}

TEST_F(Outage, I4_a_grace_of_zero_is_none) {
  agent.settings.policy.freshness.grace = milliseconds(0);
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood = Mood::dead;
  agent.time_passes(minutes(15));
  EXPECT_EQ(agent.ask(kKey), "DENY stale cache");
}

TEST_F(Outage, cold_key_while_the_register_is_dead) {
  agent.register_.mood = Mood::dead;
  EXPECT_EQ(agent.ask(kKey), "DENY register-unreachable local");
  const auto reply = agent.asked(kOther);
  EXPECT_EQ(reply->text, "DENY register-unreachable local")
      << "denied at once, without another attempt";
}

TEST_F(Outage, I5_revoked_during_an_outage_is_learnt_when_it_ends) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood = Mood::dead;
  agent.register_revokes(kKey);
  agent.time_passes(minutes(20));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  agent.register_.mood = Mood::answers;
  agent.time_passes(seconds(31));  // One step of back-off, and the agent has asked by itself.
  EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
  agent.register_.mood = Mood::dead;
  agent.time_passes(days(2));
  EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
}

TEST_F(Outage, I5_revocation_is_final_even_if_a_lagging_replica_says_active) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_revokes(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
  agent.register_.records.at(kKey).state = State::active;
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY revoked register");
  agent.crashes_and_restarts();
  agent.time_passes(hours(2));
  EXPECT_EQ(agent.ask(kKey), "DENY revoked register");
}

TEST_F(Outage, I6_crash_and_restart_while_offline_answers_as_before) {
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.register_revokes(kOther);
  EXPECT_EQ(agent.ask(kOther, Mode::fresh), "DENY revoked register");
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
  EXPECT_EQ(agent.ask(kOther), "DENY revoked cache");
}

TEST_F(Outage, I5_a_denial_is_on_disk_before_its_reply_leaves) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.register_revokes(kKey);
  const auto reply = agent.asked(kKey, Mode::fresh);
  while (reply->text == "none") agent.time_passes(milliseconds(1));
  EXPECT_EQ(reply->text, "DENY revoked register");
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
}

TEST_F(Outage, I5_narrowing_is_on_disk_before_its_reply_leaves) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.register_.records.at(kKey).data_types = {};
  ASSERT_TRUE(agent.register_.records.at(kKey).data_types.add("TARIFF-IMPORT"));
  const auto reply = agent.asked(kKey, Mode::fresh);
  while (reply->text == "none") agent.time_passes(milliseconds(1));
  EXPECT_EQ(reply->text, "DENY data-type-not-covered register");
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "DENY data-type-not-covered cache");
}

TEST_F(Outage, I2_expiry_passes_during_an_outage) {
  agent.register_.records.at(kKey).expiry = Expiry::at_instant(agent.clock.read().wall + hours(2));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood = Mood::dead;
  agent.time_passes(hours(2) - seconds(3));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  agent.time_passes(seconds(3));
  EXPECT_EQ(agent.ask(kKey), "DENY expired grace");
}

TEST_F(Outage, expiry_passes_and_the_record_was_renewed) {
  agent.register_.records.at(kKey).expiry =
      Expiry::at_instant(agent.clock.read().wall + minutes(5));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.records.at(kKey).expiry = Expiry::at_instant(agent.clock.read().wall + days(365));
  agent.time_passes(minutes(5));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
}

TEST_F(Outage, expired_is_asked_about_once_and_then_known) {
  agent.register_.records.at(kKey).expiry =
      Expiry::at_instant(agent.clock.read().wall + minutes(5));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(5));
  EXPECT_EQ(agent.ask(kKey), "DENY expired register");
  EXPECT_EQ(agent.ask(kKey), "DENY expired cache");
  EXPECT_EQ(agent.register_.requests, 2);
}

TEST_F(Outage, hanging_register_times_askers_out_then_counts_as_silent) {
  for (const std::string& key : {kKey, kOther, kThird}) {
    agent.register_has(key);
    EXPECT_EQ(agent.ask(key), "ALLOW active register");
  }
  agent.time_passes(kLongUnasked);
  agent.register_.mood = Mood::hangs;
  const BootTime asked_at = agent.loop.now();
  for (const std::string& key : {kKey, kOther, kThird}) {
    const auto reply = agent.asked(key, Mode::normal, seconds(2));
    agent.time_passes(seconds(2));
    EXPECT_EQ(reply->text, "DENY timeout local") << "its own time was over, so no grace";
  }
  EXPECT_EQ(agent.loop.now() - asked_at, seconds(6));
  EXPECT_EQ(agent.asked(kKey)->text, "ALLOW active grace");
}

TEST_F(Outage, one_key_that_hangs_opens_no_grace_for_others) {
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  agent.time_passes(kLongUnasked);
  agent.register_.mood_about[kKey] = Mood::hangs;
  EXPECT_EQ(agent.ask(kKey), "DENY timeout local");
  agent.register_revokes(kOther);
  EXPECT_EQ(agent.ask(kOther), "DENY revoked register");
}

TEST_F(Outage,
       half_alive_link_counts_as_down_after_three_slow_requests_and_as_up_after_two_in_time) {
  for (const std::string& key : {kKey, kOther, kThird}) {
    agent.register_has(key);
    EXPECT_EQ(agent.ask(key), "ALLOW active register");
  }
  agent.time_passes(kLongUnasked);
  agent.register_.latency = seconds(4);
  for (const std::string& key : {kKey, kOther, kThird}) {
    EXPECT_EQ(agent.ask(key, Mode::normal, seconds(2)), "DENY timeout local");
  }
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache") << "learnt from the late answer meanwhile";
  const std::string fourth = "ak_00000000000000000000000c";
  EXPECT_EQ(agent.asked(fourth)->text, "DENY register-unreachable local") << "at once";
  agent.register_.latency = milliseconds(50);
  agent.time_passes(minutes(1));
  EXPECT_EQ(agent.ask(fourth), "DENY not-found register");
}

TEST_F(Outage, a_clients_own_short_timeout_opens_no_grace) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(15));
  agent.register_.latency = milliseconds(500);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(agent.ask(kKey, Mode::fresh, milliseconds(1)), "DENY timeout local");
  agent.register_revokes(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh, seconds(5)), "DENY revoked register");
}

TEST_F(Outage, one_keys_trouble_is_its_own) {
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  agent.time_passes(hours(1));
  agent.register_.mood_about[kKey] = Mood::fails;
  for (int failure = 1; failure <= 3; ++failure) {
    EXPECT_EQ(agent.ask(kOther, Mode::fresh), "ALLOW active register")
        << "the register is not silent for others";
    EXPECT_EQ(agent.ask(kKey), failure < 3 ? "ALLOW active grace" : "DENY stale cache");
    agent.time_passes(seconds(20));
  }
}

TEST_F(Outage, rubbish_opens_no_grace_and_what_is_known_is_not_used) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(kLongUnasked);
  agent.register_.mood = Mood::talks_rubbish;
  EXPECT_EQ(agent.ask(kKey), "DENY register-malformed cache");
  agent.time_passes(seconds(2));
  agent.register_.mood = Mood::dead;
  EXPECT_EQ(agent.ask(kKey), "DENY register-malformed cache") << "until a proper answer";
  agent.register_.mood = Mood::answers;
  agent.time_passes(minutes(1));
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
}

TEST_F(Outage, a_refusal_of_us_opens_no_grace) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(kLongUnasked);
  agent.register_.mood = Mood::refuses;
  EXPECT_EQ(agent.ask(kKey), "DENY register-refused cache");
}

TEST_F(Outage, fresh_never_falls_back_to_grace) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood = Mood::dead;
  agent.time_passes(minutes(20));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  EXPECT_EQ(agent.ask(kKey, Mode::fresh).substr(0, 25), "DENY register-unreachable");
}

TEST_F(Outage, fresh_does_not_join_a_flight_that_left_before_it) {
  agent.register_.latency = milliseconds(100);
  const auto first = agent.asked(kKey);
  agent.time_passes(milliseconds(50));
  agent.register_revokes(kKey);
  const auto second = agent.asked(kKey, Mode::fresh);
  agent.time_passes(seconds(1));
  EXPECT_EQ(first->text, "ALLOW active register");
  EXPECT_EQ(second->text, "DENY revoked register");
  EXPECT_EQ(agent.register_.most_at_once, 1) << "never two flights for one key (I11)";
}

TEST_F(Outage, I8_boot_in_1970_while_offline_denies_and_the_register_heals_it) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(minutes(11));
  const auto now = agent.clock.read().wall;
  agent.register_.mood = Mood::dead;
  agent.clock.synchronised = false;
  agent.reboots(hours(1), SimulatedClock::Wall{});
  EXPECT_EQ(agent.ask(kKey), "DENY clock-untrusted grace");
  agent.register_.mood = Mood::answers;
  agent.register_.clock_error = now + hours(1) - agent.clock.read().wall;
  agent.time_passes(seconds(31));
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache");
}

// What a hostile client may not do with a key that the register stumbles over.
TEST_F(Outage, I3_a_key_that_the_register_stumbles_over_opens_no_grace_for_others) {
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  agent.register_.mood_about[kThird] = Mood::fails;
  agent.register_revokes(kKey);
  agent.time_passes(minutes(15));
  for (int i = 0; i < 20; ++i) {
    static_cast<void>(agent.asked(kThird, Mode::fresh, seconds(30)));
    agent.time_passes(milliseconds(500));
  }
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "DENY revoked");
}

TEST_F(Outage, after_a_restart_one_bad_key_does_not_hide_that_the_register_answers) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.crashes_and_restarts();
  agent.time_passes(minutes(15));
  agent.register_.mood_about[kThird] = Mood::fails;
  for (int i = 0; i < 5; ++i) static_cast<void>(agent.ask(kThird));
  agent.register_revokes(kKey);
  static_cast<void>(agent.ask(kKey));
  agent.time_passes(seconds(2));
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "DENY revoked");
}

TEST_F(Outage, I5_bad_news_about_a_key_that_only_the_clerk_still_holds_is_not_lost) {
  agent.settings.rooms.active = 2;
  agent.settings.rooms.others = 2;
  agent.crashes_and_restarts();
  for (const std::string& key : {kKey, kOther, kThird}) {
    agent.register_has(key);
    EXPECT_EQ(agent.ask(key), "ALLOW active register");
  }
  agent.register_.records.erase(kKey);  // Pushed out of memory, and not on disk yet.
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "DENY not-found register");
  agent.time_passes(seconds(2));
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey).substr(0, 4), "DENY");
}

TEST_F(Outage, I8_a_crash_does_not_set_back_the_time_that_the_register_attested) {
  agent.clock.synchronised = false;
  agent.crashes_and_restarts();
  agent.register_.records.at(kKey).expiry = Expiry::at_instant(agent.clock.read().wall + hours(10));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.register_.clock_error = hours(20);
  EXPECT_EQ(agent.ask(kOther), "DENY not-found register");
  EXPECT_EQ(agent.ask(kKey, Mode::cached).substr(0, 12), "DENY expired");
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey).substr(0, 12), "DENY expired");
}

TEST_F(Outage, I3_a_reply_that_waited_for_its_turn_is_judged_by_what_is_known_when_it_is_written) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.time_passes(kLongUnasked);
  agent.register_.mood = Mood::dead;
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  Question question;
  question.key = AccessKey::parse(kKey);
  ASSERT_TRUE(question.data_types.add("HH-CONSUMPTION"));
  Settled settled;
  agent.desk->ask(question, seconds(1), agent.uid, [&](const Settled& how) { settled = how; });
  agent.register_.mood = Mood::answers;
  agent.register_revokes(kKey);
  agent.time_passes(minutes(1));
  EXPECT_EQ(agent.desk->verdict(question, settled).reason, Reason::revoked);
}

}  // namespace
}  // namespace akgate
