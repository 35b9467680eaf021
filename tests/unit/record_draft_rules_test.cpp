// SPDX-License-Identifier: Apache-2.0
//
// What may be sent to the register as an access record, a row a rule.

#include "record/draft_rules.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace akgate {
namespace {

using Paths = std::vector<std::string>;

Paths faults_of(const std::string& json, DraftPurpose purpose = DraftPurpose::create) {
  const Result<JsonDocument> document = JsonDocument::parse(json);
  EXPECT_TRUE(document.ok()) << json;
  Paths paths;
  if (!document.ok()) return {"(no JSON)"};
  for (const DraftFault& fault : check_draft(document->root(), purpose)) {
    EXPECT_FALSE(fault.remedy.empty()) << fault.path;
    paths.push_back(fault.path);
  }
  return paths;
}

// The example that the register publishes.
constexpr std::string_view kPublished = R"({
  "record-metadata": {
    "schema-version": "1.0",
    "controller-arrangement": {
      "arrangement-type": "sole",
      "controllers": [{
        "name": "Bright Energy Ltd", "role": "sole",
        "contact-url": "https://bright-energy.com/contact",
        "address": {"addressLine1": "10 Canary Wharf", "townCity": "London", "postcode": "E14 5AB"},
        "privacy-rights-url": "https://bright-energy.com/your-rights"
      }]
    },
    "identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3"
  },
  "notice": {"shared-notice": {"terms-url": "https://bright-energy.com/privacy-v3.html",
                               "notice-version": "v3.2", "notice-language": "en"}},
  "processing": {
    "legal-basis": "uk-consent", "purpose": "Advice", "data-types": ["HH-CONSUMPTION", "HH-EXPORT"]
  },
  "access-event": {
    "state": "ACTIVE", "registered-at": "2023-11-07T05:31:56Z", "expiry": "2027-11-10T17:07:01.580Z",
    "controller-reference": "REF-00123",
    "consent": {"consent-type": "expressed-consent", "method": "Explicit web checkbox"}
  }
})";

// The published example with one text of it in place of another.
std::string with(std::string_view old_text, std::string_view new_text) {
  std::string json(kPublished);
  const std::size_t at = json.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  EXPECT_EQ(json.find(old_text, at + 1), std::string::npos) << "twice: " << old_text;
  if (at != std::string::npos) json.replace(at, old_text.size(), new_text);
  return json;
}

TEST(DraftRules, the_published_example_is_in_order_for_both_purposes) {
  EXPECT_EQ(faults_of(std::string(kPublished)), Paths{});
  EXPECT_EQ(faults_of(std::string(kPublished), DraftPurpose::replace), Paths{});
}

// --- legal bases and arrangements ---

struct Parts {
  std::string arrangement;  // Its type, art26-reference and controllers.
  std::string notice = "null";
  std::string basis;
  std::string consent = "null";
};

std::string draft(const Parts& parts) {
  return R"({"record-metadata": {"schema-version": "1.0", "controller-arrangement": )" +
         parts.arrangement + R"(, "identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3"},
      "notice": )" +
         parts.notice + R"(, "processing": {"legal-basis": ")" + parts.basis +
         R"(", "purpose": "Advice", "data-types": ["TARIFF-IMPORT"]},
      "access-event": {"registered-at": "2023-11-07T05:31:56+01:00", "expiry": null, "consent": )" +
         parts.consent + "}}";
}

std::string controller(std::string_view name, std::string_view role, std::string_view more = "") {
  return R"({"name": ")" + std::string(name) + R"(", "role": ")" + std::string(role) +
         R"(", "contact-url": "https://)" + std::string(name) + R"(.example" )" +
         std::string(more) + "}";
}

std::string arrangement(std::string_view type, std::string_view art26,
                        const std::vector<std::string>& controllers) {
  std::string list;
  for (const std::string& one : controllers) list += (list.empty() ? "" : ", ") + one;
  return R"({"arrangement-type": ")" + std::string(type) + R"(", "art26-reference": )" +
         std::string(art26) + R"(, "controllers": [)" + list + "]}";
}

