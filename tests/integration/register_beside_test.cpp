// SPDX-License-Identifier: Apache-2.0
//
// What the register does beside its five operations, sentence by sentence, and how it says no.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/register_conversation.hpp"
#include "tests/unit/verify_answer.hpp"

namespace akgate {
namespace {

using Replace = RegisterTest;
using Revoke = RegisterTest;
using Directory = RegisterTest;
using Identity = RegisterTest;
using Discovered = RegisterTest;
using Refusals = RegisterTest;

constexpr const char* kNoSuchKey = "ak_000000000000000000000000";

std::string record(const std::vector<Edit>& edits = {}) { return edited(kRecord, edits); }
AccessKey key(const std::string& text) { return AccessKey::parse(text).value(); }

TEST_F(Replace, renews_and_narrows_an_active_record) {
  const std::string ak = registered(record());
  const auto replaced = [&](const std::vector<Edit>& edits) {
    EXPECT_EQ(ask("bright-energy", replace_request(key(ak), record(edits))).status(), 200);
    return as("").verify(ak).record;
  };
  const auto expiry = [](std::string_view when) {
    return std::vector<Edit>{{R"("expiry": null)", when}};
  };
  EXPECT_EQ(replaced(expiry(R"("expiry": "2098-01-01T00:00:00Z")")).expiry.at,
            at("2098-01-01T00:00:00Z"));
  EXPECT_EQ(replaced(expiry(R"("expiry": "2099-01-01T00:00:00Z")")).expiry.at,
            at("2099-01-01T00:00:00Z"));
  EXPECT_EQ(replaced(expiry(R"("expiry": "2030-01-01T00:00:00Z")")).expiry.at,
            at("2030-01-01T00:00:00Z"));
  EXPECT_TRUE(replaced({{R"(, "HH-EXPORT")", ""}}).data_types == data_types({"HH-CONSUMPTION"}));
  EXPECT_TRUE(replaced({{"uk-contract", "uk-legitimate-interests"},
                        {R"("lia-reference": null)", R"("lia-reference": "LIA-1")"}})
                  .legal_basis == LegalBasis::uk_legitimate_interests);
}

TEST_F(Replace, with_another_identity_record_moves_the_key_to_another_meter_point) {
  const std::string ak = registered(record());
  registered(record());  // so that we may still ask there
  const std::string moved = record({{kIdentity, kOtherIdentity}});
  EXPECT_EQ(ask("bright-energy", replace_request(key(ak), moved)).status(), 200);
  EXPECT_EQ(as("").verify(ak).record.identity_record_ref, kOtherIdentity);
  EXPECT_FALSE(as("bright-energy").verify_meter_point(ak, kMpxn).listed);
  EXPECT_TRUE(as("bright-energy").verify_meter_point(ak, kOtherMpxn).listed);
}

TEST_F(Replace, answers_409_in_any_other_state) {
  const std::string revoked = registered(record());
  ask("bright-energy", revoke_request(key(revoked), ""));
  const std::string expired = registered(record({{"ACTIVE", "EXPIRED"}}));
  for (const std::string& ak : {revoked, expired}) {
    EXPECT_EQ(ask("bright-energy", replace_request(key(ak), record())).status(), 409);
  }
}

TEST_F(Revoke, keeps_the_record_with_its_state_and_date_for_good) {
  const std::string ak = registered(record());
  EXPECT_EQ(ask("bright-energy", revoke_request(key(ak), "")).status(), 200);
  const AccessRecord found = as("").verify(ak).record;
  EXPECT_TRUE(found.state == State::revoked && found.revoked_at_set && found.complete);
  EXPECT_EQ(ask("bright-energy", revoke_request(key(ak), "")).status(), 404) << "a second time";
}

TEST_F(Revoke, takes_the_published_reasons) {
  for (const char* reason : {"customer-request", "contract-ended", "lia-lapsed",
                             "statutory-authority-lapsed", "data-no-longer-required", "other"}) {
    const AccessKey ak = key(registered(record()));
    EXPECT_EQ(ask("bright-energy", revoke_request(ak, "a whim & more")).status(), 400);
    EXPECT_EQ(ask("bright-energy", revoke_request(ak, reason)).status(), 200) << reason;
  }
}

TEST_F(Directory, tells_a_data_user_with_these_members) {
  const Answer answer = ask(
      "concentrator-17", data_user_request(Duid::parse("duid_1a1a1a1a1a1a1a1a1a1a1a1a").value()));
  EXPECT_EQ(answer.status(), 200);
  for (const char* name : {"duid", "display-name", "status", "registered-at", "suspended-at",
                           "contact-url", "data-types-supported"}) {
    EXPECT_FALSE(answer["data-user"][name].absent()) << name;
  }
}

TEST_F(Directory, tells_active_suspended_terminated_and_unknown) {
  const std::string duid = "duid_b1b1b1b1b1b1b1b1b1b1b1b1";
  struct Row {
    const char* status;
    DataUserStatus means;
  };
  for (const Row& row :
       {Row{"active", DataUserStatus::active}, Row{"suspended", DataUserStatus::suspended},
        Row{"terminated", DataUserStatus::terminated}}) {
    steer(Method::put, "/data-users/" + duid, R"({"status": ")" + std::string(row.status) + "\"}");
    for (const char* account : {"concentrator-17", "grid-analytics"}) {
      const DataUserOutcome end = as(account).verify_data_user(duid);
      EXPECT_TRUE(end.outcome == Outcome::found && end.status == row.means) << row.status;
    }
  }
  EXPECT_TRUE(as("concentrator-17").verify_data_user("duid_unheard-of").outcome ==
              Outcome::not_found);
}

TEST_F(Identity, a_record_is_made_for_a_meter_point) {
  for (const char* by : {"data-subject", "authorised-representative"}) {
    const Answer answer =
        post("bright-energy", "/identity-records",
             R"({"pii-principal": {"mpxn": "1234567890123", "move-in-date": "2021-06-01"},
                 "expressed-by": ")" +
                 std::string(by) + "\"}");
    EXPECT_EQ(answer.status(), 201);
    const std::string ir = text(answer["ir"]);
    const std::string ak = registered(record({{kIdentity, ir}}));
    EXPECT_EQ(as("").verify(ak).record.identity_record_ref, ir);
  }
}

TEST_F(Identity, a_meter_point_is_of_the_published_pattern_or_6_to_13_digits) {
  struct Row {
    const char* mpxn;
    int status;
  };
  for (const Row& row : {Row{"1234567890123", 201}, Row{"123456", 201}, Row{"AZ12345678", 201},
                         Row{"9P1234567890", 201}, Row{"12345", 400}, Row{"12345678901234", 400},
                         Row{"IA12345678", 400}, Row{"AO12345678", 400}, Row{"QA12345678", 400},
                         Row{"az12345678", 400}, Row{"AZ1234567", 400}, Row{"A Z12345678", 400}}) {
    const Answer answer = post("bright-energy", "/identity-records",
                               R"({"pii-principal": {"mpxn": ")" + std::string(row.mpxn) +
                                   R"(", "move-in-date": "2021-06-01"},
                                      "expressed-by": "data-subject"})");
    EXPECT_EQ(answer.status(), row.status) << row.mpxn;
    EXPECT_EQ(Mpxn::parse(row.mpxn).has_value(), row.status == 201)
        << row.mpxn << " means the same to the agent";
  }
}

