// SPDX-License-Identifier: Apache-2.0
//
// The five operations, sentence by sentence as the register describes them, asked of akregister
// through the agent's own client. The operations beside them are in register_beside_test.cpp, who
// may do what in register_roles_test.cpp.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/register_conversation.hpp"
#include "tests/unit/verify_answer.hpp"

namespace akgate {
namespace {

using Operation1 = RegisterTest;
using Operation2 = RegisterTest;
using Operation3 = RegisterTest;
using Operation4 = RegisterTest;
using Operation5 = RegisterTest;

std::string body_of_record(const std::vector<Edit>& edits = {}) { return edited(kRecord, edits); }

constexpr std::string_view kUnknownKey = "ak_000000000000000000000000";

// --- 1: GET /auth/token ---

TEST_F(Operation1, gives_a_token_with_a_lifetime_in_seconds_for_basic_credentials) {
  const Answer answer =
      ask("", token_request({.id = "dcc", .key = Secret::copy_of("dcc-demo-key")}));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_TRUE(answer["bearer-token"].string());
  EXPECT_EQ(answer["expires"].number(), 7200.0);
}

TEST_F(Operation1, answers_401_to_bad_credentials) {
  const Answer answer = ask("", token_request({.id = "dcc", .key = Secret::copy_of("guessed")}));
  EXPECT_EQ(answer.status(), 401);
}

TEST_F(Operation1, the_token_is_cached_and_reused) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("bright-energy", list_request({})).status(), 200);
  EXPECT_EQ(requests("token"), 1);
}

TEST_F(Operation1, the_token_is_good_until_it_expires_and_then_fetched_anew) {
  ask("bright-energy", list_request({}));
  time_passes("3h");  // at the register; our own clock knows nothing of it
  EXPECT_EQ(ask("bright-energy", list_request({})).status(), 200);
  EXPECT_EQ(requests("token"), 2);
}

TEST_F(Operation1, the_JWT_names_role_and_duid) {
  const auto token = as("concentrator-17").token();
  ASSERT_TRUE(token.ok()) << token.error().what();
  EXPECT_EQ(token->claims.role, "data_provider");
  EXPECT_EQ(token->claims.duid, "duid_c0c0c0c0c0c0c0c0c0c0c0c0");
  EXPECT_GT(token->lasts, std::chrono::seconds(7190));
}

// --- 2: POST /access-records ---

TEST_F(Operation2, answers_201_with_location_key_and_expiry) {
  const Answer answer =
      ask("bright-energy", create_request(body_of_record(
                               {{R"("expiry": null)", R"("expiry": "2099-01-01T00:00:00Z")"}})));
  EXPECT_EQ(answer.status(), 201);
  const std::string ak = text(answer["access-token"]["key"]);
  EXPECT_TRUE(AccessKey::parse(ak)) << ak;
  EXPECT_EQ(answer.http.location, "/v1/access-records/" + ak);
  EXPECT_EQ(text(answer["access-token"]["expiry"]), "2099-01-01T00:00:00Z");
}

TEST_F(Operation2, takes_no_fields_that_the_register_sets) {
  for (const auto& [place, field] :
       {std::pair(R"("schema-version")", R"("record-identifier": "ak_000000000000000000000000")"),
        std::pair(R"("schema-version")", R"("created-at": "2024-01-15T09:30:00Z")"),
        std::pair(R"("registered-at")", R"("revoked-at": "2024-01-15T09:30:00Z")")}) {
    const std::string with = std::string(field) + ", " + place;
    EXPECT_EQ(ask("bright-energy", create_request(body_of_record({{place, with}}))).status(), 400)
        << field;
  }
}

TEST_F(Operation2, historic_records_are_welcome) {
  const std::string ak =
      registered(body_of_record({{"2024-01-15T09:30:00Z", "2011-01-15T09:30:00Z"}}));
  EXPECT_TRUE(as("").verify(ak).record.state == State::active);
}