// Sole, joint and group; `reference` is on the sole or lead controller.
std::vector<std::string> arrangements(std::string_view reference = "") {
  return {arrangement("sole", "null", {controller("A", "sole", reference)}),
          arrangement("joint", "\"J-1\"",
                      {controller("B", "joint"), controller("A", "lead", reference)}),
          arrangement("group", "null",
                      {controller("A", "lead", reference), controller("B", "member"),
                       controller("C", "member")})};
}

struct Basis {
  const char* name;
  const char* reference;
  const char* notice;
  const char* consent;
};
constexpr const char* kShared =
    R"({"shared-notice": {"terms-url": "https://a.example/t", "notice-version": "1"}})";
constexpr Basis kBases[] = {
    {"uk-consent", "", kShared, R"({"consent-type": "expressed-consent"})"},
    {"uk-consent", "", kShared, R"({"consent-type": "explicit-consent"})"},
    {"uk-explicit-consent", "", kShared, R"({"consent-type": "explicit-consent"})"},
    {"uk-legitimate-interests", R"(, "lia-reference": "LIA-1")", "null", "null"},
    {"uk-public-task", R"(, "statutory-reference": "Act 1")", "null", "null"},
    {"uk-legal-obligation", R"(, "statutory-reference": "Act 1")", "null", "null"},
    {"uk-contract", "", "null", "null"},
};

TEST(DraftRules, each_basis_goes_with_each_arrangement) {
  for (const Basis& basis : kBases) {
    for (const std::string& who : arrangements(basis.reference)) {
      const std::string json = draft({.arrangement = who,
                                      .notice = basis.notice,
                                      .basis = basis.name,
                                      .consent = basis.consent});
      EXPECT_EQ(faults_of(json), Paths{}) << json;
    }
  }
}

TEST(DraftRules, no_basis_may_lack_what_it_demands_or_have_what_it_forbids) {
  const std::string controllers = "record-metadata.controller-arrangement.controllers";
  for (const Basis& basis : kBases) {
    const bool consent = std::string_view(basis.consent) != "null";
    const std::string who = arrangements(basis.reference)[0];
    const Parts wrong{.arrangement = who,
                      .notice = consent ? "null" : kShared,
                      .basis = basis.name,
                      .consent = consent ? "null" : R"({"consent-type": "explicit-consent"})"};
    EXPECT_EQ(faults_of(draft(wrong)), (Paths{"notice", "access-event.consent"})) << basis.name;

    const std::string_view reference = basis.reference;
    if (reference.empty()) continue;
    const std::string name(reference.substr(3, reference.find('"', 3) - 3));
    for (const std::string& bare : arrangements()) {
      const Paths paths = faults_of(draft({.arrangement = bare, .basis = basis.name}));
      const std::size_t lead = bare.find("joint") != std::string::npos ? 1 : 0;
      EXPECT_EQ(paths, Paths{controllers + "[" + std::to_string(lead) + "]." + name});
    }
  }
}

TEST(DraftRules, explicit_consent_is_not_a_merely_expressed_one) {
  EXPECT_EQ(faults_of(with(R"("uk-consent")", R"("uk-explicit-consent")")),
            Paths{"access-event.consent.consent-type"});
  EXPECT_EQ(faults_of(with("expressed-consent", "implied-consent")),
            Paths{"access-event.consent.consent-type"});
}

struct Who {
  std::string arrangement;
  Paths paths;  // Below the arrangement.
};

