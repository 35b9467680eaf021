// SPDX-License-Identifier: Apache-2.0
#include "tests/register/router.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/unit/sandbox_world.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::string_view kBright = "bright-energy";
constexpr std::string_view kGrid = "grid-analytics";
constexpr const char* kUnknownKey = "/v1/access-records/ak_000000000000000000000000";

std::string code_of(const Response& response) {
  const auto body = parse_json(response.body);
  return std::string(
      text_of(member(cJSON_GetArrayItem(member(body.get(), "errors"), 0), "error-code")));
}

int rows(const Response& response, const char* list) {
  return cJSON_GetArraySize(member(parse_json(response.body).get(), list));
}

std::string state_of(World& world, const std::string& ak) {
  const auto body = parse_json(world.ask("", "GET", "/v1/access-records/" + ak).body);
  return std::string(
      text_of(member(member(member(body.get(), "access-record"), "access-event"), "state")));
}

// What each role gets from each operation with nothing else wrong than that the thing asked for is
// not there, or the body is empty: 401 and 403 are the roles' doing.
struct Expected {
  const char* method;
  const char* target;
  std::array<int, 6> status;  ///< nobody, data_user, data_provider, dcc, portal, admin
};

constexpr Expected kMatrix[] = {
    {"POST", "/v1/access-records", {401, 400, 403, 403, 403, 403}},
    {"GET", kUnknownKey, {404, 404, 404, 404, 404, 404}},
    {"PUT", kUnknownKey, {401, 400, 403, 403, 403, 403}},
    {"DELETE", kUnknownKey, {401, 404, 403, 403, 403, 403}},
    {"GET", "/v1/meter-points/1234567890123/access-records", {401, 403, 403, 403, 403, 403}},
    {"GET", "/v1/records", {401, 200, 403, 403, 403, 200}},
    {"GET", "/v1/data-users/duid_1a1a1a1a1a1a1a1a1a1a1a1a", {401, 200, 200, 403, 403, 200}},
    {"POST", "/v1/identity-records", {401, 400, 403, 403, 403, 403}},
    {"POST", "/v1/identity-records/reidentify", {401, 400, 403, 403, 400, 403}},
    {"GET", "/v1/identity-records/reidentify/rt_1", {401, 404, 403, 403, 404, 403}},
    {"POST", "/v1/discovered-access", {401, 403, 403, 400, 403, 403}},
};

TEST(SandboxRouter, each_role_may_do_what_the_register_says) {
  World world;
  constexpr std::array<std::string_view, 6> kCallers{"",    kBright,  "concentrator-17",
                                                     "dcc", "portal", "admin"};
  for (const auto& row : kMatrix) {
    for (std::size_t i = 0; i < kCallers.size(); ++i) {
      const auto response = world.ask(kCallers.at(i), row.method, row.target);
      EXPECT_EQ(response.status, row.status.at(i))
          << row.method << " " << row.target << " as " << kCallers.at(i);
    }
  }
}

TEST(SandboxRouter, basic_credentials_buy_a_token_that_opens_the_rest) {
  World world;
  Request request{.method = "GET", .path = "/v1/auth/token", .query = {}, .body = {}};
  EXPECT_EQ(code_of(world.router.handle(request)), "AUTH004");
  request.headers = {{"authorization", "Basic " + base64url_encode("bright-energy:wrong")}};
  EXPECT_EQ(code_of(world.router.handle(request)), "AUTH005");
  request.headers = {
      {"authorization", "Basic " + base64url_encode("bright-energy:bright-energy-demo-key")}};
  const auto body = parse_json(world.router.handle(request).body);
  EXPECT_EQ(member(body.get(), "expires")->valuedouble, 7200);

  Request list{.method = "GET", .path = "/v1/records", .query = {}, .body = {}};
  list.headers = {
      {"authorization", "Bearer " + std::string(text_of(member(body.get(), "bearer-token")))}};
  EXPECT_EQ(world.router.handle(list).status, 200);
  world.sandbox->clock.set_offset(std::chrono::hours(2));
  EXPECT_EQ(code_of(world.router.handle(list)), "AUTH002");
}

