// SPDX-License-Identifier: Apache-2.0
#include "record/read_record.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "record/duid.hpp"

namespace akgate {

namespace {

constexpr std::size_t kMaxControllers = 64;
constexpr std::size_t kMaxNameLength = 256;

bool has_text(JsonView view) { return !view.string().value_or("").empty(); }

State read_state(JsonView state, Gaps& gaps) {
  const auto word = state.string();
  if (word) return parse_state(*word);
  gaps.add("access-record.access-event.state", state);
  return State::missing;
}

Expiry read_expiry(JsonView expiry, Gaps& gaps) {
  if (expiry.is_null()) return Expiry::never();
  const auto text = expiry.string();
  const auto when = text ? parse_timestamp(*text) : std::nullopt;
  if (when) return Expiry::at_instant(*when);
  gaps.add("access-record.access-event.expiry", expiry);
  return {};
}

LegalBasis read_legal_basis(JsonView basis, Gaps& gaps) {
  const auto word = basis.string();
  if (word) return parse_legal_basis(*word).value_or(LegalBasis::other);
  gaps.add("access-record.processing.legal-basis", basis);
  return LegalBasis::missing;
}

// A consent that says nothing we know is no gap: the checklist has a reason of its own for it.
ConsentType read_consent_type(JsonView consent) {
  const auto word = consent["consent-type"].string();
  if (word == "expressed-consent") return ConsentType::expressed_consent;
  if (word == "explicit-consent") return ConsentType::explicit_consent;
  return ConsentType::missing;
}

Arrangement read_arrangement(JsonView type) {
  const auto word = type.string();
  if (word == "sole") return Arrangement::sole;
  if (word == "group") return Arrangement::group;
  return Arrangement::joint;
}

// All or nothing: half a list would widen nothing, but promise more than we know. An empty one is
// whole, and covers nothing.
DataTypes read_data_types(JsonView list, Gaps& gaps) {
  constexpr std::string_view kPath = "access-record.processing.data-types";
  if (!list.is_array()) {
    gaps.add(kPath, list);
    return {};
  }
  DataTypes types;
  for (JsonView type = list.first_child(); !type.missing(); type = type.next()) {
    if (types.add(type.string().value_or(""))) continue;
    gaps.add(kPath, "holds something that is no data type, or too much");
    return {};
  }
  return types;
}

// The one entry with role sole or lead; where no entry has a role, the only entry; else none.
std::optional<std::size_t> find_lead(const std::vector<JsonView>& controllers) {
  std::optional<std::size_t> lead;
  bool any_role = false;
  for (std::size_t i = 0; i < controllers.size(); ++i) {
    const JsonView role = controllers[i]["role"];
    any_role = any_role || !role.absent();
    if (role.string() != "sole" && role.string() != "lead") continue;
    if (lead) return std::nullopt;
    lead = i;
  }
  if (!any_role && controllers.size() == 1) return 0;
  return lead;
}

void read_controllers(JsonView list, AccessRecord& out, Gaps& gaps) {
  constexpr std::string_view kPath =
      "access-record.record-metadata.controller-arrangement.controllers";
  std::vector<JsonView> entries;
  std::vector<std::string> names;
  if (!list.is_array()) return gaps.add(kPath, list);
  for (JsonView entry = list.first_child(); !entry.missing(); entry = entry.next()) {
    const std::string_view name = entry["name"].string().value_or("");
    if (name.empty() || name.size() > kMaxNameLength) {
      return gaps.add(kPath, "has an entry without a proper name");
    }
    if (entries.size() == kMaxControllers) return gaps.add(kPath, "has too many entries");
    entries.push_back(entry);
    names.emplace_back(name);
  }
  if (entries.empty()) return gaps.add(kPath, "is empty");

  out.controllers = std::move(names);
  out.lead = find_lead(entries);
  if (!out.lead) return;
  out.lead_has_lia_reference = has_text(entries[*out.lead]["lia-reference"]);
  out.lead_has_statutory_reference = has_text(entries[*out.lead]["statutory-reference"]);
}

// Only compared, so any form will do: one that we did not understand and dropped would hide that it
// changed.
std::string read_identity_record_ref(JsonView ref, Gaps& gaps) {
  constexpr std::size_t kMaxLength = 64;
  if (ref.absent()) return {};
  const std::string_view text = ref.string().value_or("");
  const bool visible =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!text.empty() && text.size() <= kMaxLength && visible) return std::string(text);
  gaps.add("access-record.record-metadata.identity-record-ref", ref);
  return {};
}

// The register's prose says that the answer names the Data User; its schema does not say where. So
// every object is looked at in which the register puts identifiers elsewhere: beside `response` (as
// `mpxn` in its lists), flat in the record (as in its rows), in the metadata, in the event. More
// places can only deny more.
std::string read_duid(JsonView root, JsonView record, Gaps& gaps) {
  std::string duid;
  for (const JsonView place : {root, record, record["record-metadata"], record["access-event"]}) {
    const JsonView found = place["duid"];
    if (found.absent()) continue;
    const std::string_view text = found.string().value_or("");
    if (!Duid::parse(text)) {
      gaps.add("duid", found);
    } else if (!duid.empty() && duid != text) {
      gaps.add("duid", "names two Data Users");
    } else {
      duid = text;
    }
  }
  return duid;
}

// Every name that reading an answer looks for, here and in read_answer.cpp.
constexpr std::array<std::string_view, 24> kNames = {"access-event",
                                                     "access-record",
                                                     "arrangement-type",
                                                     "consent",
                                                     "consent-type",
                                                     "controllers",
                                                     "controller-arrangement",
                                                     "data-types",
                                                     "duid",
                                                     "errors",
                                                     "expiry",
                                                     "identity-record-ref",
                                                     "legal-basis",
                                                     "lia-reference",
                                                     "name",
                                                     "processing",
                                                     "record-identifier",
                                                     "record-metadata",
                                                     "response",
                                                     "revoked-at",
                                                     "role",
                                                     "state",
                                                     "statutory-reference",
                                                     "transaction-id"};

// The objects on the way of read_record(), with a name for each.
std::vector<std::pair<std::string_view, JsonView>> deciding_objects(JsonView root,
                                                                    JsonView record) {
  const JsonView metadata = record["record-metadata"];
  const JsonView arrangement = metadata["controller-arrangement"];
  const JsonView event = record["access-event"];
  std::vector<std::pair<std::string_view, JsonView>> objects = {
      {"the answer", root},
      {"response", root["response"]},
      {"access-record", record},
      {"record-metadata", metadata},
      {"controller-arrangement", arrangement},
      {"processing", record["processing"]},
      {"access-event", event},
      {"consent", event["consent"]},
  };
  const JsonView controllers = arrangement["controllers"];
  for (JsonView entry = controllers.first_child(); !entry.missing(); entry = entry.next()) {
    objects.emplace_back("controllers", entry);
  }
  return objects;
}

}  // namespace

