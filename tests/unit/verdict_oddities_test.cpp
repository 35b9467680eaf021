// SPDX-License-Identifier: Apache-2.0
//
// What the register's published material shows or announces, and what becomes of it: from the body
// of the answer to the verdict.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "verdict_fixture.hpp"

namespace akgate {
namespace {

// The published example of an answer to "verify", in what matters word for word.
constexpr std::string_view kPublishedExample = R"({
  "response": {
    "resource": "/v1/access-records/ak_691df0c788ca043403b7fa90",
    "timestamp": "2026-03-11T12:00:00Z",
    "transaction-id": "tid_691df0c788ca043403b7fa90"
  },
  "access-record": {
    "record-metadata": {
      "schema-version": "1.0",
      "controller-arrangement": {
        "controllers": [{
          "name": "Bright Energy Ltd",
          "lia-reference": "LIA-2024-003",
          "statutory-reference": "Energy Act 2023, s.147"
        }],
        "art26-reference": "JCA-2024-BrightGrid-001"
      },
      "record-identifier": "ak_691df0c788ca043403b7fa90",
      "created-at": "2024-01-15T09:30:00Z",
      "identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3"
    },
    "processing": {"legal-basis": "uk-consent", "purpose": "Energy efficiency", "data-types": []},
    "access-event": {
      "registered-at": "2023-11-07T05:31:56Z",
      "expiry": "2027-11-10T17:07:01.580Z",
      "controller-reference": "REF-00123",
      "consent": {"method": "Explicit web checkbox"},
      "revoked-at": "2025-06-01T14:22:00Z"
    },
    "reidentification-token": "<string>"
  }
})";

struct Oddity {
  const char* oddity;
  std::string body;
  Reason reason;
};

void expect_reasons_of_oddities(const std::vector<Oddity>& rows) {
  for (const Oddity& row : rows) {
    EXPECT_EQ(verdict_on(row.body, good_question(), {}).reason, row.reason) << row.oddity;
  }
}

std::string good(const std::vector<Edit>& edits) { return edited(kGoodAnswer, edits); }

TEST(Oddities, the_published_example_is_denied_for_what_it_says) {
  const Edit no_revocation{R"("2025-06-01T14:22:00Z")", "null"};
  const Edit active{R"("registered-at")", R"("state": "ACTIVE", "registered-at")"};
  const Edit types{R"("data-types": [])", R"("data-types": ["HH-CONSUMPTION", "HH-EXPORT"])"};
  const Edit consent{R"("method")", R"("consent-type": "expressed-consent", "method")"};
  expect_reasons_of_oddities({
      {"as published", std::string(kPublishedExample), Reason::revoked},
      {"not revoked, no state", edited(kPublishedExample, {no_revocation}), Reason::not_active},
      {"active, no data types", edited(kPublishedExample, {no_revocation, active}),
       Reason::data_type_not_covered},
      {"active, no consent type", edited(kPublishedExample, {no_revocation, active, types}),
       Reason::legal_basis_incomplete},
      {"all of it mended", edited(kPublishedExample, {no_revocation, active, types, consent}),
       Reason::active},
  });
}