TEST(SandboxRouter, a_record_lives_from_create_through_replace_to_revoke) {
  World world;
  const auto ak = world.create(valid_record());
  const auto path = "/v1/access-records/" + ak;
  const auto verified = world.ask("", "GET", path);
  const auto body = parse_json(verified.body);
  EXPECT_EQ(text_of(member(member(body.get(), "response"), "resource")), path);
  const cJSON* metadata = member(member(body.get(), "access-record"), "record-metadata");
  EXPECT_EQ(text_of(member(metadata, "record-identifier")), ak);
  EXPECT_FALSE(text_of(member(metadata, "created-at")).empty());
  EXPECT_EQ(verified.body.find("1234567890123"), std::string::npos) << "no personal data";

  const auto narrower = valid_record(kBrightsOtherIdentity);
  EXPECT_EQ(world.ask(kGrid, "PUT", path, to_text(valid_record(kGridsIdentity).get())).status, 404);
  EXPECT_EQ(world.ask(kBright, "PUT", path, to_text(narrower.get())).status, 200);
  EXPECT_EQ(rows(world.ask(kBright, "GET", "/v1/meter-points/2000012345678/access-records"),
                 "access-records"),
            1);

  EXPECT_EQ(world.ask(kGrid, "DELETE", path).status, 404);
  EXPECT_EQ(world.ask(kBright, "DELETE", path + "?reason=boredom").status, 400);
  EXPECT_EQ(world.ask(kBright, "DELETE", path + "?reason=contract-ended").status, 200);
  EXPECT_EQ(state_of(world, ak), "REVOKED");
  EXPECT_EQ(world.ask(kBright, "DELETE", path).status, 404);
  EXPECT_EQ(code_of(world.ask(kBright, "PUT", path, to_text(narrower.get()))), "CON001");
}

TEST(SandboxRouter, an_active_record_stays_active_past_its_expiry) {
  World world;
  const auto record = valid_record();
  put_text(member(record.get(), "access-event"), "expiry", "2020-01-01T00:00:00Z");
  EXPECT_EQ(state_of(world, world.create(record)), "ACTIVE");
}

TEST(SandboxRouter, an_identity_record_of_another_data_user_is_refused) {
  World world;
  const auto response =
      world.ask(kBright, "POST", "/v1/access-records", to_text(valid_record(kGridsIdentity).get()));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(code_of(response), "VAL001");
}

TEST(SandboxRouter, the_limit_cuts_before_the_filter_and_total_counts_the_rows_sent) {
  World world;
  const auto first = world.create(valid_record());
  world.create(valid_record());
  const auto last = world.create(valid_record());
  for (const auto& ak : {first, last}) {
    ASSERT_EQ(world.ask(kBright, "DELETE", "/v1/access-records/" + ak).status, 200);
  }
  struct Row {
    const char* query;
    int total;
  };
  constexpr Row kRows[] = {
      {"", 3},         {"?state=REVOKED", 2},           {"?state=REVOKED&limit=2", 1},
      {"?limit=1", 1}, {"?legal-basis=uk-contract", 0}, {"?limit=9999", 3}};
  for (const auto& row : kRows) {
    const auto response = world.ask(kBright, "GET", std::string("/v1/records") + row.query);
    EXPECT_EQ(rows(response, "records"), row.total) << row.query;
    EXPECT_EQ(member(parse_json(response.body).get(), "total")->valueint, row.total) << row.query;
  }
  for (const char* bad : {"?limit=0", "?limit=x", "?state=active", "?legal-basis=consent"}) {
    EXPECT_EQ(world.ask(kBright, "GET", std::string("/v1/records") + bad).status, 400) << bad;
  }
}