TEST(DraftRules, roles_and_the_agreement_fit_the_arrangement) {
  const std::string sole = controller("A", "sole");
  const std::string lead = controller("A", "lead");
  const std::string joint = controller("B", "joint");
  const std::string member = controller("B", "member");
  const std::vector<Who> rows = {
      {arrangement("sole", "null", {sole, controller("B", "sole")}), {"controllers"}},
      {arrangement("sole", "null", {lead}), {"controllers[0].role"}},
      {arrangement("sole", "null", {sole, member}), {"controllers[1].role"}},
      {arrangement("sole", "null", {}), {"controllers"}},
      {arrangement("sole", "\"J-1\"", {sole}), {"art26-reference"}},
      {arrangement("joint", "null", {lead, joint}), {"art26-reference"}},
      {arrangement("joint", "\"\"", {lead, joint}), {"art26-reference"}},
      {arrangement("joint", "\"J-1\"", {lead, lead}), {"controllers"}},
      {arrangement("joint", "\"J-1\"", {joint, joint}), {"controllers"}},
      {arrangement("joint", "\"J-1\"", {lead, member}), {"controllers[1].role"}},
      {arrangement("joint", "\"J-1\"", {sole, joint}), {"controllers[0].role"}},
      {arrangement("group", "null", {lead, joint}), {"controllers[1].role"}},
      {arrangement("group", "null", {member}), {"controllers"}},
      {arrangement("group", "\"J-1\"", {lead, member}), {"art26-reference"}},
      {arrangement("union", "\"J-1\"", {lead, member}), {"arrangement-type"}},
      {arrangement("union", "null", {lead, controller("B", "boss")}),
       {"arrangement-type", "controllers[1].role"}},
      {arrangement("union", "null", {lead, sole}), {"arrangement-type", "controllers"}},
      {arrangement("group", "null", {lead, "7"}), {"controllers[1]"}},
      {R"({"arrangement-type": "sole", "controllers": {}})", {"controllers"}},
  };
  for (const Who& row : rows) {
    Paths expected;
    for (const std::string& path : row.paths) {
      expected.push_back("record-metadata.controller-arrangement." + path);
    }
    EXPECT_EQ(faults_of(draft({.arrangement = row.arrangement, .basis = "uk-contract"})), expected)
        << row.arrangement;
  }
}

// --- notices ---

std::string notice(std::string_view name) {
  return R"({"controller-name": ")" + std::string(name) +
         R"(", "terms-url": "https://a.example/t", "notice-version": "1"})";
}

struct Informing {
  std::string notice;
  Paths paths;
};

TEST(DraftRules, each_joint_controller_may_have_a_notice_of_its_own) {
  const std::vector<Informing> rows = {
      {R"({"notices": [)" + notice("A") + "," + notice("B") + "]}", {}},
      {R"({"shared-notice": null, "notices": [)" + notice("B") + "," + notice("A") + "]}", {}},
      {R"({"notices": [)" + notice("A") + "]}", {"notice.notices"}},
      {R"({"notices": []})", {"notice.notices"}},
      {R"({"notices": {}})", {"notice.notices"}},
      {R"({"notices": [)" + notice("A") + "," + notice("A") + "]}",
       {"notice.notices[1].controller-name", "notice.notices"}},
      {R"({"notices": [)" + notice("A") + "," + notice("B") + "," + notice("C") + "]}",
       {"notice.notices[2].controller-name"}},
      {R"({"notices": [{"controller-name": "A"},)" + notice("B") + "]}",
       {"notice.notices[0].terms-url", "notice.notices[0].notice-version"}},
      {"{}", {"notice.shared-notice"}},
      {R"({"shared-notice": null, "notices": null})", {"notice.shared-notice"}},
      {R"({"shared-notice": "yes"})", {"notice.shared-notice"}},
  };
  for (const Informing& row : rows) {
    EXPECT_EQ(faults_of(draft({.arrangement = arrangements()[1],
                               .notice = row.notice,
                               .basis = "uk-consent",
                               .consent = R"({"consent-type": "explicit-consent"})"})),
              row.paths)
        << row.notice;
  }
  EXPECT_EQ(faults_of(draft({.arrangement = arrangements()[0],
                             .notice = R"({"notices": [)" + notice("A") + "]}",
                             .basis = "uk-consent",
                             .consent = R"({"consent-type": "explicit-consent"})"})),
            Paths{"notice.notices"});
}

