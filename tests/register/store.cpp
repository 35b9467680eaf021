// SPDX-License-Identifier: Apache-2.0
#include "tests/register/store.hpp"

#include <algorithm>

namespace akgate::sandbox {
namespace {

std::uint64_t number_of(const cJSON* item) {
  return cJSON_IsNumber(item) != 0 ? static_cast<std::uint64_t>(item->valuedouble) : 0;
}

std::int64_t seconds_of(const cJSON* item) {
  return cJSON_IsNumber(item) != 0 ? static_cast<std::int64_t>(item->valuedouble) : 0;
}

std::string to_file(const AccessRecord& record) {
  auto json = new_object();
  put_text(json.get(), "ak", record.ak);
  put_text(json.get(), "duid", record.duid);
  put_text(json.get(), "mpxn", record.mpxn);
  put_number(json.get(), "number", static_cast<double>(record.number));
  put(json.get(), "access-record", parse_json(record.document));
  if (!record.discovered.empty()) {
    put(json.get(), "discovered-access", parse_json(record.discovered));
  }
  return to_text(json.get());
}

std::string to_file(const IdentityRecord& record) {
  auto json = new_object();
  put_text(json.get(), "ir", record.ir);
  put_text(json.get(), "duid", record.duid);
  put_text(json.get(), "mpxn", record.mpxn);
  put_number(json.get(), "number", static_cast<double>(record.number));
  put(json.get(), "identity-record", parse_json(record.document));
  return to_text(json.get());
}

std::string to_file(const Reidentification& reidentification) {
  auto json = new_object();
  put_text(json.get(), "token-ref", reidentification.token_ref);
  put_text(json.get(), "duid", reidentification.duid);
  put_text(json.get(), "mpxn", reidentification.mpxn);
  put_text(json.get(), "method", reidentification.method);
  put_number(json.get(), "issued-at", static_cast<double>(reidentification.issued_at));
  put_number(json.get(), "confirmed-at", static_cast<double>(reidentification.confirmed_at));
  put(json.get(), "used", JsonPtr(cJSON_CreateBool(reidentification.used ? 1 : 0)));
  return to_text(json.get());
}

AccessRecord access_record_from(const cJSON* json) {
  AccessRecord record{.ak = std::string(text_of(member(json, "ak"))),
                      .duid = std::string(text_of(member(json, "duid"))),
                      .mpxn = std::string(text_of(member(json, "mpxn"))),
                      .number = number_of(member(json, "number"))};
  record.document = to_text(member(json, "access-record"));
  if (const cJSON* discovered = member(json, "discovered-access"); discovered != nullptr) {
    record.discovered = to_text(discovered);
  }
  return record;
}

IdentityRecord identity_record_from(const cJSON* json) {
  return {.ir = std::string(text_of(member(json, "ir"))),
          .duid = std::string(text_of(member(json, "duid"))),
          .mpxn = std::string(text_of(member(json, "mpxn"))),
          .document = to_text(member(json, "identity-record")),
          .number = number_of(member(json, "number"))};
}

Reidentification reidentification_from(const cJSON* json) {
  return {.token_ref = std::string(text_of(member(json, "token-ref"))),
          .duid = std::string(text_of(member(json, "duid"))),
          .mpxn = std::string(text_of(member(json, "mpxn"))),
          .method = std::string(text_of(member(json, "method"))),
          .issued_at = seconds_of(member(json, "issued-at")),
          .confirmed_at = seconds_of(member(json, "confirmed-at")),
          .used = cJSON_IsTrue(member(json, "used")) != 0};
}

}  // namespace

Result<Store> Store::open(const std::filesystem::path& directory) {
  const auto below = [&](const char* name) {
    return Folder::open(directory.empty() ? directory : directory / name);
  };
  auto access = below("access-records");
  auto identity = below("identity-records");
  auto reidentification = below("reidentifications");
  for (auto* folder : {&access, &identity, &reidentification}) {
    if (!*folder) {
      return std::move(*folder).error();
    }
  }
  Store store(std::move(access).value(), std::move(identity).value(),
              std::move(reidentification).value());
  if (auto loaded = store.load(); !loaded) {
    return std::move(loaded).error();
  }
  return store;
}

Status Store::load() {
  // Each file becomes one entry of the map it belongs to; what is no record of ours stops the
  // start.
  const auto each = [](const Folder& folder, const auto& take) {
    return folder.load([&](const std::string& text) -> Status {
      const auto json = parse_json(text);
      if (cJSON_IsObject(json.get()) == 0) {
        return Error("this is no record; remove the file to start without it");
      }
      take(json.get());
      return Done{};
    });
  };
  if (auto done = each(access_folder_, [&](const cJSON* json) { index(access_record_from(json)); });
      !done) {
    return done;
  }
  if (auto done = each(identity_folder_,
                       [&](const cJSON* json) {
                         auto record = identity_record_from(json);
                         last_number_ = std::max(last_number_, record.number);
                         identities_.insert_or_assign(record.ir, std::move(record));
                       });
      !done) {
    return done;
  }
  return each(reidentification_folder_, [&](const cJSON* json) {
    auto reidentification = reidentification_from(json);
    reidentifications_.insert_or_assign(reidentification.token_ref, std::move(reidentification));
  });
}

void Store::index(AccessRecord record) {
  const auto json = parse_json(record.document);
  record.state = text_of(member(member(json.get(), "access-event"), "state"));
  record.legal_basis = text_of(member(member(json.get(), "processing"), "legal-basis"));
  last_number_ = std::max(last_number_, record.number);
  if (const auto* old = access_record(record.ak); old != nullptr) {
    by_meter_point_[old->mpxn].erase(old->number);
    by_data_user_[old->duid].erase(old->number);
  }
  by_key_[record.ak] = record.number;
  by_meter_point_[record.mpxn].insert(record.number);
  by_data_user_[record.duid].insert(record.number);
  records_.insert_or_assign(record.number, std::move(record));
}

const AccessRecord* Store::access_record(std::string_view ak) const {
  const auto number = by_key_.find(ak);
  return number != by_key_.end() ? &records_.at(number->second) : nullptr;
}

std::vector<const AccessRecord*> Store::listed(const Numbers& by, std::string_view key) const {
  std::vector<const AccessRecord*> found;
  if (const auto numbers = by.find(key); numbers != by.end()) {
    for (const auto number : numbers->second) {
      found.push_back(&records_.at(number));
    }
  }
  return found;
}

std::vector<const AccessRecord*> Store::access_records_of_meter_point(std::string_view mpxn) const {
  return listed(by_meter_point_, mpxn);
}

std::vector<const AccessRecord*> Store::access_records_of_data_user(std::string_view duid) const {
  return listed(by_data_user_, duid);
}

Status Store::save(AccessRecord record) {
  const auto* old = access_record(record.ak);
  record.number = old != nullptr ? old->number : last_number_ + 1;
  if (auto saved = access_folder_.save(record.ak, to_file(record)); !saved) {
    return saved;
  }
  index(std::move(record));
  return Done{};
}

const IdentityRecord* Store::identity_record(std::string_view ir) const {
  const auto found = identities_.find(ir);
  return found != identities_.end() ? &found->second : nullptr;
}

const IdentityRecord* Store::newest_identity_record(std::string_view mpxn) const {
  const IdentityRecord* newest = nullptr;
  for (const auto& [ir, record] : identities_) {
    if (record.mpxn == mpxn && (newest == nullptr || record.number > newest->number)) {
      newest = &record;
    }
  }
  return newest;
}

Status Store::save(IdentityRecord record) {
  record.number = ++last_number_;
  if (auto saved = identity_folder_.save(record.ir, to_file(record)); !saved) {
    return saved;
  }
  identities_.insert_or_assign(record.ir, std::move(record));
  return Done{};
}

const Reidentification* Store::reidentification(std::string_view token_ref) const {
  const auto found = reidentifications_.find(token_ref);
  return found != reidentifications_.end() ? &found->second : nullptr;
}

Status Store::save(Reidentification reidentification) {
  if (auto saved =
          reidentification_folder_.save(reidentification.token_ref, to_file(reidentification));
      !saved) {
    return saved;
  }
  reidentifications_.insert_or_assign(reidentification.token_ref, std::move(reidentification));
  return Done{};
}

}  // namespace akgate::sandbox
