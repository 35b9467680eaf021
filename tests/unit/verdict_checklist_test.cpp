// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <string_view>
#include <vector>

#include "verdict_fixture.hpp"

namespace akgate {
namespace {

void expect_reasons(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    Case given;
    row.make(given);
    const Knowledge known = knowledge_of(given.record);
    const Verdict verdict =
        judge(&known, given.question, given.policy, {.now = now()}, Standing::answered_now);
    EXPECT_EQ(verdict.reason, row.reason) << row.why;
    EXPECT_EQ(verdict.allows(), row.reason == Reason::active) << row.why;
  }
}

TEST(Checklist, I1_a_good_record_is_allowed) {
  expect_reasons({{"as it stands", [](Case&) {}, Reason::active}});
}

TEST(Checklist, I1_item_1_the_state_is_active_and_nothing_else) {
  expect_reasons({
      {"revoked", [](Case& c) { c.record.state = State::revoked; }, Reason::revoked},
      {"a date of revocation", [](Case& c) { c.record.revoked_at_set = true; }, Reason::revoked},
      {"expired", [](Case& c) { c.record.state = State::expired; }, Reason::expired},
      {"discovered", [](Case& c) { c.record.state = State::discovered; }, Reason::discovered},
      {"unknown", [](Case& c) { c.record.state = State::other; }, Reason::not_active},
      {"missing", [](Case& c) { c.record.state = State::missing; }, Reason::not_active},
      {"missing, with a date of revocation",
       [](Case& c) {
         c.record.state = State::missing;
         c.record.revoked_at_set = true;
       },
       Reason::revoked},
      {"missing, with an end that has passed",
       [](Case& c) {
         c.record.state = State::missing;
         c.record.expiry = Expiry::at_instant(now());
       },
       Reason::expired},
  });
}

TEST(Checklist, I1_I2_item_2_the_end_is_in_the_future_or_there_is_none) {
  using std::chrono::milliseconds;
  const auto ends = [](milliseconds in) {
    return [in](Case& c) { c.record.expiry = Expiry::at_instant(now() + in); };
  };
  expect_reasons({
      {"none", [](Case& c) { c.record.expiry = Expiry::never(); }, Reason::active},
      {"1 ms ahead", ends(milliseconds(1)), Reason::active},
      {"now", ends(milliseconds(0)), Reason::expired},
      {"1 ms ago", ends(milliseconds(-1)), Reason::expired},
  });
}

TEST(Checklist, I1_item_3_a_controller_is_accepted_by_the_policy_and_is_the_one_that_asks) {
  const auto joint = [](std::optional<std::size_t> lead) {
    return [lead](Case& c) {
      c.record.arrangement = Arrangement::joint;
      c.record.controllers = {"Bright", "Grid"};
      c.record.lead = lead;
    };
  };
  const auto with = [](const std::function<void(Case&)>& arrange,
                       const std::vector<std::string>& accepted,
                       const std::optional<std::string>& asks) {
    return [=](Case& c) {
      arrange(c);
      c.policy.controllers = accepted;
      c.question.controller = asks;
    };
  };
  const auto group = [](Case& c) {
    c.record.arrangement = Arrangement::group;
    c.record.controllers = {"Bright", "Grid"};
    c.record.lead = 0;
  };
  expect_reasons({
      {"nobody demands anything", with(joint({}), {}, {}), Reason::active},
      {"group: a member is accepted", with(group, {"Grid"}, {}), Reason::active},
      {"group: a member asks", with(group, {}, "Grid"), Reason::active},
      {"group: accepted and asking", with(group, {"Grid", "X"}, "Grid"), Reason::active},
      {"group: one accepted, another asks", with(group, {"Bright"}, "Grid"),
       Reason::controller_not_accepted},
      {"group: a stranger asks", with(group, {}, "Stranger"), Reason::controller_not_accepted},
      {"group: strangers accepted", with(group, {"Stranger"}, {}), Reason::controller_not_accepted},
      {"joint: the lead is accepted", with(joint(0), {"Bright"}, "Bright"), Reason::active},
      {"joint: a member is accepted", with(joint(0), {"Grid"}, {}),
       Reason::controller_not_accepted},
      {"joint: a member asks", with(joint(0), {}, "Grid"), Reason::controller_not_accepted},
      {"joint: no lead", with(joint({}), {"Bright", "Grid"}, {}), Reason::controller_not_accepted},
      {"names are exact", with(group, {"bright"}, {}), Reason::controller_not_accepted},
      {"an empty name is none", with(group, {}, ""), Reason::controller_not_accepted},
  });
}

TEST(Checklist, I1_item_4_every_type_asked_for_is_covered) {
  const auto types = [](const std::vector<std::string_view>& has,
                        const std::vector<std::string_view>& asked) {
    return [=](Case& c) {
      c.record.data_types = data_types(has);
      c.question.data_types = data_types(asked);
    };
  };
  const auto lax = [&](const std::vector<std::string_view>& has,
                       const std::vector<std::string_view>& asked) {
    return [=](Case& c) {
      types(has, asked)(c);
      c.policy.require_data_type = false;
    };
  };
  expect_reasons({
      {"one of two", types({"A", "B"}, {"B"}), Reason::active},
      {"one too many", types({"A", "B"}, {"A", "C"}), Reason::data_type_not_covered},
      {"an empty list covers nothing", types({}, {"A"}), Reason::data_type_not_covered},
      {"other case", types({"HH-EXPORT"}, {"hh-export"}), Reason::data_type_not_covered},
      {"an unknown type, exactly", types({"SOLAR-1S"}, {"SOLAR-1S"}), Reason::active},
      {"none asked for", types({"A"}, {}), Reason::data_type_required},
      {"none asked for, none demanded", lax({"A"}, {}), Reason::active},
      {"none asked for, none there", lax({}, {}), Reason::data_type_not_covered},
      {"not covered, none demanded", lax({"A"}, {"B"}), Reason::data_type_not_covered},
  });
}

TEST(Checklist, I1_item_5_no_allowance_without_a_transaction_id) {
  Knowledge known = knowledge_of(good_record());
  known.transaction_id.clear();
  EXPECT_EQ(judge(&known, good_question(), {}, {.now = now()}, Standing::answered_now).reason,
            Reason::register_malformed);
}

TEST(Checklist, I1_item_6_each_basis_has_what_it_needs) {
  const auto basis = [](LegalBasis which, ConsentType consent, bool lia, bool statute) {
    return [=](Case& c) {
      c.record.legal_basis = which;
      c.record.consent_type = consent;
      c.record.lead_has_lia_reference = lia;
      c.record.lead_has_statutory_reference = statute;
    };
  };
  constexpr auto kNone = ConsentType::missing;
  constexpr auto kExpressed = ConsentType::expressed_consent;
  constexpr auto kExplicit = ConsentType::explicit_consent;
  using enum LegalBasis;
  expect_reasons({
      {"consent", basis(uk_consent, kExpressed, false, false), Reason::active},
      {"consent, explicit", basis(uk_consent, kExplicit, false, false), Reason::active},
      {"consent of no type", basis(uk_consent, kNone, true, true), Reason::legal_basis_incomplete},
      {"explicit", basis(uk_explicit_consent, kExplicit, false, false), Reason::active},
      {"explicit, but only expressed", basis(uk_explicit_consent, kExpressed, true, true),
       Reason::explicit_consent_required},
      {"explicit, of no type", basis(uk_explicit_consent, kNone, true, true),
       Reason::legal_basis_incomplete},
      {"interests", basis(uk_legitimate_interests, kNone, true, false), Reason::active},
      {"interests, unassessed", basis(uk_legitimate_interests, kExplicit, false, true),
       Reason::legal_basis_incomplete},
      {"task", basis(uk_public_task, kNone, false, true), Reason::active},
      {"task without statute", basis(uk_public_task, kExplicit, true, false),
       Reason::legal_basis_incomplete},
      {"obligation", basis(uk_legal_obligation, kNone, false, true), Reason::active},
      {"obligation without statute", basis(uk_legal_obligation, kExplicit, true, false),
       Reason::legal_basis_incomplete},
      {"contract", basis(uk_contract, kNone, false, false), Reason::active},
      {"unknown", basis(other, kExplicit, true, true), Reason::legal_basis_not_accepted},
      {"missing", basis(missing, kExplicit, true, true), Reason::legal_basis_not_accepted},
  });
}

TEST(Checklist, I1_item_6_the_policy_may_accept_fewer_bases) {
  const auto accepts = [](const std::vector<LegalBasis>& bases) {
    return [=](Case& c) { c.policy.legal_bases = bases; };
  };
  expect_reasons({
      {"this one", accepts({LegalBasis::uk_contract, LegalBasis::uk_consent}), Reason::active},
      {"another", accepts({LegalBasis::uk_contract}), Reason::legal_basis_not_accepted},
      {"a policy cannot accept what nobody knows",
       [&](Case& c) {
         accepts({LegalBasis::other})(c);
         c.record.legal_basis = LegalBasis::other;
       },
       Reason::legal_basis_not_accepted},
  });
}

TEST(Checklist, I1_item_6_the_policy_may_want_explicit_consent_for_some_types) {
  const auto wants = [](const std::vector<std::string_view>& types,
                        const std::vector<std::string_view>& asked, LegalBasis basis,
                        ConsentType consent) {
    return [=](Case& c) {
      c.policy.explicit_consent_data_types = data_types(types);
      c.policy.require_data_type = false;
      c.question.data_types = data_types(asked);
      c.record.legal_basis = basis;
      c.record.consent_type = consent;
    };
  };
  constexpr auto kExpressed = ConsentType::expressed_consent;
  constexpr auto kExplicit = ConsentType::explicit_consent;
  constexpr auto kNone = ConsentType::missing;
  using enum LegalBasis;
  expect_reasons({
      {"such a type", wants({"HH-EXPORT"}, {"HH-EXPORT"}, uk_consent, kExpressed),
       Reason::explicit_consent_required},
      {"such a type among others",
       wants({"HH-EXPORT"}, {"HH-CONSUMPTION", "HH-EXPORT"}, uk_consent, kExpressed),
       Reason::explicit_consent_required},
      {"given", wants({"HH-EXPORT"}, {"HH-EXPORT"}, uk_consent, kExplicit), Reason::active},
      {"another type", wants({"HH-EXPORT"}, {"HH-CONSUMPTION"}, uk_consent, kExpressed),
       Reason::active},
      {"no type asked for is all of the record's", wants({"HH-EXPORT"}, {}, uk_consent, kExpressed),
       Reason::explicit_consent_required},
      {"no type asked for, none such", wants({"X"}, {}, uk_consent, kExpressed), Reason::active},
      {"whatever the basis", wants({"HH-EXPORT"}, {"HH-EXPORT"}, uk_contract, kNone),
       Reason::explicit_consent_required},
  });
}

TEST(Checklist, I1_item_7_a_data_user_that_nobody_can_verify_is_denied) {
  const auto user = [](Demand demand, const std::optional<std::string>& asks,
                       const std::string& recorded) {
    return [=](Case& c) {
      c.policy.data_user = demand;
      c.question.duid = asks;
      c.record.duid = recorded;
    };
  };
  using enum Demand;
  expect_reasons({
      {"not given", user(when_given, {}, "duid_1"), Reason::active},
      {"given", user(when_given, "duid_1", "duid_1"), Reason::data_user_unverified},
      {"given, none on record", user(when_given, "duid_1", ""), Reason::data_user_unverified},
      {"given, another on record", user(when_given, "duid_2", "duid_1"),
       Reason::data_user_mismatch},
      {"required", user(required, {}, "duid_1"), Reason::data_user_unverified},
      {"required, another on record", user(required, "duid_2", "duid_1"),
       Reason::data_user_mismatch},
      {"off", user(off, {}, "duid_1"), Reason::active},
      {"off since it was asked", user(off, "duid_2", "duid_1"), Reason::data_user_unverified},
  });
}

TEST(Checklist, I1_item_8_a_meter_point_that_nobody_can_verify_is_denied) {
  const auto meter = [](Demand demand, const std::optional<std::string>& mpxn) {
    return [=](Case& c) {
      c.policy.mpxn = demand;
      c.question.mpxn = mpxn;
    };
  };
  using enum Demand;
  expect_reasons({
      {"not given", meter(when_given, {}), Reason::active},
      {"given", meter(when_given, "1234567890123"), Reason::mpxn_unverified},
      {"given, but none", meter(when_given, "12345/../x"), Reason::mpxn_malformed},
      {"given, but empty", meter(when_given, ""), Reason::mpxn_malformed},
      {"required", meter(required, {}), Reason::mpxn_unverified},
      {"required and given", meter(required, "1234567890123"), Reason::mpxn_unverified},
      {"required, but none", meter(required, "x"), Reason::mpxn_malformed},
      {"off", meter(off, {}), Reason::active},
      {"off since it was asked", meter(off, "x"), Reason::mpxn_unverified},
  });
}

TEST(Checklist, I1_an_incomplete_record_denies_by_itself_or_is_malformed) {
  const auto incomplete = [](const std::function<void(AccessRecord&)>& change) {
    return [=](Case& c) {
      c.record.complete = false;
      change(c.record);
    };
  };
  expect_reasons({
      {"but for that, good", incomplete([](auto&) {}), Reason::register_malformed},
      {"what it covers is not known", incomplete([](auto& r) { r.data_types = DataTypes(); }),
       Reason::register_malformed},
      {"nor its basis", incomplete([](auto& r) { r.legal_basis = LegalBasis::missing; }),
       Reason::register_malformed},
      {"revoked", incomplete([](auto& r) { r.state = State::revoked; }), Reason::revoked},
      {"ended", incomplete([](auto& r) { r.expiry = Expiry::at_instant(now()); }), Reason::expired},
      {"without a state", incomplete([](auto& r) { r.state = State::missing; }),
       Reason::not_active},
  });
}

}  // namespace
}  // namespace akgate
