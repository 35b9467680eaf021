// SPDX-License-Identifier: Apache-2.0
#include "tests/register/record_rules.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::array<std::string_view, 6> kLegalBases{
    "uk-consent",     "uk-explicit-consent", "uk-legitimate-interests",
    "uk-public-task", "uk-legal-obligation", "uk-contract"};
constexpr std::array<std::string_view, 4> kStates{"ACTIVE", "EXPIRED", "REVOKED", "DISCOVERED"};
constexpr std::array<std::string_view, 8> kDataTypes{
    "HH-CONSUMPTION",     "HH-EXPORT",     "MTH-CONSUMPTION", "MTH-EXPORT",
    "ANNUAL-CONSUMPTION", "ANNUAL-EXPORT", "TARIFF-IMPORT",   "TARIFF-EXPORT"};

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& known) {
  return std::find(known.begin(), known.end(), text) != known.end();
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), text) != known.end();
}

bool has_text(const cJSON* parent, const char* name) {
  return !text_of(member(parent, name)).empty();
}
bool is_object(const cJSON* item) { return cJSON_IsObject(item) != 0; }
bool is_list(const cJSON* item) { return cJSON_IsArray(item) != 0 && cJSON_GetArraySize(item) > 0; }
bool is_lead(const cJSON* controller) {
  return is_any_of(text_of(member(controller, "role")), {"sole", "lead"});
}

/// The faults found so far, and the one way to add to them.
class Findings {
 public:
  void expect(bool holds, std::string_view path, std::string_view right) {
    if (!holds) {
      found_.push_back(std::string(path) + " " + std::string(right));
    }
  }
  [[nodiscard]] std::vector<std::string> take() && { return std::move(found_); }

 private:
  std::vector<std::string> found_;
};

/// What a legal basis demands of the record around it.
struct Basis {
  bool known = true;
  bool consent = false;              ///< notice and consent: required, else null
  const char* lead_needs = nullptr;  ///< the reference that the sole or lead controller must carry
};

Basis demands_of(std::string_view legal_basis) {
  if (is_any_of(legal_basis, {"uk-consent", "uk-explicit-consent"})) {
    return {.consent = true};
  }
  if (legal_basis == "uk-legitimate-interests") {
    return {.lead_needs = "lia-reference"};
  }
  if (is_any_of(legal_basis, {"uk-public-task", "uk-legal-obligation"})) {
    return {.lead_needs = "statutory-reference"};
  }
  return {.known = legal_basis == "uk-contract"};
}

void check_controller(const cJSON* controller, const std::string& path, Findings& findings) {
  findings.expect(has_text(controller, "name"), path + ".name", "is required");
  findings.expect(
      is_any_of(text_of(member(controller, "role")), {"sole", "lead", "joint", "member"}),
      path + ".role", "must be sole, lead, joint or member");
  findings.expect(is_http_url(text_of(member(controller, "contact-url"))), path + ".contact-url",
                  "must be an http or https address");
  if (const cJSON* address = member(controller, "address"); !is_absent(address)) {
    findings.expect(has_text(address, "addressLine1") && has_text(address, "townCity") &&
                        has_text(address, "postcode"),
                    path + ".address", "must have addressLine1, townCity and postcode");
  }
}

void check_arrangement(const cJSON* arrangement, const Basis& basis, Findings& findings) {
  const std::string path = "record-metadata.controller-arrangement";
  const auto type = text_of(member(arrangement, "arrangement-type"));
  findings.expect(is_any_of(type, {"sole", "joint", "group"}), path + ".arrangement-type",
                  "must be sole, joint or group");
  const cJSON* art26 = member(arrangement, "art26-reference");
  if (type == "joint") {
    findings.expect(has_text(arrangement, "art26-reference"), path + ".art26-reference",
                    "is required for a joint arrangement");
  } else {
    findings.expect(is_absent(art26), path + ".art26-reference",
                    "must be null unless the arrangement is joint");
  }

  const cJSON* controllers = member(arrangement, "controllers");
  findings.expect(is_list(controllers), path + ".controllers", "must name at least one controller");
  const cJSON* controller = nullptr;
  std::size_t place = 0;
  cJSON_ArrayForEach(controller, controllers) {
    check_controller(controller, path + ".controllers[" + std::to_string(place++) + "]", findings);
  }
  const cJSON* lead = lead_controller(controllers);
  findings.expect(lead != nullptr, path + ".controllers",
                  "must have exactly one entry with role sole or lead");
  if (lead != nullptr && basis.lead_needs != nullptr) {
    findings.expect(has_text(lead, basis.lead_needs), path + ".controllers",
                    std::string("must carry ") + basis.lead_needs +
                        " on the sole or lead entry for this legal basis");
  }
}

void check_metadata(const cJSON* body, Purpose purpose, const Basis& basis, Findings& findings) {
  const cJSON* metadata = member(body, "record-metadata");
  findings.expect(is_object(metadata), "record-metadata", "is required");
  findings.expect(has_text(metadata, "schema-version"), "record-metadata.schema-version",
                  "is required");
  for (const char* name : {"record-identifier", "created-at"}) {
    findings.expect(is_absent(member(metadata, name)), std::string("record-metadata.") + name,
                    "is set by the register and must not be sent");
  }

  const cJSON* reference = member(metadata, "identity-record-ref");
  const cJSON* token = member(body, "reidentification-token");
  if (purpose == Purpose::replace || is_absent(token)) {
    findings.expect(is_identifier("ir_", text_of(reference)), "record-metadata.identity-record-ref",
                    "must be the key of an identity record: ir_ and 24 hex digits");
  } else {
    findings.expect(is_absent(reference), "record-metadata.identity-record-ref",
                    "must be left out where a reidentification-token is sent");
    findings.expect(!text_of(token).empty(), "reidentification-token", "must be a string");
  }
  if (purpose == Purpose::replace) {
    findings.expect(is_absent(token), "reidentification-token", "is for new records only");
  }
  check_arrangement(member(metadata, "controller-arrangement"), basis, findings);
}

