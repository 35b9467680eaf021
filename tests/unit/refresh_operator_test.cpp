// SPDX-License-Identifier: Apache-2.0
// Stories of what the operator says and orders: bindings, and fetching ahead.
#include "refresh_proofs_story.hpp"

namespace akgate {
namespace {

using Operator = Proofs;

TEST_F(Operator, what_the_operator_bound_is_not_asked_for) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(bind(kKey, kElsewhere), "done");
  EXPECT_EQ(ask_at(kElsewhere), "ALLOW active cache");
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-mismatch cache");
  EXPECT_EQ(ask_at(kElsewhere, Mode::fresh), "ALLOW active register");
  EXPECT_EQ(agent.register_.meter_point_requests, 0);
  agent.time_passes(seconds(2));
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_at(kElsewhere), "ALLOW active cache") << "it was durable when it was done";
}

TEST_F(Operator, what_is_unbound_is_asked_for_again) {
  EXPECT_EQ(bind(kKey, kElsewhere), "done");
  unbind(kKey);
  EXPECT_EQ(ask_at(kElsewhere), "DENY mpxn-mismatch register");
  EXPECT_EQ(ask_at(kHome), "ALLOW active cache");
}

TEST_F(Operator, I5_what_was_bound_before_the_record_was_known_falls_with_its_first_identity) {
  agent.register_.meter_point_mood = Mood::refuses;
  EXPECT_EQ(bind(kKey, kHome), "done");
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  agent.register_.records.at(kKey).identity_record_ref = "ir_2";
  EXPECT_EQ(ask_at(kHome, Mode::fresh), "DENY mpxn-unverified register");
  agent.crashes_and_restarts();
  agent.register_.mood = Mood::dead;
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified cache");
  agent.register_.mood = Mood::answers;
  agent.time_passes(minutes(1));
  EXPECT_EQ(bind(kKey, kHome), "done");
  EXPECT_EQ(ask_at(kHome), "ALLOW active cache") << "the operator has said it again";
}

TEST_F(Operator, I5_what_was_unbound_stays_so_whatever_came_between) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.meter_point_mood = Mood::refuses;
  EXPECT_EQ(bind(kKey, kHome), "done");
  agent.time_passes(seconds(2));
  agent.crashes_and_restarts();
  const AccessKey key = *AccessKey::parse(kKey);
  agent.desk->unbind(key, [](const std::optional<Refusal>&) {});
  static_cast<void>(ask_at(kHome));  // Before it is off the disk.
  agent.loop.settle();
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified cache");

  agent.desk->bind(key, *Mpxn::parse(kHome), [](const std::optional<Refusal>&) {});
  agent.desk->unbind(key, [](const std::optional<Refusal>&) {});
  agent.loop.settle();
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified cache");
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_at(kHome).substr(0, 20), "DENY mpxn-unverified");
}

TEST_F(Operator,
       I5_a_crash_right_after_the_first_word_does_not_tie_the_binding_to_another_identity) {
  agent.register_.meter_point_mood = Mood::refuses;
  EXPECT_EQ(bind(kKey, kHome), "done");
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  agent.crashes_and_restarts();  // At once: the record itself need not be on disk yet.
  agent.register_.records.at(kKey).identity_record_ref = "ir_2";
  EXPECT_EQ(ask_at(kHome, Mode::fresh), "DENY mpxn-unverified register");
}

TEST_F(Operator, a_binding_without_an_identity_record_to_fall_with_does_not_stand) {
  agent.register_.records.at(kKey).identity_record_ref.clear();
  EXPECT_EQ(bind(kKey, kHome), "done");
  agent.register_.meter_point_mood = Mood::refuses;
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified register");
}

TEST_F(Operator, what_was_refused_before_it_was_bound_counts_at_once) {
  agent.register_.meter_point_mood = Mood::refuses;
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified register");
  EXPECT_EQ(bind(kKey, kHome), "done");
  agent.time_passes(minutes(2));
  const int requests = agent.register_.requests;
  EXPECT_EQ(ask_at(kHome), "ALLOW active cache");
  EXPECT_EQ(agent.register_.requests, requests) << "nobody is asked about the operator's word";
}

TEST_F(Operator, what_was_bound_while_a_refusal_was_under_way_counts_at_once) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.meter_point_mood = Mood::refuses;
  Question question = SimulatedAgent::question_about(kKey);
  question.mpxn = kHome;
  const auto reply = agent.asked(question);
  EXPECT_EQ(bind(kKey, kHome), "done");
  agent.time_passes(minutes(2));
  const int requests = agent.register_.requests;
  EXPECT_EQ(ask_at(kHome), "ALLOW active cache");
  EXPECT_EQ(agent.register_.requests, requests);
}

TEST_F(Operator, a_token_that_cannot_be_had_for_now_leaves_bindings_their_grace_and_ends_it) {
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  agent.time_passes(kLongUnasked);
  agent.register_.meter_point_mood = Mood::silent_by_ourselves;
  EXPECT_EQ(ask_at(kHome), "ALLOW active grace");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
    static_cast<void>(ask_at(kHome));
    agent.time_passes(minutes(1));
  }
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified cache") << "the register answers about others";
}

TEST_F(Operator, the_operators_word_outlasts_an_answer_that_was_under_way) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  Question question = SimulatedAgent::question_about(kKey);
  question.mpxn = kHome;
  const auto reply = agent.asked(question);
  EXPECT_EQ(bind(kKey, kElsewhere), "done");
  agent.time_passes(seconds(5));
  EXPECT_EQ(reply->text.substr(0, 18), "DENY mpxn-mismatch");
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_at(kElsewhere), "ALLOW active cache");
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-mismatch cache");
}

TEST_F(Operator, prefetch_asks_once_and_says_what_is_known) {
  std::string said;
  const auto prefetch = [&](const std::string& key) {
    said = "none";
    agent.desk->fetch(*AccessKey::parse(key), Mode::normal,
                      [&](const Controls::Fetched& fetched, const std::optional<Refusal>& refusal) {
                        said = refusal ? std::string(refusal->reason)
                                       : std::string(fetched.state) +
                                             (fetched.from_register ? " register" : " cache");
                      });
    agent.time_passes(seconds(1));
    return said;
  };
  EXPECT_EQ(prefetch(kKey), "ACTIVE register");
  EXPECT_EQ(prefetch(kKey), "ACTIVE cache");
  EXPECT_EQ(prefetch(kOther), "not-found register");
  agent.register_.mood = Mood::dead;
  EXPECT_EQ(prefetch(kThird), "register-unreachable");
  agent.time_passes(hours(1));
  EXPECT_EQ(prefetch(kKey), "register-unreachable") << "it could not be made fresh";
}

}  // namespace
}  // namespace akgate