void Gaps::add(std::string_view path, std::string_view what) {
  if (!text_.empty()) text_ += "; ";
  text_.append(path).append(" ").append(what);
}

void Gaps::add(std::string_view path, JsonView found) {
  add(path, found.missing() ? "is missing" : (found.is_null() ? "is null" : "makes no sense"));
}

AccessRecord read_record(JsonView root, JsonView record, Gaps& gaps) {
  const JsonView metadata = record["record-metadata"];
  const JsonView arrangement = metadata["controller-arrangement"];
  const JsonView processing = record["processing"];
  const JsonView event = record["access-event"];

  AccessRecord out;
  out.state = read_state(event["state"], gaps);
  out.revoked_at_set = !event["revoked-at"].absent();
  out.expiry = read_expiry(event["expiry"], gaps);
  out.consent_type = read_consent_type(event["consent"]);
  out.legal_basis = read_legal_basis(processing["legal-basis"], gaps);
  out.data_types = read_data_types(processing["data-types"], gaps);
  out.arrangement = read_arrangement(arrangement["arrangement-type"]);
  read_controllers(arrangement["controllers"], out, gaps);
  out.identity_record_ref = read_identity_record_ref(metadata["identity-record-ref"], gaps);
  out.duid = read_duid(root, record, gaps);
  for (const auto& [name, object] : deciding_objects(root, record)) {
    if (object.has_lookalike(kNames)) {
      gaps.add(name, "has one of the register's names in other letters");
    }
  }
  return out;
}

std::string_view find_ambiguity(JsonView root, JsonView record) {
  for (const auto& [name, object] : deciding_objects(root, record)) {
    if (object.ambiguous()) return name;
  }
  return {};
}

}  // namespace akgate