TEST_F(Operation2, each_legal_basis_has_its_own_demands) {
  constexpr std::string_view kNotice =
      R"({"shared-notice": {"terms-url": "https://x.example", "notice-version": "v1"}})";
  constexpr std::string_view kConsent = R"({"consent-type": "explicit-consent", "method": "web"})";
  constexpr std::string_view kNull = "null";
  constexpr std::string_view kRef = R"("REF-7")";
  struct Row {
    std::string_view basis, notice, consent, lia, statutory;
    int status;
  };
  for (const Row& row : std::vector<Row>{
           {"uk-consent", kNotice, kConsent, kNull, kNull, 201},
           {"uk-consent", kNull, kConsent, kNull, kNull, 400},
           {"uk-consent", kNotice, kNull, kNull, kNull, 400},
           {"uk-explicit-consent", kNotice, kConsent, kNull, kNull, 201},
           {"uk-explicit-consent", kNull, kConsent, kNull, kNull, 400},
           {"uk-explicit-consent", kNotice, kNull, kNull, kNull, 400},
           {"uk-legitimate-interests", kNull, kNull, kRef, kNull, 201},
           {"uk-legitimate-interests", kNull, kNull, kNull, kRef, 400},
           {"uk-legitimate-interests", kNotice, kNull, kRef, kNull, 400},
           {"uk-legitimate-interests", kNull, kConsent, kRef, kNull, 400},
           {"uk-public-task", kNull, kNull, kNull, kRef, 201},
           {"uk-public-task", kNull, kNull, kRef, kNull, 400},
           {"uk-legal-obligation", kNull, kNull, kNull, kRef, 201},
           {"uk-legal-obligation", kNull, kNull, kRef, kNull, 400},
           {"uk-contract", kNull, kNull, kNull, kNull, 201},
           {"uk-contract", kNotice, kNull, kNull, kNull, 400},
           {"uk-contract", kNull, kConsent, kNull, kNull, 400},
           {"uk-whim", kNull, kNull, kNull, kNull, 400},
       }) {
    const std::string body =
        body_of_record({{"uk-contract", row.basis},
                        {R"("notice": null)", R"("notice": )" + std::string(row.notice)},
                        {R"("consent": null)", R"("consent": )" + std::string(row.consent)},
                        {R"("lia-reference": null)", R"("lia-reference": )" + std::string(row.lia)},
                        {R"("statutory-reference": null)",
                         R"("statutory-reference": )" + std::string(row.statutory)}});
    EXPECT_EQ(ask("bright-energy", create_request(body)).status(), row.status) << body;
  }
}

TEST_F(Operation2, each_arrangement_has_one_lead_and_only_a_joint_one_an_art26_reference) {
  constexpr const char* kLead = R"("name": "Bright Energy Ltd", "role": "lead")";
  constexpr const char* kTwo =
      R"("name": "A", "role": "lead", "contact-url": "https://a.example"}, {"name": "B", "role": "joint")";
  constexpr const char* kTwoLeads =
      R"("name": "A", "role": "lead", "contact-url": "https://a.example"}, {"name": "B", "role": "sole")";
  constexpr const char* kNoLead = R"("name": "Bright Energy Ltd", "role": "member")";
  struct Row {
    const char* type;
    const char* art26;
    const char* controllers;
    int status;
  };
  for (const Row& row :
       {Row{"joint", R"("ART26-1")", kTwo, 201}, Row{"joint", "null", kTwo, 400},
        Row{"joint", R"("ART26-1")", kTwoLeads, 400}, Row{"group", "null", kLead, 201},
        Row{"group", R"("ART26-1")", kLead, 400}, Row{"group", "null", kNoLead, 400},
        Row{"sole", R"("ART26-1")", kLead, 400}}) {
    const std::string body = body_of_record(
        {{R"("arrangement-type": "sole")",
          R"("arrangement-type": ")" + std::string(row.type) + "\""},
         {R"("art26-reference": null)", R"("art26-reference": )" + std::string(row.art26)},
         {R"("name": "Bright Energy Ltd", "role": "sole")", row.controllers}});
    EXPECT_EQ(ask("bright-energy", create_request(body)).status(), row.status) << body;
  }
}

