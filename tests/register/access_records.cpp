// SPDX-License-Identifier: Apache-2.0
// The life of an access record: create, verify, replace, revoke.
#include <algorithm>
#include <array>

#include "tests/register/answers.hpp"
#include "tests/register/operations.hpp"
#include "tests/register/record_rules.hpp"
#include "tests/register/reidentification.hpp"
#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::array<std::string_view, 6> kRevokeReasons{
    "customer-request",           "contract-ended",          "lia-lapsed",
    "statutory-authority-lapsed", "data-no-longer-required", "other"};

std::string resource_of(std::string_view ak) { return "/v1/access-records/" + std::string(ak); }

const Refusal kNoSuchRecord{404, code::kNotFound, "there is no such access record"};

/// The faults of the record, with that of an identity record which is not the caller's own.
std::vector<std::string> faults_of(const Sandbox& sandbox, const cJSON* body, Purpose purpose,
                                   const Account& caller) {
  auto faults = check_access_record(body, purpose);
  const auto reference = text_of(member(member(body, "record-metadata"), "identity-record-ref"));
  if (is_identifier("ir_", reference)) {
    const auto* identity = sandbox.store.identity_record(reference);
    if (identity == nullptr || identity->duid != caller.duid) {
      faults.emplace_back(
          "record-metadata.identity-record-ref must name an identity record of the same Data User");
    }
  }
  return faults;
}

/// Fills in what the register sets, and gives the record the meter point of its identity record.
AccessRecord make_record(const Sandbox& sandbox, JsonPtr body, const std::string& ak,
                         const Account& caller, std::string_view created_at) {
  cJSON* metadata = member(body.get(), "record-metadata");
  put_text(metadata, "record-identifier", ak);
  put_text(metadata, "created-at", created_at);
  erase(body.get(), "reidentification-token");
  const auto* identity =
      sandbox.store.identity_record(text_of(member(metadata, "identity-record-ref")));
  return {.ak = ak, .duid = caller.duid, .mpxn = identity->mpxn, .document = to_text(body.get())};
}

/// Whether the organisation that the DCC saw is the Data User itself or one of the record's
/// controllers.
bool is_same_organisation(const cJSON* discovered, const cJSON* document, const Account& caller) {
  const auto seen = text_of(member(discovered, "organisation-name"));
  if (seen == caller.display_name) {
    return true;
  }
  const cJSON* controller = nullptr;
  cJSON_ArrayForEach(controller,
                     member(member(member(document, "record-metadata"), "controller-arrangement"),
                            "controllers")) {
    if (text_of(member(controller, "name")) == seen) {
      return true;
    }
  }
  return false;
}

/// The DISCOVERED records that this one explains stay, and say by which they are superseded.
Status link_discovered(Sandbox& sandbox, const AccessRecord& fresh, const Account& caller) {
  const auto document = parse_json(fresh.document);
  for (const auto* known : sandbox.store.access_records_of_meter_point(fresh.mpxn)) {
    const auto discovered = parse_json(known->discovered);
    if (!discovered || !is_absent(member(discovered.get(), "superseded-by")) ||
        !is_same_organisation(discovered.get(), document.get(), caller)) {
      continue;
    }
    put_text(discovered.get(), "superseded-by", fresh.ak);
    AccessRecord linked = *known;
    linked.discovered = to_text(discovered.get());
    if (auto saved = sandbox.store.save(std::move(linked)); !saved) {
      return saved;
    }
  }
  return Done{};
}

/// Resolves a confirmed token to the newest identity record of its meter point, and uses the token
/// up.
Status use_reidentification(Sandbox& sandbox, std::string_view token_ref, cJSON* body) {
  Reidentification token = *sandbox.store.reidentification(token_ref);
  put_text(member(body, "record-metadata"), "identity-record-ref",
           sandbox.store.newest_identity_record(token.mpxn)->ir);
  token.used = true;
  return sandbox.store.save(std::move(token));
}

Response key_handed_out(const Sandbox& sandbox, int status, const std::string& ak,
                        const cJSON* document) {
  auto token = new_object();
  put_text(token.get(), "key", ak);
  put_copy(token.get(), "expiry", member(member(document, "access-event"), "expiry"));
  auto body = envelope(sandbox, resource_of(ak));
  put(body.get(), "access-token", std::move(token));
  return answer(status, body.get());
}

Response stubbed(const Sandbox& sandbox, const Stub& stub, const std::string& ak) {
  if (stub.raw) {
    return {
        .status = stub.status, .headers = {{"Content-Type", stub.content_type}}, .body = stub.body};
  }
  auto body = envelope(sandbox, resource_of(ak));
  put(body.get(), "access-record", parse_json(stub.body));
  return answer(stub.status, body.get());
}

}  // namespace