// --- everything else, as a change of the published example ---

struct Change {
  const char* old_text;
  const char* new_text;
  Paths paths;
};

TEST(DraftRules, a_row_for_each_rule) {
  const std::string metadata = "record-metadata.";
  const std::string who = metadata + "controller-arrangement.controllers[0].";
  const std::vector<Change> rows = {
      {R"("1.0")", R"("1.1")", {metadata + "schema-version"}},
      {R"("1.0")", "1.0", {metadata + "schema-version"}},
      {R"("schema-version")",
       R"("created-at": "2024-01-15T09:30:00Z", "schema-version")",
       {metadata + "created-at"}},
      {R"("schema-version")",
       R"("record-identifier": "ak_1", "schema-version")",
       {metadata + "record-identifier"}},
      {R"("schema-version")", R"("record-identifier": null, "schema-version")", {}},
      {R"("controller-reference")",
       R"("revoked-at": "2025-06-01T14:22:00Z", "controller-reference")",
       {"access-event.revoked-at"}},

      {R"("name": "Bright Energy Ltd")", R"("name": "")", {who + "name"}},
      {R"("https://bright-energy.com/contact")", R"("call us")", {who + "contact-url"}},
      {R"("https://bright-energy.com/your-rights")", "7", {who + "privacy-rights-url"}},
      {R"("addressLine1": "10 Canary Wharf", )", "", {who + "address.addressLine1"}},
      {R"("townCity": "London")", R"("townCity": null)", {who + "address.townCity"}},
      {R"("postcode": "E14 5AB")",
       R"("county": 7)",
       {who + "address.postcode", who + "address.county"}},
      {R"("role": "sole",)", R"("role": "sole", "storage-conditions": {"location": "GB"},)", {}},
      {R"("role": "sole",)",
       R"("role": "sole", "storage-conditions": "GB",)",
       {who + "storage-conditions"}},
      {R"("role": "sole",)", R"("role": "sole", "lia-reference": 7,)", {who + "lia-reference"}},

      {R"("https://bright-energy.com/privacy-v3.html")",
       R"("privacy")",
       {"notice.shared-notice.terms-url"}},
      {R"("v3.2")", "null", {"notice.shared-notice.notice-version"}},
      {R"("notice-language": "en")",
       R"("notice-language": 7)",
       {"notice.shared-notice.notice-language"}},

      {R"("uk-consent")", R"("us-consent")", {"processing.legal-basis"}},
      {R"("purpose": "Advice")", R"("purpose": null)", {"processing.purpose"}},
      {R"(["HH-CONSUMPTION", "HH-EXPORT"])", "[]", {"processing.data-types"}},
      {R"(["HH-CONSUMPTION", "HH-EXPORT"])", R"("HH-EXPORT")", {"processing.data-types"}},
      {R"("HH-EXPORT")",
       R"("HH-VOLTAGE", 7)",
       {"processing.data-types[1]", "processing.data-types[2]"}},
      {R"("HH-EXPORT")", R"("HH-CONSUMPTION")", {"processing.data-types[1]"}},
      {R"("purpose")", R"("jurisdiction": "GB", "data-source": "MPAS", "purpose")", {}},
      {R"("purpose")", R"("jurisdiction": "FR", "purpose")", {"processing.jurisdiction"}},
      {R"("purpose")", R"("data-source": [], "purpose")", {"processing.data-source"}},
      {R"("purpose")",
       R"("recipients": [{"name": "C", "privacy-url": "https://c.example"}], "purpose")",
       {}},
      {R"("purpose")", R"("recipients": {}, "purpose")", {"processing.recipients"}},
      {R"("purpose")",
       R"("recipients": ["C", {"privacy-url": "C"}], "purpose")",
       {"processing.recipients[0]", "processing.recipients[1].privacy-url"}},

      {R"("state": "ACTIVE",)", "", {}},
      {R"("ACTIVE")", R"("EXPIRED")", {}},
      {R"("ACTIVE")", R"("REVOKED")", {"access-event.state"}},
      {R"("ACTIVE")", R"("active")", {"access-event.state"}},
      {R"("2023-11-07T05:31:56Z")", R"("2023-11-07")", {"access-event.registered-at"}},
      {R"("2023-11-07T05:31:56Z")", R"("2023-02-29T05:31:56Z")", {"access-event.registered-at"}},
      {R"("2027-11-10T17:07:01.580Z")", "null", {}},
      {R"("expiry": "2027-11-10T17:07:01.580Z",)", "", {"access-event.expiry"}},
      {R"("2027-11-10T17:07:01.580Z")", R"("tomorrow")", {"access-event.expiry"}},
      {R"("REF-00123")", "123", {"access-event.controller-reference"}},
      {R"("Explicit web checkbox")", "true", {"access-event.consent.method"}},

      {R"("ir_a3c5e7f9b1d3a3c5e7f9b1d3")",
       R"("ir_A3c5e7f9b1d3a3c5e7f9b1d3")",
       {metadata + "identity-record-ref"}},
      {R"("ir_a3c5e7f9b1d3a3c5e7f9b1d3")", "null", {metadata + "identity-record-ref"}},
      {R"("processing": )",
       R"("reidentification-token": "rt_1", "processing": )",
       {metadata + "identity-record-ref"}},
      {R"("processing": )", R"("reidentification-token": null, "processing": )", {}},

      {R"("processing": )", R"("Processing": )", {"Processing", "processing"}},
      {R"("state")", R"("State")", {"access-event.State"}},
      {R"("townCity")", R"("towncity": "York", "townCity")", {who + "address"}},
      {R"("purpose")", R"("purpose": "Other", "purpose")", {"processing"}},
      {R"("purpose")", R"("colour": "green", "purpose")", {}},
      {R"("processing": )", R"("PROCESSING": {}, "processing": )", {"the record"}},
  };
  for (const Change& row : rows) {
    EXPECT_EQ(faults_of(with(row.old_text, row.new_text)), row.paths)
        << row.old_text << " -> " << row.new_text;
  }
}

TEST(DraftRules, a_token_stands_in_for_the_identity_record_of_a_new_record_only) {
  const std::string by_token = with(R"("identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3")",
                                    R"("identity-record-ref": null)");
  std::string json = by_token;
  json.replace(0, 1, R"({"reidentification-token": "rt_1",)");
  EXPECT_EQ(faults_of(json), Paths{});
  EXPECT_EQ(faults_of(json, DraftPurpose::replace),
            (Paths{"record-metadata.identity-record-ref", "reidentification-token"}));
  json = by_token;
  json.replace(0, 1, R"({"reidentification-token": "",)");
  EXPECT_EQ(faults_of(json), Paths{"reidentification-token"});
}

TEST(DraftRules, a_replacement_is_active) {
  EXPECT_EQ(faults_of(with(R"("ACTIVE")", R"("EXPIRED")"), DraftPurpose::replace),
            Paths{"access-event.state"});
}

TEST(DraftRules, all_faults_are_told_at_once) {
  EXPECT_EQ(faults_of("{}"), (Paths{"record-metadata", "processing", "access-event"}));
  EXPECT_EQ(faults_of("[]"), Paths{"the record"});
  EXPECT_EQ(
      faults_of(R"({"record-metadata": 1, "notice": 2, "processing": {"legal-basis": "uk-contract"},
                          "access-event": {"consent": 3}})"),
      (Paths{"record-metadata", "notice", "processing.purpose", "processing.data-types",
             "access-event.registered-at", "access-event.expiry", "access-event.consent"}));
}

}  // namespace
}  // namespace akgate