std::string with_token(const std::string& token_ref) {
  return body_of_record(
      {{R"("identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3")", R"("x": null)"},
       {R"("notice": null)", R"("reidentification-token": ")" + token_ref + "\""}});
}

TEST_F(Operation2, needs_an_identity_record_or_a_reidentification_token) {
  const std::string neither =
      body_of_record({{R"("identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3")", R"("x": null)"}});
  EXPECT_EQ(ask("bright-energy", create_request(neither)).status(), 400);
  const std::string token = reidentification("bright-energy");
  customer_confirms(token);
  const std::string both =
      body_of_record({{R"("notice": null)", R"("reidentification-token": ")" + token + "\""}});
  EXPECT_EQ(ask("bright-energy", create_request(both)).status(), 400);
  const std::string ak = registered(with_token(token));
  EXPECT_TRUE(as("").verify(ak).record.identity_record_ref.starts_with("ir_"))
      << "the register has filled it in";
}

TEST_F(Operation2, a_bad_reidentification_token_is_told_by_its_status) {
  const auto create = [&](const std::string& account, const std::string& token) {
    return ask(account, create_request(with_token(token))).status();
  };
  const std::string token = reidentification("bright-energy");
  EXPECT_EQ(create("bright-energy", "rt_000000000000000000000000"), 404) << "unknown";
  EXPECT_EQ(create("bright-energy", token), 422) << "not confirmed";
  customer_confirms(token);
  EXPECT_EQ(create("grid-analytics", token), 403) << "someone else's";
  EXPECT_EQ(create("bright-energy", token), 201);
  EXPECT_EQ(create("bright-energy", token), 409) << "used: it is for once";
  const std::string late = reidentification("bright-energy");
  customer_confirms(late);
  time_passes("61m");
  EXPECT_EQ(create("bright-energy", late), 422) << "expired: it is valid for one hour";
}

TEST_F(Operation2, a_discovered_record_stays_and_names_its_successor) {
  const Answer reported = post("dcc", "/discovered-access", R"({"mpxn": "1234567890123",
      "organisation-name": "Bright Energy Ltd", "organisation-reference": "org_1",
      "first-seen": "2024-06-01", "data-types-observed": ["HH-EXPORT"], "source-reference": "DCC-1"})");
  const std::string discovered = text(reported["ak"]);
  const std::string ak = registered(body_of_record());
  EXPECT_TRUE(as("").verify(discovered).record.state == State::discovered);
  EXPECT_TRUE(as("").verify(ak).record.state == State::active);
  const Answer list = ask("bright-energy", meter_point_request(Mpxn::parse(kMpxn).value(), {}));
  const JsonView row = row_of(list["access-records"], discovered);
  EXPECT_EQ(text(row["discovered-access"]["superseded-by"]), ak);
}

// --- 3: GET /access-records/{ak} ---

TEST_F(Operation3, answers_with_resource_time_transaction_and_record) {
  const std::string ak = registered(body_of_record());
  const Answer answer = ask("", verify_request(AccessKey::parse(ak).value()));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(text(answer["response"]["resource"]), "/v1/access-records/" + ak);
  EXPECT_TRUE(parse_timestamp(text(answer["response"]["timestamp"])));
  EXPECT_TRUE(text(answer["response"]["transaction-id"]).starts_with("tid_"));
  EXPECT_EQ(text(answer["access-record"]["record-metadata"]["record-identifier"]), ak);

  const VerifyOutcome end = as("").verify(ak);
  EXPECT_TRUE(end.outcome == Outcome::found && end.record.complete) << end.detail;
  EXPECT_TRUE(end.record.data_types == data_types({"HH-CONSUMPTION", "HH-EXPORT"}));
  EXPECT_TRUE(end.attested);
}

TEST_F(Operation3, answers_404_where_there_is_no_such_record) {
  const VerifyOutcome end = as("").verify(std::string(kUnknownKey));
  EXPECT_TRUE(end.outcome == Outcome::not_found) << end.detail;
  EXPECT_TRUE(end.transaction_id.starts_with("tid_"));
}

