// SPDX-License-Identifier: Apache-2.0
// Stories of meter points and Data Users, told to the real desk, clerk and cache in simulated time.
#include "refresh_proofs_story.hpp"

#include <memory>
#include <vector>

namespace akgate {
namespace {

// --- meter points --------------------------------------------------------------------------------

TEST_F(Proofs, I1_a_key_opens_its_own_meter_point_and_no_other) {
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  EXPECT_EQ(agent.register_.requests, 2) << "the record, and the meter point";
  EXPECT_EQ(ask_at(kHome), "ALLOW active cache");
  EXPECT_EQ(ask_at(kElsewhere), "DENY mpxn-mismatch cache");
  EXPECT_EQ(agent.register_.requests, 2) << "where it is listed says where it is not";
  EXPECT_EQ(ask_at("x"), "DENY mpxn-malformed cache");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache") << "who names no meter point is not checked";
}

TEST_F(Proofs, I1_a_key_that_the_register_does_not_list_there_is_denied) {
  EXPECT_EQ(ask_at(kElsewhere), "DENY mpxn-mismatch register");
  EXPECT_EQ(ask_at(kElsewhere), "DENY mpxn-mismatch cache");
  EXPECT_EQ(agent.register_.meter_point_requests, 1);
  EXPECT_EQ(ask_at(kHome), "ALLOW active cache") << "not listed there says nothing of here";
  EXPECT_EQ(ask_at(kElsewhere), "DENY mpxn-mismatch cache");
}

TEST_F(Proofs, a_record_that_denies_by_itself_costs_no_second_request) {
  agent.register_revokes(kKey);
  EXPECT_EQ(ask_at(kHome), "DENY revoked register");
  EXPECT_EQ(agent.register_.requests, 1);
}

TEST_F(Proofs, I3_a_binding_is_asked_for_anew_when_it_is_no_longer_fresh) {
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  agent.time_passes(kLongUnasked);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  agent.register_.meter_points[kHome].clear();
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-mismatch cache") << "the record itself is still fresh";
}

TEST_F(Proofs, I4_a_binding_has_the_grace_of_its_record) {
  agent.register_.records.at(kKey).legal_basis = LegalBasis::uk_consent;
  agent.register_.records.at(kKey).consent_type = ConsentType::expressed_consent;
  agent.settings.policy.freshness
      .grace_by_legal_basis[static_cast<std::size_t>(LegalBasis::uk_consent)] = hours(6);
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  agent.time_passes(hours(3));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register") << "the record is three hours younger";
  agent.register_.mood = Mood::dead;
  agent.time_passes(hours(2));
  EXPECT_EQ(ask_at(kHome), "ALLOW active grace");
  agent.time_passes(hours(2));
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace");
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified grace") << "the binding is seven hours old";
}

TEST_F(Proofs, I5_a_binding_falls_with_the_identity_record_it_was_made_for) {
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  // The register has moved the record to another meter point.
  agent.register_.records.at(kKey).identity_record_ref = "ir_2";
  agent.register_.meter_points[kHome].clear();
  agent.register_.meter_points[kElsewhere].insert(kKey);
  EXPECT_EQ(agent.ask(kKey, Mode::fresh), "ALLOW active register");
  agent.register_.mood = Mood::dead;
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified cache");
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified cache");
}

TEST_F(Proofs, I5_a_key_listed_nowhere_any_more_stays_so_after_a_crash) {
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  agent.time_passes(minutes(1));
  agent.register_.meter_points[kHome].clear();
  agent.time_passes(kLongUnasked);
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-mismatch register");
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_at(kHome).substr(0, 18), "DENY mpxn-mismatch");
}

TEST_F(Proofs, a_binding_survives_a_restart) {
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_at(kHome), "ALLOW active cache");
}

TEST_F(Proofs, a_register_that_will_not_tell_us_meter_points_is_no_proof) {
  agent.register_.meter_point_mood = Mood::refuses;
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified register");
  EXPECT_EQ(ask_at(kHome), "DENY mpxn-unverified cache");
  EXPECT_EQ(agent.register_.meter_point_requests, 1) << "it is not asked at each question";
  EXPECT_EQ(agent.ask(kKey), "ALLOW active cache") << "its trouble is its own";
}

TEST_F(Proofs, I3_meter_points_in_trouble_open_no_grace_for_records) {
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
  agent.register_.meter_point_mood = Mood::fails;
  for (int i = 0; i < 10; ++i) {
    EXPECT_NE(ask_at(kHome).substr(0, 5), "ALLOW");
    agent.time_passes(seconds(2));
  }
  agent.register_revokes(kOther);
  agent.time_passes(kLongUnasked);
  EXPECT_EQ(ask_at(kHome).substr(0, 20), "DENY mpxn-unverified");
  EXPECT_EQ(agent.ask(kOther).substr(0, 12), "DENY revoked");
}

TEST_F(Proofs, fresh_asks_for_both_anew) {
  EXPECT_EQ(ask_at(kHome), "ALLOW active register");
  EXPECT_EQ(ask_at(kHome, Mode::fresh), "ALLOW active register");
  EXPECT_EQ(agent.register_.requests, 4);
  agent.register_.meter_points[kHome].clear();
  EXPECT_EQ(ask_at(kHome, Mode::fresh), "DENY mpxn-mismatch register");
  agent.register_.mood = Mood::dead;
  EXPECT_EQ(ask_at(kHome, Mode::fresh).substr(0, 20), "DENY mpxn-unverified");
}

