// SPDX-License-Identifier: Apache-2.0
// What the DCC reports: accesses that nobody registered.
#include <array>

#include "tests/register/answers.hpp"
#include "tests/register/operations.hpp"
#include "tests/register/record_rules.hpp"
#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

std::vector<std::string> check_discovered(const cJSON* body) {
  std::vector<std::string> faults;
  if (!is_mpxn(text_of(member(body, "mpxn")))) {
    faults.emplace_back("mpxn must be a meter point");
  }
  for (const char* name : {"organisation-name", "organisation-reference", "source-reference"}) {
    if (text_of(member(body, name)).empty()) {
      faults.push_back(std::string(name) + " is required");
    }
  }
  if (!is_date(text_of(member(body, "first-seen")))) {
    faults.emplace_back("first-seen must be a day, YYYY-MM-DD");
  }
  const cJSON* last_seen = member(body, "last-seen");
  if (!is_absent(last_seen) && !is_date(text_of(last_seen))) {
    faults.emplace_back("last-seen must be a day, YYYY-MM-DD");
  }
  if (!is_data_type_list(member(body, "data-types-observed"))) {
    faults.emplace_back("data-types-observed must list at least one known data type, none twice");
  }
  return faults;
}

/// The record of an earlier report of the same organisation at the same meter point.
const AccessRecord* reported_before(const Sandbox& sandbox, const cJSON* body) {
  for (const auto* record :
       sandbox.store.access_records_of_meter_point(text_of(member(body, "mpxn")))) {
    const auto discovered = parse_json(record->discovered);
    if (discovered && text_of(member(discovered.get(), "organisation-reference")) ==
                          text_of(member(body, "organisation-reference"))) {
      return record;
    }
  }
  return nullptr;
}

JsonPtr discovered_access(const cJSON* body, const cJSON* superseded_by) {
  auto discovered = new_object();
  for (const char* name : {"mpxn", "organisation-name", "organisation-reference", "first-seen",
                           "last-seen", "data-types-observed", "source-reference"}) {
    put_copy(discovered.get(), name, member(body, name));
  }
  put_copy(discovered.get(), "superseded-by", superseded_by);
  return discovered;
}

}  // namespace

Response report_discovered_access(Sandbox& sandbox, const Call& call) {
  const auto json = parse_json(call.request.body);
  if (const auto faults = check_discovered(json.get()); !faults.empty()) {
    return invalid(sandbox, call.request, faults);
  }
  const auto* known = reported_before(sandbox, json.get());
  AccessRecord record =
      known != nullptr ? *known
                       : AccessRecord{.ak = new_identifier("ak_"),
                                      .mpxn = std::string(text_of(member(json.get(), "mpxn"))),
                                      .document = R"({"access-event":{"state":"DISCOVERED"}})"};
  const auto before = parse_json(record.discovered);
  record.discovered =
      to_text(discovered_access(json.get(), member(before.get(), "superseded-by")).get());
  const int status = known != nullptr ? 200 : 201;
  const auto resource = "/v1/access-records/" + record.ak;
  auto body = envelope(sandbox, resource);
  put_text(body.get(), "ak", record.ak);
  put_text(body.get(), "state", "DISCOVERED");
  if (auto saved = sandbox.store.save(std::move(record)); !saved) {
    return not_kept(sandbox, call.request, saved.error());
  }
  return answer(status, body.get());
}

}  // namespace akgate::sandbox