TEST_F(Operation3, returns_no_meter_point) {
  const std::string ak = registered(body_of_record());
  const Answer answer = ask("", verify_request(AccessKey::parse(ak).value()));
  EXPECT_EQ(answer.http.body.find(kMpxn), std::string::npos);
}

TEST_F(Operation3, an_active_record_past_its_expiry_still_says_ACTIVE) {
  const std::string ak =
      registered(body_of_record({{R"("expiry": null)", R"("expiry": "2025-01-01T00:00:00Z")"}}));
  const AccessRecord found = as("").verify(ak).record;
  EXPECT_TRUE(found.state == State::active && found.expiry.passed(at("2025-01-01T00:00:00Z")));
}

// --- 4: GET /meter-points/{mpxn}/access-records ---

TEST_F(Operation4, ties_a_key_to_its_meter_point) {
  const std::string ak = registered(body_of_record());
  registered(body_of_record({{kIdentity, kOtherIdentity}}));  // so that we may ask there too
  const ListingOutcome here = as("bright-energy").verify_meter_point(ak, kMpxn);
  EXPECT_TRUE(here.outcome == Outcome::found && here.listed) << here.detail;
  EXPECT_TRUE(here.transaction_id.starts_with("tid_"));
  const ListingOutcome there = as("bright-energy").verify_meter_point(ak, kOtherMpxn);
  EXPECT_TRUE(there.outcome == Outcome::found && !there.listed) << there.detail;
}

TEST_F(Operation4, filters_by_state_and_legal_basis) {
  const std::string kept = registered(body_of_record());
  const std::string revoked = registered(body_of_record());
  ask("bright-energy", revoke_request(AccessKey::parse(revoked).value(), ""));
  const auto list = [&](const MeterPointFilter& filter) {
    const Answer answer =
        ask("bright-energy", meter_point_request(Mpxn::parse(kMpxn).value(), filter));
    EXPECT_EQ(text(answer["mpxn"]), kMpxn);
    return column(answer["access-records"], "ak");
  };
  EXPECT_EQ(list({}), kept + " " + revoked + " ");
  EXPECT_EQ(list({.state = "REVOKED", .legal_basis = {}, .reidentification_token = {}}),
            revoked + " ");
  EXPECT_EQ(list({.state = "ACTIVE", .legal_basis = "uk-contract", .reidentification_token = {}}),
            kept + " ");
  EXPECT_EQ(list({.state = {}, .legal_basis = "uk-consent", .reidentification_token = {}}), "");
}

TEST_F(Operation4, a_data_user_sees_only_where_it_has_registered_a_record) {
  const std::string ak = registered(body_of_record());
  EXPECT_TRUE(as("grid-analytics").verify_meter_point(ak, kMpxn).outcome == Outcome::refused);
  registered(body_of_record({{kIdentity, kGridsIdentity}}), "grid-analytics");
  EXPECT_TRUE(as("grid-analytics").verify_meter_point(ak, kMpxn).listed)
      << "and then other Data Users' keys too";
}

TEST_F(Operation4, a_portal_needs_a_confirmed_token_which_the_call_consumes) {
  registered(body_of_record());
  const std::string token = reidentification("portal");
  const auto list = [&](const std::string& token_ref) {
    const Secret secret = Secret::copy_of(token_ref);
    return ask("portal", meter_point_request(
                             Mpxn::parse(kMpxn).value(),
                             {.state = {}, .legal_basis = {}, .reidentification_token = secret}))
        .status();
  };
  EXPECT_EQ(list(""), 403);
  EXPECT_EQ(list(token), 422) << "not confirmed";
  customer_confirms(token);
  EXPECT_EQ(list(token), 200);
  EXPECT_EQ(list(token), 409) << "consumed";
}

TEST_F(Operation4, a_data_provider_is_refused_and_does_not_ask) {
  const ListingOutcome end =
      as("concentrator-17").verify_meter_point(registered(body_of_record()), kMpxn);
  EXPECT_TRUE(end.outcome == Outcome::refused);
  EXPECT_EQ(requests("meter-point"), 0);
}