TEST_F(Proofs, cached_asks_for_neither) {
  EXPECT_EQ(ask_at(kHome, Mode::cached), "DENY mpxn-unverified local");
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  EXPECT_EQ(ask_at(kHome, Mode::cached), "DENY mpxn-unverified cache");
  EXPECT_EQ(agent.register_.requests, 1);
}

TEST_F(Proofs, I11_askers_about_two_meter_points_of_one_key_are_both_answered) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  Question home = SimulatedAgent::question_about(kKey);
  home.mpxn = kHome;
  Question elsewhere = home;
  elsewhere.mpxn = kElsewhere;
  std::vector<std::shared_ptr<SimulatedAgent::Reply>> replies;
  for (int i = 0; i < 5; ++i) {
    replies.push_back(agent.asked(elsewhere));
    replies.push_back(agent.asked(home));
  }
  agent.time_passes(seconds(1));
  for (std::size_t i = 0; i < replies.size(); ++i) {
    EXPECT_EQ(replies[i]->text.substr(0, 12), i % 2 == 0 ? "DENY mpxn-mi" : "ALLOW active") << i;
  }
  EXPECT_EQ(agent.register_.meter_point_requests, 2);
}

TEST_F(Proofs, I3_a_register_that_is_slow_with_meter_points_opens_no_grace) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.meter_point_mood = Mood::hangs;
  agent.register_revokes(kKey);
  const auto hanging = [&] {
    Question question = SimulatedAgent::question_about(kKey);
    question.mpxn = kHome;
    return agent.asked(question);
  };
  for (int i = 0; i < 20; ++i) {
    static_cast<void>(hanging());
    agent.time_passes(minutes(1));
  }
  EXPECT_EQ(agent.ask(kKey), "DENY revoked cache");
}

TEST_F(Proofs, I11_what_we_know_to_be_refused_is_neither_asked_nor_taken_for_an_answer) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.mood = Mood::dead;
  agent.register_.meter_point_mood = Mood::refused_by_ourselves;
  EXPECT_EQ(agent.ask(kOther), "DENY register-unreachable local");
  agent.time_passes(minutes(16));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(ask_at(kHome).substr(0, 20), "DENY mpxn-unverified");
    agent.time_passes(seconds(1));
  }
  EXPECT_EQ(agent.ask(kKey), "ALLOW active grace") << "the register is as silent as before";
  EXPECT_TRUE(agent.desk->register_standing().silent_for);
}

TEST_F(Proofs, hanging_data_users_leave_room_for_records) {
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register");
  agent.register_.data_user_mood = Mood::hangs;
  for (int i = 0; i < 64; ++i) {
    Question question = SimulatedAgent::question_about(kKey);
    question.duid = "duid_" + std::to_string(i);
    static_cast<void>(agent.asked(question));
  }
  agent.time_passes(seconds(1));
  agent.register_has(kOther);
  EXPECT_EQ(agent.ask(kOther), "ALLOW active register");
}

// --- Data Users ----------------------------------------------------------------------------------

TEST_F(Proofs, only_an_active_data_user_passes) {
  EXPECT_EQ(ask_for(kDuid), "ALLOW active register");
  EXPECT_EQ(ask_for(kDuid), "ALLOW active cache");
  EXPECT_EQ(agent.register_.data_user_requests, 1);
  agent.register_.data_users = {{"duid_suspended", DataUserStatus::suspended},
                                {"duid_terminated", DataUserStatus::terminated},
                                {"duid_other", DataUserStatus::other}};
  EXPECT_EQ(ask_for("duid_suspended"), "DENY data-user-suspended cache");
  EXPECT_EQ(ask_for("duid_terminated"), "DENY data-user-terminated cache");
  EXPECT_EQ(ask_for("duid_other"), "DENY data-user-unverified cache");
  EXPECT_EQ(ask_for("duid_nobody"), "DENY data-user-unknown cache");
  EXPECT_EQ(ask_for("nobody"), "DENY data-user-unknown cache");
}

TEST_F(Proofs, I5_a_suspension_is_learnt_and_outlasts_a_crash) {
  EXPECT_EQ(ask_for(kDuid), "ALLOW active register");
  agent.time_passes(kLongUnasked);
  agent.register_.data_users[kDuid] = DataUserStatus::suspended;
  EXPECT_EQ(ask_for(kDuid), "DENY data-user-suspended register");
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_for(kDuid), "DENY data-user-suspended grace")
      << "that the record had been confirmed is lost, the suspension is not";
}

TEST_F(Proofs, a_data_user_in_good_standing_survives_a_restart) {
  EXPECT_EQ(ask_for(kDuid), "ALLOW active register");
  agent.time_passes(seconds(2));
  agent.register_.mood = Mood::dead;
  agent.crashes_and_restarts();
  EXPECT_EQ(ask_for(kDuid), "ALLOW active cache");
  agent.time_passes(hours(23));
  EXPECT_EQ(ask_for(kDuid), "ALLOW active grace");
  agent.time_passes(hours(1));
  EXPECT_EQ(ask_for(kDuid), "DENY data-user-unverified cache");
}

TEST_F(Proofs, the_data_user_that_the_record_names_is_the_one_that_counts) {
  agent.register_.records.at(kKey).duid = "duid_other";
  agent.register_.data_users["duid_other"] = DataUserStatus::suspended;
  EXPECT_EQ(ask_for(kDuid), "DENY data-user-mismatch register");
  EXPECT_EQ(agent.ask(kKey).substr(0, 24), "DENY data-user-suspended");
  agent.settings.policy.has_account = false;
  agent.crashes_and_restarts();
  EXPECT_EQ(agent.ask(kKey), "ALLOW active register") << "without an account nobody can be asked";
}

}  // namespace
}  // namespace akgate
