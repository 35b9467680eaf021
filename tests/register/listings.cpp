// SPDX-License-Identifier: Apache-2.0
// The two lists: a meter point's records, and one's own.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "tests/register/answers.hpp"
#include "tests/register/operations.hpp"
#include "tests/register/record_rules.hpp"
#include "tests/register/reidentification.hpp"
#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::uint64_t kDefaultLimit = 200;
constexpr std::uint64_t kMostRows = 500;

struct Filters {
  const std::string* state;
  const std::string* legal_basis;

  [[nodiscard]] bool pass(const AccessRecord& record) const {
    return (state == nullptr || record.state == *state) &&
           (legal_basis == nullptr || record.legal_basis == *legal_basis);
  }
};

std::optional<Refusal> why_wrong(const Filters& filters) {
  if (filters.state != nullptr && !is_state(*filters.state)) {
    return Refusal{400, code::kInvalidState,
                   "state must be ACTIVE, EXPIRED, REVOKED or DISCOVERED"};
  }
  if (filters.legal_basis != nullptr && !is_legal_basis(*filters.legal_basis)) {
    return Refusal{400, code::kInvalidBasis, "legal-basis must be one of the six legal bases"};
  }
  return std::nullopt;
}

Filters filters_of(const Request& request) {
  return {.state = request.parameter("state"), .legal_basis = request.parameter("legal-basis")};
}

/// What both lists say of a record. Of a DISCOVERED one nothing but key, types and state is known.
JsonPtr summary(const AccessRecord& record, const cJSON* document) {
  const cJSON* arrangement = member(member(document, "record-metadata"), "controller-arrangement");
  const cJSON* controllers = member(arrangement, "controllers");
  const cJSON* processing = member(document, "processing");
  const auto discovered = parse_json(record.discovered);

  auto row = new_object();
  put_text(row.get(), "ak", record.ak);
  put_copy(row.get(), "data-types",
           discovered ? member(discovered.get(), "data-types-observed")
                      : member(processing, "data-types"));
  put_text(row.get(), "state", record.state);
  put_copy(row.get(), "lead-controller-name", member(lead_controller(controllers), "name"));
  put_copy(row.get(), "arrangement-type", member(arrangement, "arrangement-type"));
  put_copy(row.get(), "controller-count", nullptr);
  if (controllers != nullptr) {
    put_number(row.get(), "controller-count", cJSON_GetArraySize(controllers));
  }
  put_copy(row.get(), "legal-basis", member(processing, "legal-basis"));
  put_copy(row.get(), "purpose", member(processing, "purpose"));
  put_copy(row.get(), "expiry", member(member(document, "access-event"), "expiry"));
  put_copy(row.get(), "discovered-access", discovered.get());
  return row;
}

/// A portal sees a meter point only with a confirmed token for it; using it here uses it up.
std::optional<Refusal> admit_portal(Sandbox& sandbox, const Call& call) {
  const std::string* token_ref = call.request.parameter("reidentification-token");
  if (token_ref == nullptr) {
    return Refusal{403, code::kOutOfScope,
                   "a portal must send a confirmed reidentification-token for this meter point"};
  }
  if (auto why = why_unusable(sandbox, *token_ref, *call.caller)) {
    return why;
  }
  Reidentification token = *sandbox.store.reidentification(*token_ref);
  if (token.mpxn != call.parameter) {
    return Refusal{403, code::kOutOfScope, "the reidentification-token is for another meter point"};
  }
  token.used = true;
  if (auto saved = sandbox.store.save(std::move(token)); !saved) {
    return Refusal{500, code::kFailed, saved.error().what()};
  }
  return std::nullopt;
}

/// A Data User sees a meter point for which it has registered a record itself, in whatever state.
std::optional<Refusal> admit_data_user(const std::vector<const AccessRecord*>& records,
                                       const Account& caller) {
  const bool has_one = std::any_of(records.begin(), records.end(),
                                   [&](const auto* record) { return record->duid == caller.duid; });
  if (has_one) {
    return std::nullopt;
  }
  return Refusal{403, code::kOutOfScope,
                 "this Data User has registered no record for this meter point"};
}

}  // namespace

Response list_meter_point(Sandbox& sandbox, const Call& call) {
  const auto filters = filters_of(call.request);
  if (!is_mpxn(call.parameter)) {
    return invalid(sandbox, call.request, {"the path must name a meter point"});
  }
  if (const auto why = why_wrong(filters)) {
    return refusal(sandbox, call.request, *why);
  }
  const auto records = sandbox.store.access_records_of_meter_point(call.parameter);
  if (const auto why = call.caller->role == Role::portal ? admit_portal(sandbox, call)
                                                         : admit_data_user(records, *call.caller)) {
    return refusal(sandbox, call.request, *why);
  }
  auto rows = new_array();
  for (const auto* record : records) {
    if (!filters.pass(*record)) {
      continue;
    }
    const auto document = parse_json(record->document);
    auto row = summary(*record, document.get());
    put_copy(row.get(), "record-metadata", member(document.get(), "record-metadata"));
    append(rows.get(), std::move(row));
  }
  auto body = envelope(sandbox, call.request.path);
  put_text(body.get(), "mpxn", call.parameter);
  put(body.get(), "access-records", std::move(rows));
  return answer(200, body.get());
}

Response list_own_records(Sandbox& sandbox, const Call& call) {
  const auto filters = filters_of(call.request);
  if (const auto why = why_wrong(filters)) {
    return refusal(sandbox, call.request, *why);
  }
  std::uint64_t limit = kDefaultLimit;
  if (const auto* text = call.request.parameter("limit"); text != nullptr) {
    const auto asked = parse_number(*text);
    if (!asked || *asked == 0) {
      return invalid(sandbox, call.request, {"limit must be a number from 1 to 500"});
    }
    limit = std::min(*asked, kMostRows);
  }
  // As the reference server does it: the limit cuts before the filters choose, and `total` counts
  // the rows sent.
  auto records = sandbox.store.access_records_of_data_user(call.caller->duid);
  records.resize(std::min<std::size_t>(records.size(), limit));
  auto rows = new_array();
  for (const auto* record : records) {
    if (!filters.pass(*record)) {
      continue;
    }
    const auto document = parse_json(record->document);
    auto row = summary(*record, document.get());
    put_text(row.get(), "duid", record->duid);
    put_text(row.get(), "mpxn", record->mpxn);
    put_copy(row.get(), "created-at",
             member(member(document.get(), "record-metadata"), "created-at"));
    put_copy(row.get(), "revoked-at", member(member(document.get(), "access-event"), "revoked-at"));
    append(rows.get(), std::move(row));
  }
  const int total = cJSON_GetArraySize(rows.get());
  auto body = envelope(sandbox, call.request.path);
  put(body.get(), "records", std::move(rows));
  put_number(body.get(), "total", total);
  return answer(200, body.get());
}

}  // namespace akgate::sandbox