TEST_F(Operation4, a_summary_has_these_members_all_but_four_null_for_a_discovered_row) {
  post("dcc", "/discovered-access", R"({"mpxn": "1234567890123", "organisation-name": "Nobody",
      "organisation-reference": "org_1", "first-seen": "2024-06-01",
      "data-types-observed": ["HH-EXPORT"], "source-reference": "DCC-1"})");
  const std::string ak = registered(body_of_record());
  const Answer list = ask("bright-energy", meter_point_request(Mpxn::parse(kMpxn).value(), {}));
  const JsonView discovered = list["access-records"].first_child();
  EXPECT_EQ(text(discovered["state"]), "DISCOVERED");
  const JsonView ours = row_of(list["access-records"], ak);
  for (const char* name : {"ak", "data-types", "state"}) {
    EXPECT_FALSE(ours[name].absent() || discovered[name].absent()) << name;
  }
  for (const char* name : {"lead-controller-name", "arrangement-type", "controller-count",
                           "record-metadata", "legal-basis", "purpose"}) {
    EXPECT_TRUE(!ours[name].absent() && discovered[name].is_null()) << name;
  }
  EXPECT_TRUE(ours["expiry"].is_null() && discovered["expiry"].is_null());
  EXPECT_TRUE(ours["discovered-access"].is_null() && discovered["discovered-access"].is_object());
}

// --- 5: GET /records ---

TEST_F(Operation5, lists_ones_own_records_by_basis_and_state) {
  const std::string ak = registered(body_of_record());
  registered(body_of_record({{kIdentity, kGridsIdentity}}), "grid-analytics");
  const auto list = [&](const ListFilter& filter) {
    return column(ask("bright-energy", list_request(filter))["records"], "ak");
  };
  EXPECT_EQ(list({}), ak + " ");
  EXPECT_EQ(list({.state = "ACTIVE", .legal_basis = "uk-contract", .limit = {}}), ak + " ");
  EXPECT_EQ(list({.state = "REVOKED", .legal_basis = {}, .limit = {}}), "");
  EXPECT_EQ(list({.state = {}, .legal_basis = "uk-consent", .limit = {}}), "");
}

TEST_F(Operation5, has_no_paging_a_limit_of_200_and_at_most_500) {
  for (int i = 0; i < 501; ++i) registered(body_of_record());
  EXPECT_EQ(count(ask("bright-energy", list_request({}))["records"]), 200);
  for (const std::size_t limit : {std::size_t{500}, std::size_t{9999}}) {
    const Answer list =
        ask("bright-energy", list_request({.state = {}, .legal_basis = {}, .limit = limit}));
    EXPECT_EQ(count(list["records"]), 500) << limit;
    EXPECT_EQ(list["total"].number(), 500.0) << "the rows sent, not the rows there are";
  }
}

TEST_F(Operation5, the_limit_cuts_before_the_filters_so_a_filtered_answer_proves_nothing) {
  for (int i = 0; i < 3; ++i) registered(body_of_record());
  const std::string last = registered(body_of_record());
  ask("bright-energy", revoke_request(AccessKey::parse(last).value(), ""));
  const Answer list =
      ask("bright-energy", list_request({.state = "REVOKED", .legal_basis = {}, .limit = 3}));
  EXPECT_EQ(count(list["records"]), 0) << "there is one";
  EXPECT_EQ(list["total"].number(), 0.0);
}

TEST_F(Operation5, rows_carry_mpxn_and_duid_and_no_metadata) {
  registered(body_of_record());
  const Answer list = ask("bright-energy", list_request({}));
  const JsonView row = list["records"].first_child();
  EXPECT_EQ(text(row["mpxn"]), kMpxn);
  EXPECT_EQ(text(row["duid"]), "duid_b1b1b1b1b1b1b1b1b1b1b1b1");
  EXPECT_TRUE(row["record-metadata"].missing());
}

}  // namespace
}  // namespace akgate
