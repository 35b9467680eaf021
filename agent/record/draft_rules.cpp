// SPDX-License-Identifier: Apache-2.0
#include "record/draft_rules.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "record/data_types.hpp"
#include "record/draft_object.hpp"
#include "record/timestamp.hpp"

namespace akgate {

namespace {

bool is_identity_record_ref(std::string_view text) {
  constexpr std::string_view kPrefix = "ir_";
  std::array<std::uint8_t, 12> bytes{};
  return text.starts_with(kPrefix) && from_hex(text.substr(kPrefix.size()), bytes);
}

// Whose record it is: an identity record, or, for a new one, a token that leads to one.
void check_identity(const DraftObject& record, const DraftObject& metadata, DraftPurpose purpose) {
  const JsonView token = record["reidentification-token"];
  const bool by_token = purpose == DraftPurpose::create && !token.absent();
  const bool by_reference = is_identity_record_ref(metadata.text("identity-record-ref"));
  if (by_token) {
    metadata.expect(metadata["identity-record-ref"].absent(), "identity-record-ref",
                    "must be left out beside a reidentification-token");
    record.expect_text("reidentification-token");
    return;
  }
  metadata.expect(by_reference, "identity-record-ref",
                  "must name an identity record: ir_ and 24 lower-case hex digits");
  record.expect(token.absent(), "reidentification-token", "is for a new record: leave it out");
}

void check_metadata(const DraftObject& record, DraftPurpose purpose,
                    std::optional<LegalBasis> basis) {
  const auto metadata =
      record.object("record-metadata", {"schema-version", "controller-arrangement",
                                        "identity-record-ref", "record-identifier", "created-at"});
  if (!metadata) return;
  metadata->expect(metadata->text("schema-version") == "1.0", "schema-version", "must be \"1.0\"");
  check_draft_arrangement(*metadata, basis);
  check_identity(record, *metadata, purpose);
  metadata->expect_unset("record-identifier");
  metadata->expect_unset("created-at");
}

void check_data_types(const DraftObject& processing) {
  const JsonView list = processing["data-types"];
  if (!list.is_array() || list.first_child().missing()) {
    processing.expect(false, "data-types", "must be a list of at least one data type");
    return;
  }
  std::vector<std::string_view> seen;
  std::size_t place = 0;
  for (JsonView entry = list.first_child(); !entry.missing(); entry = entry.next()) {
    const std::string path = "data-types[" + std::to_string(place++) + "]";
    const std::string_view type = entry.string().value_or("");
    const bool known = std::find(kPublishedDataTypes.begin(), kPublishedDataTypes.end(), type) !=
                       kPublishedDataTypes.end();
    const bool again = known && std::find(seen.begin(), seen.end(), type) != seen.end();
    processing.expect(known, path,
                      "must be a data type of the register: HH-, MTH- or ANNUAL- with CONSUMPTION "
                      "or EXPORT, or TARIFF- with IMPORT or EXPORT");
    processing.expect(!again, path, "stands there already: leave it out");
    seen.push_back(type);
  }
}

void check_recipients(const DraftObject& processing) {
  const JsonView list = processing["recipients"];
  processing.expect(list.absent() || list.is_array(), "recipients", "must be a list, or left out");
  for (const DraftObject& recipient :
       processing.objects("recipients", {"name", "role", "privacy-url"})) {
    recipient.expect_text_if_there("name");
    recipient.expect_text_if_there("role");
    recipient.expect_url_if_there("privacy-url");
  }
}

void check_processing(const DraftObject& record) {
  const auto processing = record.object(
      "processing",
      {"legal-basis", "purpose", "data-types", "jurisdiction", "data-source", "recipients"});
  if (!processing) return;
  processing->expect(parse_legal_basis(processing->text("legal-basis")).has_value(), "legal-basis",
                     "must be uk-consent, uk-explicit-consent, uk-legitimate-interests, "
                     "uk-public-task, uk-legal-obligation or uk-contract");
  processing->expect_text("purpose");
  check_data_types(*processing);
  processing->expect(
      (*processing)["jurisdiction"].absent() || processing->text("jurisdiction") == "GB",
      "jurisdiction", "must be GB, or left out");
  processing->expect_text_if_there("data-source");
  check_recipients(*processing);
}

void check_dates(const DraftObject& event) {
  const auto registered = parse_timestamp(event.text("registered-at"));
  event.expect(registered.has_value(), "registered-at",
               "must be a time with an offset (RFC 3339), such as 2026-11-22T10:05:00Z");
  if (event["expiry"].is_null()) return;
  const auto expiry = parse_timestamp(event.text("expiry"));
  event.expect(expiry.has_value(), "expiry",
               "must be a time with an offset (RFC 3339), or null for no end");
}

void check_event(const DraftObject& record, DraftPurpose purpose, std::optional<LegalBasis> basis) {
  const auto event = record.object(
      "access-event",
      {"state", "registered-at", "expiry", "controller-reference", "consent", "revoked-at"});
  if (!event) return;
  // A historic record may be over already. REVOKED and DISCOVERED are the register's to say.
  const std::string_view state = event->text("state");
  const bool historic = purpose == DraftPurpose::create && state == "EXPIRED";
  event->expect((*event)["state"].absent() || state == "ACTIVE" || historic, "state",
                purpose == DraftPurpose::create
                    ? "must be ACTIVE, or EXPIRED where the record is historic"
                    : "must be ACTIVE");
  check_dates(*event);
  event->expect_text_if_there("controller-reference");
  check_draft_consent(*event, basis);
  event->expect_unset("revoked-at");
}

}  // namespace

std::vector<DraftFault> check_draft(JsonView root, DraftPurpose purpose) {
  if (!root.is_object()) return {{.path = "the record", .remedy = "must be a JSON object"}};
  std::vector<DraftFault> faults;
  const DraftObject record(
      root, "",
      {"record-metadata", "notice", "processing", "access-event", "reidentification-token"},
      faults);
  const auto basis = parse_legal_basis(root["processing"]["legal-basis"].string().value_or(""));
  check_metadata(record, purpose, basis);
  check_draft_notice(record, basis);
  check_processing(record);
  check_event(record, purpose, basis);
  return faults;
}

}  // namespace akgate