void check_notices(const cJSON* body, const cJSON* notices, Findings& findings) {
  const cJSON* arrangement = member(member(body, "record-metadata"), "controller-arrangement");
  const cJSON* controllers = member(arrangement, "controllers");
  findings.expect(text_of(member(arrangement, "arrangement-type")) == "joint", "notice.notices",
                  "is for joint arrangements only");
  findings.expect(cJSON_GetArraySize(notices) == cJSON_GetArraySize(controllers), "notice.notices",
                  "must have one entry for each controller");
  const cJSON* notice = nullptr;
  std::size_t place = 0;
  cJSON_ArrayForEach(notice, notices) {
    findings.expect(has_text(notice, "controller-name") && has_text(notice, "notice-version") &&
                        is_http_url(text_of(member(notice, "terms-url"))),
                    "notice.notices[" + std::to_string(place++) + "]",
                    "must have controller-name, terms-url and notice-version");
  }
}

void check_notice(const cJSON* body, const Basis& basis, Findings& findings) {
  const cJSON* notice = member(body, "notice");
  if (!basis.consent) {
    findings.expect(is_absent(notice) || !basis.known, "notice",
                    "must be null unless the legal basis is a consent");
    return;
  }
  const cJSON* shared = member(notice, "shared-notice");
  const cJSON* notices = member(notice, "notices");
  findings.expect(is_object(notice) && (!is_absent(shared) || !is_absent(notices)), "notice",
                  "is required for a consent basis, with shared-notice or notices");
  if (!is_absent(shared)) {
    findings.expect(is_http_url(text_of(member(shared, "terms-url"))),
                    "notice.shared-notice.terms-url", "must be an http or https address");
    findings.expect(has_text(shared, "notice-version"), "notice.shared-notice.notice-version",
                    "is required");
  }
  if (!is_absent(notices)) {
    check_notices(body, notices, findings);
  }
}

void check_processing(const cJSON* processing, Findings& findings) {
  findings.expect(is_object(processing), "processing", "is required");
  findings.expect(is_legal_basis(text_of(member(processing, "legal-basis"))),
                  "processing.legal-basis",
                  "must be one of the six legal bases, uk-consent to uk-contract");
  findings.expect(has_text(processing, "purpose"), "processing.purpose", "is required");
  findings.expect(is_data_type_list(member(processing, "data-types")), "processing.data-types",
                  "must list at least one known data type, none twice");
}

void check_event(const cJSON* event, Purpose purpose, const Basis& basis, Findings& findings) {
  findings.expect(is_object(event), "access-event", "is required");
  const auto state = text_of(member(event, "state"));
  // EXPIRED is for historic records; REVOKED and DISCOVERED are the register's to set.
  findings.expect(state == "ACTIVE" || (state == "EXPIRED" && purpose == Purpose::create),
                  "access-event.state",
                  "must be ACTIVE, or EXPIRED for a new record that is historic");
  findings.expect(is_timestamp(text_of(member(event, "registered-at"))),
                  "access-event.registered-at", "must be a timestamp (RFC 3339)");
  const cJSON* expiry = member(event, "expiry");
  findings.expect(expiry != nullptr && (cJSON_IsNull(expiry) != 0 || is_timestamp(text_of(expiry))),
                  "access-event.expiry", "must be a timestamp (RFC 3339), or null for no end date");
  findings.expect(is_absent(member(event, "revoked-at")), "access-event.revoked-at",
                  "is set by the register and must not be sent");

  const cJSON* consent = member(event, "consent");
  if (basis.consent) {
    findings.expect(is_any_of(text_of(member(consent, "consent-type")),
                              {"expressed-consent", "explicit-consent"}),
                    "access-event.consent.consent-type",
                    "must be expressed-consent or explicit-consent for a consent basis");
  } else {
    findings.expect(is_absent(consent) || !basis.known, "access-event.consent",
                    "must be null unless the legal basis is a consent");
  }
}

}  // namespace

bool is_legal_basis(std::string_view text) { return is_one_of(text, kLegalBases); }
bool is_state(std::string_view text) { return is_one_of(text, kStates); }
bool is_data_type(std::string_view text) { return is_one_of(text, kDataTypes); }

bool is_data_type_list(const cJSON* list) {
  std::set<std::string_view> seen;
  const cJSON* type = nullptr;
  cJSON_ArrayForEach(type, list) {
    if (!is_data_type(text_of(type)) || !seen.insert(text_of(type)).second) {
      return false;
    }
  }
  return is_list(list);
}

const cJSON* lead_controller(const cJSON* controllers) {
  const cJSON* lead = nullptr;
  const cJSON* controller = nullptr;
  cJSON_ArrayForEach(controller, controllers) {
    if (is_lead(controller)) {
      if (lead != nullptr) {
        return nullptr;
      }
      lead = controller;
    }
  }
  return lead;
}

std::vector<std::string> check_access_record(const cJSON* body, Purpose purpose) {
  Findings findings;
  if (!is_object(body)) {
    findings.expect(false, "the body", "must be a JSON object: one AccessRecord");
    return std::move(findings).take();
  }
  const Basis basis = demands_of(text_of(member(member(body, "processing"), "legal-basis")));
  check_metadata(body, purpose, basis, findings);
  check_notice(body, basis, findings);
  check_processing(member(body, "processing"), findings);
  check_event(member(body, "access-event"), purpose, basis, findings);
  return std::move(findings).take();
}

}  // namespace akgate::sandbox