TEST(SandboxRouter, a_discovered_access_is_linked_to_the_record_that_explains_it) {
  World world;
  const std::string report = R"({"mpxn": "1234567890123", "organisation-name": "Bright Energy Ltd",
    "organisation-reference": "org_1", "first-seen": "2024-06-01", "data-types-observed": ["HH-EXPORT"],
    "source-reference": "DCC-1"})";
  const auto reported = world.ask("dcc", "POST", "/v1/discovered-access", report);
  EXPECT_EQ(reported.status, 201);
  EXPECT_EQ(world.ask("dcc", "POST", "/v1/discovered-access", report).status, 200);
  const std::string discovered(text_of(member(parse_json(reported.body).get(), "ak")));
  EXPECT_NE(world.ask("", "GET", "/v1/access-records/" + discovered)
                .body.find(R"("access-record":{"access-event":{"state":"DISCOVERED"}})"),
            std::string::npos);

  const auto ak = world.create(valid_record());
  EXPECT_EQ(state_of(world, ak), "ACTIVE");
  EXPECT_EQ(state_of(world, discovered), "DISCOVERED");
  const auto list = parse_json(
      world.ask(kBright, "GET", "/v1/meter-points/1234567890123/access-records?state=DISCOVERED")
          .body);
  const cJSON* row = cJSON_GetArrayItem(member(list.get(), "access-records"), 0);
  EXPECT_EQ(text_of(member(member(row, "discovered-access"), "superseded-by")), ak);
  for (const char* unknown : {"lead-controller-name", "arrangement-type", "controller-count",
                              "record-metadata", "legal-basis", "purpose", "expiry"}) {
    EXPECT_TRUE(cJSON_IsNull(member(row, unknown))) << unknown;
  }
}

TEST(SandboxRouter, a_data_user_sees_the_meter_points_it_has_registered_for) {
  World world;
  const char* target = "/v1/meter-points/1234567890123/access-records";
  EXPECT_EQ(code_of(world.ask(kBright, "GET", target)), "AUTH004");
  world.create(valid_record());
  EXPECT_EQ(rows(world.ask(kBright, "GET", target), "access-records"), 1);
  EXPECT_EQ(code_of(world.ask(kGrid, "GET", target)), "AUTH004") << "its own record, not another's";
}

/// A token for the meter point 1234567890123, as the account asks for it.
std::string reidentify(World& world, std::string_view account) {
  const auto response = world.ask(account, "POST", "/v1/identity-records/reidentify",
                                  R"({"mpxn": "1234567890123", "method": "magic-link"})");
  return std::string(text_of(member(parse_json(response.body).get(), "token-ref")));
}

void confirm(World& world, const std::string& token) {
  EXPECT_EQ(world
                .ask("", "POST", "/sandbox/identity-records/confirm",
                     R"({"token-ref": ")" + token + "\"}")
                .status,
            200);
}

Response create_with(World& world, std::string_view account, const std::string& token) {
  const auto record = valid_record();
  erase(member(record.get(), "record-metadata"), "identity-record-ref");
  put_text(record.get(), "reidentification-token", token);
  return world.ask(account, "POST", "/v1/access-records", to_text(record.get()));
}

TEST(SandboxRouter, a_reidentification_token_registers_one_record_for_who_asked) {
  World world;
  EXPECT_EQ(create_with(world, kBright, "rt_000000000000000000000000").status, 404);
  const auto token = reidentify(world, kBright);
  EXPECT_EQ(create_with(world, kBright, token).status, 422) << "not confirmed";
  confirm(world, token);
  EXPECT_EQ(create_with(world, kGrid, token).status, 403);
  const auto created = create_with(world, kBright, token);
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(create_with(world, kBright, token).status, 409);

  const auto late = reidentify(world, kBright);
  confirm(world, late);
  world.sandbox->clock.set_offset(std::chrono::hours(1));
  EXPECT_EQ(create_with(world, kBright, late).status, 422) << "an hour old";
  EXPECT_NE(
      world.ask(kBright, "GET", "/v1/identity-records/reidentify/" + late).body.find("\"expired\""),
      std::string::npos);
}

TEST(SandboxRouter, a_portal_sees_a_meter_point_once_for_each_confirmed_token) {
  World world;
  world.create(valid_record());
  const auto token = reidentify(world, "portal");
  const auto list = [&](const std::string& mpxn) {
    return world.ask(
        "portal", "GET",
        "/v1/meter-points/" + mpxn + "/access-records?reidentification-token=" + token);
  };
  EXPECT_EQ(list("1234567890123").status, 422);
  confirm(world, token);
  EXPECT_EQ(list("2000012345678").status, 403) << "the token is for another meter point";
  EXPECT_EQ(rows(list("1234567890123"), "access-records"), 1);
  EXPECT_EQ(list("1234567890123").status, 409);
}