TEST(Oddities, each_is_survived_and_none_widens_anything) {
  expect_reasons_of_oddities({
      {"none", good({}), Reason::active},
      // A state that is missing.
      {"no state", good({{R"("state")", R"("x")"}}), Reason::not_active},
      {"no state, ended",
       good({{R"("state")", R"("x")"}, {"2027-11-10T17:07:01.580Z", "2026-11-10T17:07:01.580Z"}}),
       Reason::expired},
      {"no state, revoked",
       good({{R"("state")", R"("x")"}, {R"("revoked-at": null)", R"("revoked-at": "x")"}}),
       Reason::revoked},
      // Sparse DISCOVERED records.
      {"nothing but a state", R"({"access-event": {"state": "DISCOVERED"}})", Reason::discovered},
      {"the same in an envelope",
       R"({"response": {"transaction-id": "tid_1"}, "access-record": {"access-event": {"state": "DISCOVERED"}}})",
       Reason::discovered},
      {"a state ACTIVE alone", R"({"access-record": {"access-event": {"state": "ACTIVE"}}})",
       Reason::register_malformed},
      {"a state REVOKED alone", R"({"access-record": {"access-event": {"state": "REVOKED"}}})",
       Reason::revoked},
      {"a past end alone",
       R"({"access-record": {"access-event": {"state": "ACTIVE", "expiry": "2026-11-22T09:59:59Z"}}})",
       Reason::expired},
      // Arrangement and roles.
      {"no arrangement type", good({{"arrangement-type", "x"}}), Reason::active},
      {"no role", good({{R"("role": "sole")", R"("x": 1)"}}), Reason::active},
      // Data types.
      {"no data type", good({{R"("HH-CONSUMPTION", "HH-EXPORT")", ""}}),
       Reason::data_type_not_covered},
      {"an unknown data type beside", good({{R"("HH-EXPORT"])", R"("HH-EXPORT", "SOLAR-1S"])"}}),
       Reason::active},
      {"an unknown data type instead", good({{"HH-EXPORT", "HH-EXPORT-1S"}}),
       Reason::data_type_not_covered},
      // The register's server never ends a record by itself.
      {"ACTIVE with an end in the past", good({{"2027-11-10", "2026-11-10"}}), Reason::expired},
      {"EXPIRED with an end to come", good({{"ACTIVE", "EXPIRED"}}), Reason::expired},
      {"ACTIVE with a date of revocation",
       good({{R"("revoked-at": null)", R"("revoked-at": "2025-06-01T14:22:00Z")"}}),
       Reason::revoked},
      // A token that has no place in a record.
      {"an echoed token",
       good({{R"("access-record": {)",
              R"("access-record": {"reidentification-token": "<string>",)"}}),
       Reason::active},
      // Timestamps.
      {"no fraction", good({{"01.580Z", "01Z"}}), Reason::active},
      {"nine digits", good({{"01.580Z", "01.580123456Z"}}), Reason::active},
      {"an offset", good({{"01.580Z", "01.580-11:30"}}), Reason::active},
      {"an offset that moves it into the past",
       good({{"2027-11-10T17:07:01.580Z", "2026-11-22T11:00:00+01:00"}}), Reason::expired},
      {"an offset that keeps it ahead",
       good({{"2027-11-10T17:07:01.580Z", "2026-11-22T09:00:01-01:00"}}), Reason::active},
      {"no such day", good({{"2027-11-10", "2027-02-29"}}), Reason::register_malformed},
      {"no end at all", good({{R"("2027-11-10T17:07:01.580Z")", "null"}}), Reason::active},
      {"an end that is missing", good({{R"("expiry")", R"("x")"}}), Reason::register_malformed},
      // Fields that nobody announced.
      {"more fields everywhere",
       good({{R"("resource")", R"("trace": [1], "resource")"},
             {R"("schema-version")", R"("superseded-by": null, "schema-version")"},
             {R"("purpose")", R"("purposes": ["x"], "purpose")"},
             {R"("registered-at")", R"("first-seen": {}, "registered-at")"}}),
       Reason::active},
      // Nulls where the schema has objects.
      {"no notice", good({{R"("notice": {)", R"("notice": null, "x": {)"}}), Reason::active},
      {"no processing", good({{R"("processing": {)", R"("processing": null, "x": {)"}}),
       Reason::register_malformed},
      {"no metadata", good({{R"("record-metadata": {)", R"("record-metadata": null, "x": {)"}}),
       Reason::register_malformed},
      {"no response", good({{R"("response": {)", R"("response": null, "x": {)"}}),
       Reason::register_malformed},
      {"no consent", good({{R"("consent": {)", R"("consent": null, "x": {)"}}),
       Reason::legal_basis_incomplete},
      {"no response, but revoked",
       good({{R"("response": {)", R"("response": null, "x": {)"}, {"ACTIVE", "REVOKED"}}),
       Reason::revoked},
      // Another key's answer.
      {"another record-identifier",
       good({{R"(identifier": "ak_691d)", R"(identifier": "ak_0000)"}}),
       Reason::register_malformed},
      // What a small parser would read differently from a careful one.
      {"a state twice", good({{R"("state")", R"("state": "REVOKED", "state")"}}),
       Reason::register_malformed},
      {"a state in two cases", good({{R"("state")", R"("State": "ACTIVE", "state")"}}),
       Reason::register_malformed},
      {"a state in another case", good({{R"("state")", R"("State")"}}), Reason::not_active},
      {"a NUL in the state", good({{R"("ACTIVE")", R"("ACTIVE\u0000REVOKED")"}}),
       Reason::register_malformed},
      {"text behind the answer", good({}) + "{}", Reason::register_malformed},
  });
}

TEST(Oddities, without_an_arrangement_type_only_the_lead_will_do) {
  Policy policy;
  policy.controllers = {"Grid Ltd"};
  const std::string body = good({
      {R"("controllers": [)", R"("controllers": [{"name": "Grid Ltd", "role": "member"},)"},
      {R"("arrangement-type": "sole")", R"("arrangement-type": "group")"},
  });
  EXPECT_EQ(verdict_on(body, good_question(), policy).reason, Reason::active);
  EXPECT_EQ(verdict_on(edited(body, {{"arrangement-type", "x"}}), good_question(), policy).reason,
            Reason::controller_not_accepted);
}

}  // namespace
}  // namespace akgate
