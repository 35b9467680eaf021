// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cache/store.hpp"

namespace akgate {

/// Of that number, for the caches of measurements.
inline std::string access_key_text(std::size_t number) {
  const std::string digits = std::to_string(number);
  return "ak_" + std::string(24 - digits.size(), '0') + digits;
}

/// An ACTIVE record, good for HH-CONSUMPTION.
inline StoredRecord stored_record(std::size_t number, Timestamp as_of) {
  const std::string key = access_key_text(number);
  StoredRecord made{.key = *AccessKey::parse(key), .knowledge = Knowledge{}, .binding = {}};
  made.knowledge->as_of = as_of;
  made.knowledge->transaction_id = "tid_" + key.substr(3);
  AccessRecord& access = made.knowledge->record.emplace();
  access.state = State::active;
  access.expiry = Expiry::never();
  access.legal_basis = LegalBasis::uk_contract;
  access.controllers = {"Bright Energy Ltd"};
  access.identity_record_ref = "ir_a3c5e7f9b1d3a3c5e7f9b1d3";
  static_cast<void>(access.data_types.add("HH-CONSUMPTION"));
  access.complete = true;
  return made;
}

/// Puts so many records, and confirms all of them an hour later, at `as_of`.
inline bool fill(Store& store, const DeviceKeys& keys, std::size_t records, Timestamp as_of) {
  std::vector<Store::Entry> entries;
  for (std::size_t number = 0; number < records; ++number) {
    StoredRecord made = stored_record(number, as_of - std::chrono::hours(1));
    const IndexKey index = keys.index_of(made.key);
    entries.push_back({.index = index, .record = std::move(made)});
  }
  if (!store.put(entries)) return false;
  for (Store::Entry& entry : entries) {
    entry.record.knowledge->as_of = as_of;
    if (!store.confirm(entry)) return false;
  }
  return store.write_ledger().ok();
}

}  // namespace akgate