TEST(SandboxRouter, a_stub_answers_for_its_key_until_it_is_taken_away) {
  World world;
  const auto ak = world.create(valid_record());
  const auto stub = "/sandbox/access-records/" + ak;
  EXPECT_EQ(world.ask("", "PUT", stub, "{no json").status, 400);
  EXPECT_EQ(world.ask("", "PUT", stub, R"({"access-event":{"state":7}})").status, 200);
  EXPECT_NE(world.ask("", "GET", "/v1/access-records/" + ak)
                .body.find(R"("access-record":{"access-event":{"state":7}})"),
            std::string::npos);
  EXPECT_EQ(world.ask("", "PUT", stub + "?raw=1&status=404", "<html>").status, 200);
  const auto raw = world.ask("", "GET", "/v1/access-records/" + ak);
  EXPECT_EQ(raw.status, 404);
  EXPECT_EQ(raw.body, "<html>");
  EXPECT_EQ(world.ask("", "DELETE", stub).status, 200);
  EXPECT_EQ(state_of(world, ak), "ACTIVE");
}

TEST(SandboxRouter, a_fault_spares_the_way_to_switch_it_off) {
  World world;
  EXPECT_EQ(world.ask("", "PUT", "/sandbox/faults", R"({"status": 503})").status, 200);
  EXPECT_EQ(world.ask("", "GET", kUnknownKey).status, 503);
  EXPECT_EQ(world.ask("", "DELETE", "/sandbox/faults").status, 200);
  EXPECT_EQ(world.ask("", "GET", kUnknownKey).status, 404);
}

TEST(SandboxRouter, what_was_asked_is_counted_until_its_exchange_is_over) {
  World world;
  const auto first = world.ask("", "GET", kUnknownKey);
  const auto second = world.ask(kBright, "GET", kUnknownKey);
  for (const auto& call : first.when_over) {
    call();
  }
  const auto statistics = parse_json(world.ask("", "GET", "/sandbox/statistics").body);
  const cJSON* verify = member(member(statistics.get(), "operations"), "verify");
  EXPECT_EQ(member(verify, "requests")->valueint, 2);
  EXPECT_EQ(member(verify, "with-credentials")->valueint, 1);
  EXPECT_EQ(member(verify, "in-flight")->valueint, 1);
  EXPECT_EQ(member(verify, "max-in-flight")->valueint, 2);
  EXPECT_EQ(member(member(verify, "statuses"), "404")->valueint, 1);
}

TEST(SandboxRouter, a_data_user_can_be_suspended_and_tokens_forgotten) {
  World world;
  const char* data_user = "/v1/data-users/duid_b1b1b1b1b1b1b1b1b1b1b1b1";
  EXPECT_EQ(world
                .ask("", "PUT", "/sandbox/data-users/duid_b1b1b1b1b1b1b1b1b1b1b1b1",
                     R"({"status": "suspended"})")
                .status,
            200);
  EXPECT_NE(world.ask(kBright, "GET", data_user).body.find("\"suspended\""), std::string::npos);
  const auto token = world.sandbox->tokens.issue(*world.sandbox->accounts.find(kBright),
                                                 world.sandbox->clock.now());
  EXPECT_EQ(world.ask("", "DELETE", "/sandbox/tokens").status, 200);
  EXPECT_EQ(world.sandbox->tokens.check(token, world.sandbox->clock.now()), std::nullopt);
}

TEST(SandboxRouter, an_unknown_resource_and_a_wrong_method_have_the_envelope_too) {
  World world;
  EXPECT_EQ(code_of(world.ask("", "GET", "/v1/nothing")), "NOT001");
  const auto response = world.ask("", "PATCH", "/v1/records");
  EXPECT_EQ(response.status, 405);
  EXPECT_NE(parse_json(response.body), nullptr);
}

}  // namespace
}  // namespace akgate::sandbox