Response create_access_record(Sandbox& sandbox, const Call& call) {
  auto body = parse_json(call.request.body);
  const Account& caller = *call.caller;
  if (const auto faults = faults_of(sandbox, body.get(), Purpose::create, caller);
      !faults.empty()) {
    return invalid(sandbox, call.request, faults);
  }
  if (const std::string token(text_of(member(body.get(), "reidentification-token")));
      !token.empty()) {
    if (const auto why = why_unusable(sandbox, token, caller)) {
      return refusal(sandbox, call.request, *why);
    }
    if (auto used = use_reidentification(sandbox, token, body.get()); !used) {
      return not_kept(sandbox, call.request, used.error());
    }
  }

  const auto record = make_record(sandbox, std::move(body), new_identifier("ak_"), caller,
                                  format_timestamp(sandbox.clock.now()));
  if (auto linked = link_discovered(sandbox, record, caller); !linked) {
    return not_kept(sandbox, call.request, linked.error());
  }
  if (auto saved = sandbox.store.save(record); !saved) {
    return not_kept(sandbox, call.request, saved.error());
  }
  auto response = key_handed_out(sandbox, 201, record.ak, parse_json(record.document).get());
  response.headers.emplace_back("Location", resource_of(record.ak));
  return response;
}

Response verify_access_record(Sandbox& sandbox, const Call& call) {
  if (const auto stub = sandbox.stubs.find(call.parameter); stub != sandbox.stubs.end()) {
    return stubbed(sandbox, stub->second, call.parameter);
  }
  const auto* record = sandbox.store.access_record(call.parameter);
  if (record == nullptr) {
    return refusal(sandbox, call.request, kNoSuchRecord);
  }
  // The document is JSON text already: it is put behind the envelope as it is.
  auto response = answer(200, envelope(sandbox, resource_of(record->ak)).get());
  response.body.pop_back();
  response.body += ",\"access-record\":" + record->document + "}";
  return response;
}

Response replace_access_record(Sandbox& sandbox, const Call& call) {
  auto body = parse_json(call.request.body);
  const Account& caller = *call.caller;
  if (const auto faults = faults_of(sandbox, body.get(), Purpose::replace, caller);
      !faults.empty()) {
    return invalid(sandbox, call.request, faults);
  }
  const auto* known = sandbox.store.access_record(call.parameter);
  if (known == nullptr || known->duid != caller.duid) {
    return refusal(sandbox, call.request, kNoSuchRecord);
  }
  if (known->state != "ACTIVE") {
    return refusal(sandbox, call.request,
                   {409, code::kConflict, "only an ACTIVE record can be replaced"});
  }
  const auto before = parse_json(known->document);
  const auto record =
      make_record(sandbox, std::move(body), known->ak, caller,
                  text_of(member(member(before.get(), "record-metadata"), "created-at")));
  if (auto saved = sandbox.store.save(record); !saved) {
    return not_kept(sandbox, call.request, saved.error());
  }
  return key_handed_out(sandbox, 200, record.ak, parse_json(record.document).get());
}

Response revoke_access_record(Sandbox& sandbox, const Call& call) {
  const std::string* reason = call.request.parameter("reason");
  if (reason != nullptr &&
      std::find(kRevokeReasons.begin(), kRevokeReasons.end(), *reason) == kRevokeReasons.end()) {
    return invalid(sandbox, call.request,
                   {"reason must be customer-request, contract-ended, lia-lapsed, "
                    "statutory-authority-lapsed, data-no-longer-required or other"});
  }
  const auto* known = sandbox.store.access_record(call.parameter);
  if (known == nullptr || known->duid != call.caller->duid || known->state == "REVOKED") {
    return refusal(sandbox, call.request, kNoSuchRecord);
  }
  AccessRecord record = *known;
  const auto revoked_at = format_timestamp(sandbox.clock.now());
  const auto document = parse_json(record.document);
  cJSON* event = member(document.get(), "access-event");
  put_text(event, "state", "REVOKED");
  put_text(event, "revoked-at", revoked_at);
  record.document = to_text(document.get());
  if (auto saved = sandbox.store.save(std::move(record)); !saved) {
    return not_kept(sandbox, call.request, saved.error());
  }
  auto body = envelope(sandbox, resource_of(call.parameter));
  put_text(body.get(), "ak", call.parameter);
  put_text(body.get(), "revoked-at", revoked_at);
  return answer(200, body.get());
}

}  // namespace akgate::sandbox
