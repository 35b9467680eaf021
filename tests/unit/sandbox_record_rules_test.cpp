// SPDX-License-Identifier: Apache-2.0
#include "tests/register/record_rules.hpp"

#include <gtest/gtest.h>

#include "tests/unit/sandbox_world.hpp"

namespace akgate::sandbox {
namespace {

/// Lays one JSON over another: members of objects are merged, anything else is put in place.
void lay_over(cJSON* under, const cJSON* over) {
  const cJSON* item = nullptr;
  cJSON_ArrayForEach(item, over) {
    cJSON* there = member(under, item->string);
    if (cJSON_IsObject(item) != 0 && cJSON_IsObject(there) != 0) {
      lay_over(there, item);
    } else {
      put_copy(under, item->string, item);
    }
  }
}

struct Row {
  const char* name;
  const char* change;  ///< laid over the valid record
  const char* path;    ///< what the one fault is about; empty: the record is in order
};

// A change that must not be refused beside one that must, for each rule.
constexpr Row kRows[] = {
    {"as it is", "{}", ""},
    {"no end date", R"({"access-event": {"expiry": null}})", ""},
    {"no proper expiry", R"({"access-event": {"expiry": "tomorrow"}})", "access-event.expiry"},
    {"historic", R"({"access-event": {"state": "EXPIRED", "expiry": "2020-01-01T00:00:00Z"}})", ""},
    {"revoked from the start", R"({"access-event": {"state": "REVOKED"}})", "access-event.state"},
    {"no state", R"({"access-event": {"state": null}})", "access-event.state"},
    {"no registered-at", R"({"access-event": {"registered-at": null}})",
     "access-event.registered-at"},
    {"revoked-at sent", R"({"access-event": {"revoked-at": "2020-01-01T00:00:00Z"}})",
     "access-event.revoked-at"},
    {"key sent", R"({"record-metadata": {"record-identifier": "ak_691df0c788ca043403b7fa90"}})",
     "record-metadata.record-identifier"},
    {"created-at sent", R"({"record-metadata": {"created-at": "2020-01-01T00:00:00Z"}})",
     "record-metadata.created-at"},
    {"no schema version", R"({"record-metadata": {"schema-version": ""}})",
     "record-metadata.schema-version"},

    {"no identity record", R"({"record-metadata": {"identity-record-ref": null}})",
     "record-metadata.identity-record-ref"},
    {"token instead",
     R"({"record-metadata": {"identity-record-ref": null}, "reidentification-token": "rt_1"})", ""},
    {"both", R"({"reidentification-token": "rt_1"})", "record-metadata.identity-record-ref"},

    {"consent without notice", R"({"notice": null})", "notice"},
    {"notice without version", R"({"notice": {"shared-notice": {"notice-version": null}}})",
     "notice.shared-notice.notice-version"},
    {"consent without consent", R"({"access-event": {"consent": null}})",
     "access-event.consent.consent-type"},
    {"explicit consent", R"({"processing": {"legal-basis": "uk-explicit-consent"},
                             "access-event": {"consent": {"consent-type": "explicit-consent"}}})",
     ""},
    {"unknown consent", R"({"access-event": {"consent": {"consent-type": "implied"}}})",
     "access-event.consent.consent-type"},