TEST_F(Identity, a_customer_proves_it_in_three_ways_and_one_hour) {
  for (const char* method : {"magic-link", "passkey-assert", "passkey-register"}) {
    const Answer asked =
        post("bright-energy", "/identity-records/reidentify",
             R"({"mpxn": "1234567890123", "method": ")" + std::string(method) + "\"}");
    const std::string token = text(asked["token-ref"]);
    const auto status = [&] {
      return text(get("bright-energy", "/identity-records/reidentify/" + token)["status"]);
    };
    EXPECT_EQ(status(), "pending") << method;
    customer_confirms(token);
    EXPECT_EQ(status(), "confirmed") << method;
    time_passes("61m");
    EXPECT_EQ(status(), "expired") << method;
    time_passes("0s");
  }
}

TEST_F(Discovered, is_reported_once_and_then_updated) {
  const std::string report = R"({"mpxn": "1234567890123", "organisation-name": "Nobody Ltd",
      "organisation-reference": "org_1", "first-seen": "2024-06-01", "last-seen": "2024-07-01",
      "data-types-observed": ["HH-EXPORT"], "source-reference": "DCC-1"})";
  const Answer first = post("dcc", "/discovered-access", report);
  const Answer again = post("dcc", "/discovered-access", report);
  EXPECT_EQ(first.status(), 201);
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(text(first["ak"]), text(again["ak"]));
  const VerifyOutcome end = as("").verify(text(first["ak"]));
  EXPECT_TRUE(end.outcome == Outcome::found && end.record.state == State::discovered);
  EXPECT_FALSE(end.record.complete) << "nothing but its state is told";
}

TEST_F(Refusals, carry_the_envelope_and_the_registers_codes) {
  const std::string ak = registered(record());
  ask("bright-energy", revoke_request(key(ak), ""));
  struct Row {
    const char* account;
    HttpRequest request;
    int status;
    const char* code;
  };
  for (Row& row : std::vector<Row>{
           {"bright-energy", create_request("{}"), 400, "VAL00"},
           {"", list_request({}), 401, "AUTH00"},
           {"dcc", list_request({}), 403, "AUTH00"},
           {"", verify_request(key(kNoSuchKey)), 404, "NOT001"},
           {"bright-energy", replace_request(key(ak), record()), 409, "CON001"},
       }) {
    const Answer answer = ask(row.account, std::move(row.request));
    EXPECT_EQ(answer.status(), row.status) << row.code;
    const std::string code = text(answer["errors"].first_child()["error-code"]);
    EXPECT_TRUE(code.starts_with(row.code)) << code;
    EXPECT_TRUE(text(answer["response"]["transaction-id"]).starts_with("tid_")) << row.code;
  }
}

TEST_F(Refusals, a_Retry_After_on_429_and_503_is_heeded) {
  const std::string ak = registered(record());
  for (const char* status : {"429", "503"}) {
    register_says(R"({"status": )" + std::string(status) + R"(, "retry-after": 7})");
    const Ending verified = as("").verify(ak);
    EXPECT_EQ(verified.outcome, Outcome::silent) << status;
    EXPECT_EQ(verified.silence, Silence::link) << status;
    EXPECT_EQ(verified.retry_after, std::chrono::seconds(7)) << status;
    // What takes a token is no word about the records, and is paused by itself.
    for (const Ending& end : {Ending(as("bright-energy").verify_meter_point(ak, kMpxn)),
                              Ending(as("concentrator-17").verify_data_user("duid_x"))}) {
      EXPECT_EQ(end.outcome, Outcome::silent) << status;
      EXPECT_NE(end.silence, Silence::link) << status;
      EXPECT_FALSE(end.retry_after) << status;
    }
    EXPECT_EQ(as("bright-energy").verify_meter_point(ak, kMpxn).requests, 0U) << status;
  }
}

}  // namespace
}  // namespace akgate
