// SPDX-License-Identifier: Apache-2.0
//
// The order of the reasons, and their words.
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "verdict_fixture.hpp"

namespace akgate {
namespace {

// One record and question to which everything applies that can apply at once; then, one by one, the
// first reason is taken away. What is left must come out in the order of the protocol.
TEST(Reasons, of_several_reasons_the_first_of_the_list_wins) {
  Case given;
  given.record.state = State::revoked;
  given.record.revoked_at_set = true;
  given.record.expiry = Expiry::at_instant(now());
  given.record.legal_basis = LegalBasis::uk_explicit_consent;
  given.record.consent_type = ConsentType::missing;
  given.record.duid = "duid_1";
  given.question.data_types = DataTypes();
  given.question.controller = "Stranger";
  given.question.mpxn = "x";
  given.question.duid = "duid_2";
  given.policy.legal_bases = {LegalBasis::uk_contract};
  given.policy.freshness.fresh_for = std::chrono::milliseconds(0);

  const std::vector<Row> steps = {
      {"all", [](Case&) {}, Reason::revoked},
      {"the state expired instead",
       [](Case& c) {
         c.record.state = State::expired;
         c.record.revoked_at_set = false;
       },
       Reason::expired},
      {"discovered, with an end to come",
       [](Case& c) {
         c.record.state = State::discovered;
         c.record.expiry = Expiry::never();
       },
       Reason::discovered},
      {"an unknown state", [](Case& c) { c.record.state = State::other; }, Reason::not_active},
      {"active", [](Case& c) { c.record.state = State::active; }, Reason::data_type_required},
      {"a type asked for", [](Case& c) { c.question.data_types = data_types({"X"}); },
       Reason::data_type_not_covered},
      {"a type covered", [](Case& c) { c.question.data_types = data_types({"HH-EXPORT"}); },
       Reason::controller_not_accepted},
      {"any controller", [](Case& c) { c.question.controller.reset(); },
       Reason::legal_basis_not_accepted},
      {"any basis", [](Case& c) { c.policy.legal_bases.clear(); }, Reason::legal_basis_incomplete},
      {"a consent", [](Case& c) { c.record.consent_type = ConsentType::expressed_consent; },
       Reason::explicit_consent_required},
      {"explicit", [](Case& c) { c.record.consent_type = ConsentType::explicit_consent; },
       Reason::mpxn_malformed},
      {"a meter point", [](Case& c) { c.question.mpxn = "1234567890123"; },
       Reason::mpxn_unverified},
      {"none", [](Case& c) { c.question.mpxn.reset(); }, Reason::data_user_mismatch},
      {"the same Data User", [](Case& c) { c.question.duid = "duid_1"; },
       Reason::data_user_unverified},
      {"none", [](Case& c) { c.question.duid.reset(); }, Reason::stale},
      {"fresh", [](Case& c) { c.policy.freshness.fresh_for = std::chrono::minutes(1); },
       Reason::clock_untrusted},
  };
  for (const Row& step : steps) {
    step.make(given);
    const Knowledge known = knowledge_of(given.record);
    const Present present{.now = now(), .clock_trusted = false};
    EXPECT_EQ(judge(&known, given.question, given.policy, present, Standing::answers).reason,
              step.reason)
        << step.why;
  }
}

TEST(Reasons, a_question_without_a_key_is_decided_without_any_record) {
  Question question = good_question();
  question.key.reset();
  const Knowledge known = knowledge_of(good_record());
  const Verdict verdict = judge(&known, question, {}, {.now = now()}, Standing::answered_now);
  EXPECT_EQ(verdict.reason, Reason::malformed_key);
  EXPECT_EQ(verdict.source, Source::local);
  EXPECT_FALSE(verdict.age || verdict.good_for);
  EXPECT_EQ(verdict.transaction_id, "");
}

TEST(Words, are_the_protocols) {
  // From `active` to `not_cached`, as the gate protocol lists them.
  const std::vector<std::string_view> reasons = {"active",
                                                 "blocked",
                                                 "malformed-key",
                                                 "not-found",
                                                 "revoked",
                                                 "expired",
                                                 "discovered",
                                                 "not-active",
                                                 "data-type-required",
                                                 "data-type-not-covered",
                                                 "controller-not-accepted",
                                                 "legal-basis-not-accepted",
                                                 "legal-basis-incomplete",
                                                 "explicit-consent-required",
                                                 "mpxn-malformed",
                                                 "mpxn-mismatch",
                                                 "mpxn-unverified",
                                                 "data-user-mismatch",
                                                 "data-user-suspended",
                                                 "data-user-terminated",
                                                 "data-user-unknown",
                                                 "data-user-unverified",
                                                 "register-unreachable",
                                                 "register-refused",
                                                 "register-malformed",
                                                 "stale",
                                                 "clock-untrusted",
                                                 "timeout",
                                                 "overloaded",
                                                 "not-cached"};
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    EXPECT_EQ(to_string(static_cast<Reason>(i)), reasons[i]);
  }
  EXPECT_EQ(to_string(Reason::mpxn_unverified), "mpxn-unverified");
  EXPECT_EQ(to_string(Reason::not_cached), "not-cached");
  EXPECT_EQ(to_string(Source::local), "local");
  EXPECT_EQ(to_string(Source::cache), "cache");
  EXPECT_EQ(to_string(Source::grace), "grace");
  EXPECT_EQ(to_string(Source::register_), "register");
}

}  // namespace
}  // namespace akgate