    {"contract",
     R"({"processing": {"legal-basis": "uk-contract"}, "notice": null, "access-event": {"consent": null}})",
     ""},
    {"contract with notice",
     R"({"processing": {"legal-basis": "uk-contract"}, "access-event": {"consent": null}})",
     "notice"},
    {"contract with consent", R"({"processing": {"legal-basis": "uk-contract"}, "notice": null})",
     "access-event.consent"},
    {"interests without reference",
     R"({"processing": {"legal-basis": "uk-legitimate-interests"}, "notice": null, "access-event": {"consent": null}})",
     "record-metadata.controller-arrangement.controllers"},
    {"interests with reference",
     R"({"processing": {"legal-basis": "uk-legitimate-interests"}, "notice": null, "access-event": {"consent": null},
         "record-metadata": {"controller-arrangement": {"controllers": [
           {"name": "A", "role": "sole", "contact-url": "https://a.example", "lia-reference": "LIA-1"}]}}})",
     ""},
    {"public task without reference",
     R"({"processing": {"legal-basis": "uk-public-task"}, "notice": null, "access-event": {"consent": null}})",
     "record-metadata.controller-arrangement.controllers"},
    {"obligation with reference",
     R"({"processing": {"legal-basis": "uk-legal-obligation"}, "notice": null, "access-event": {"consent": null},
         "record-metadata": {"controller-arrangement": {"controllers": [
           {"name": "A", "role": "sole", "contact-url": "https://a.example", "statutory-reference": "Act"}]}}})",
     ""},
    {"reference on another than the lead",
     R"({"processing": {"legal-basis": "uk-legal-obligation"}, "notice": null, "access-event": {"consent": null},
         "record-metadata": {"controller-arrangement": {"arrangement-type": "group", "controllers": [
           {"name": "A", "role": "lead", "contact-url": "https://a.example"},
           {"name": "B", "role": "member", "contact-url": "https://b.example", "statutory-reference": "Act"}]}}})",
     "record-metadata.controller-arrangement.controllers"},
    {"unknown basis", R"({"processing": {"legal-basis": "us-consent"}, "notice": null})",
     "processing.legal-basis"},

    {"no arrangement type",
     R"({"record-metadata": {"controller-arrangement": {"arrangement-type": null}}})",
     "record-metadata.controller-arrangement.arrangement-type"},
    {"art26 without joint",
     R"({"record-metadata": {"controller-arrangement": {"art26-reference": "J-1"}}})",
     "record-metadata.controller-arrangement.art26-reference"},
    {"joint without art26",
     R"({"record-metadata": {"controller-arrangement": {"arrangement-type": "joint", "controllers": [
           {"name": "A", "role": "lead", "contact-url": "https://a.example"},
           {"name": "B", "role": "joint", "contact-url": "https://b.example"}]}}})",
     "record-metadata.controller-arrangement.art26-reference"},
    {"joint with a notice each",
     R"({"record-metadata": {"controller-arrangement": {"arrangement-type": "joint", "art26-reference": "J-1",
           "controllers": [{"name": "A", "role": "lead", "contact-url": "https://a.example"},
                           {"name": "B", "role": "joint", "contact-url": "https://b.example"}]}},
         "notice": {"shared-notice": null, "notices": [
           {"controller-name": "A", "terms-url": "https://a.example/t", "notice-version": "1"},
           {"controller-name": "B", "terms-url": "https://b.example/t", "notice-version": "1"}]}})",
     ""},
    {"two leads",
     R"({"record-metadata": {"controller-arrangement": {"arrangement-type": "group", "controllers": [
           {"name": "A", "role": "lead", "contact-url": "https://a.example"},
           {"name": "B", "role": "sole", "contact-url": "https://b.example"}]}}})",
     "record-metadata.controller-arrangement.controllers"},
    {"notices for one controller alone",
     R"({"notice": {"notices": [{"controller-name": "A", "terms-url": "https://a.example/t", "notice-version": "1"}]}})",
     "notice.notices"},
    {"contact is no address",
     R"({"record-metadata": {"controller-arrangement": {"controllers": [
           {"name": "A", "role": "sole", "contact-url": "call us"}]}}})",
     "record-metadata.controller-arrangement.controllers[0].contact-url"},

    {"no purpose", R"({"processing": {"purpose": null}})", "processing.purpose"},
    {"no data types", R"({"processing": {"data-types": []}})", "processing.data-types"},
    {"unknown data type", R"({"processing": {"data-types": ["HH-CONSUMPTION", "HH-VOLTAGE"]}})",
     "processing.data-types"},
    {"a data type twice", R"({"processing": {"data-types": ["HH-EXPORT", "HH-EXPORT"]}})",
     "processing.data-types"},
};

TEST(SandboxRecordRules, every_rule_per_basis_and_arrangement_is_kept) {
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto record = valid_record();
    const auto change = parse_json(row.change);
    ASSERT_NE(change, nullptr);
    lay_over(record.get(), change.get());
    const auto faults = check_access_record(record.get(), Purpose::create);
    if (*row.path == '\0') {
      EXPECT_TRUE(faults.empty()) << faults.front();
      continue;
    }
    ASSERT_EQ(faults.size(), 1U) << (faults.empty() ? "no fault" : faults.back());
    EXPECT_EQ(faults.front().substr(0, faults.front().find(' ')), row.path);
  }
}

TEST(SandboxRecordRules, all_faults_of_a_record_are_told_at_once) {
  const auto record = valid_record();
  lay_over(
      record.get(),
      parse_json(R"({"processing": {"purpose": null, "data-types": []}, "notice": null})").get());
  EXPECT_EQ(check_access_record(record.get(), Purpose::create).size(), 3U);
}

TEST(SandboxRecordRules, a_replacement_is_active_and_names_its_identity_record) {
  const auto record = valid_record();
  EXPECT_TRUE(check_access_record(record.get(), Purpose::replace).empty());
  put_text(record.get(), "reidentification-token", "rt_1");
  EXPECT_EQ(check_access_record(record.get(), Purpose::replace).size(), 1U);
  put_text(member(record.get(), "access-event"), "state", "EXPIRED");
  EXPECT_EQ(check_access_record(record.get(), Purpose::replace).size(), 2U);
}

TEST(SandboxRecordRules, what_is_no_object_has_one_fault) {
  EXPECT_EQ(check_access_record(nullptr, Purpose::create).size(), 1U);
  EXPECT_EQ(check_access_record(parse_json("[]").get(), Purpose::create).size(), 1U);
}

}  // namespace
}  // namespace akgate::sandbox
