// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "audit/entry_codec.hpp"
#include "audit/entry_layout.hpp"
#include "audit/packed.hpp"

namespace akgate {

using namespace entry_layout;

namespace {

unsigned flags_of(const AuditEntry& entry) {
  return static_cast<unsigned>(entry.source) | static_cast<unsigned>(entry.mode) << kModeShift |
         (entry.key ? kHasKey : 0U) | (entry.meter_point ? kHasMeterPoint : 0U) |
         (entry.age ? kHasAge : 0U) | (entry.count > 1 ? kIsFolded : 0U);
}

// Transaction-ids in the register's own form, and the others.
struct Ids {
  std::vector<std::string> packed;
  std::vector<std::string_view> referred;
};

Ids split_ids(std::string_view ids) {
  Ids split;
  while (!ids.empty()) {
    const std::string_view id = ids.substr(0, ids.find(','));
    ids.remove_prefix(std::min(id.size() + 1, ids.size()));
    auto packed = split.referred.empty() && split.packed.size() < kMaxPackedIds
                      ? pack_transaction_id(id)
                      : std::nullopt;
    if (packed) {
      split.packed.push_back(*std::move(packed));
    } else if (split.referred.size() < kMaxReferredIds) {
      split.referred.push_back(id);
    }
  }
  return split;
}

template <std::size_t N>
std::string_view view_of(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

/// What an entry has as lists.
struct EntryEncoder::Parts {
  Ids ids;
  PackedTypes types;
};

void EntryEncoder::put_reference(WireWriter& out, std::string_view text, Records& records) {
  const std::string kept = shortened(text, AuditEntry::kMaxText);
  auto known = texts_.find(kept);
  if (known == texts_.end()) {
    known = texts_.emplace(kept, texts_.size()).first;
    WireWriter record(kept.size() + 4);
    record.byte(kTextRecord);
    record.count(known->second);
    record.raw(kept);
    records.push_back(std::move(record).take());
  }
  out.count(known->second);
}

std::vector<std::string> EntryEncoder::add(const AuditEntry& entry, std::uint64_t place) {
  Records records;
  WireWriter out(96);
  out.byte(static_cast<std::uint8_t>(entry.kind));
  out.count(place);
  out.count(zigzag((entry.at - base_).count()));
  out.byte(static_cast<std::uint8_t>(flags_of(entry)));
  const Parts parts{.ids = split_ids(entry.transaction_id),
                    .types = pack_data_types(entry.data_types)};
  out.byte(static_cast<std::uint8_t>(
      parts.ids.packed.size() | parts.ids.referred.size() << kReferredShift |
      (entry.controller.empty() ? 0U : kHasController) | (entry.duid.empty() ? 0U : kHasDuid) |
      (parts.types.others.empty() ? 0U : kHasOtherTypes) |
      (entry.detail.empty() ? 0U : kHasDetail)));
  out.count(entry.uid);
  if (entry.key) out.raw(view_of(*entry.key));
  if (entry.meter_point) out.raw(view_of(*entry.meter_point));
  if (entry.count > 1) {
    out.count(entry.count);
    out.count(zigzag((entry.last - entry.at).count()));
  }
  if (!entry.detail.empty()) put_reference(out, entry.detail, records);
  if (is_verdict(entry.kind)) put_verdict(out, entry, parts, records);
  records.push_back(std::move(out).take());
  return records;
}

void EntryEncoder::put_verdict(WireWriter& out, const AuditEntry& entry, const Parts& parts,
                               Records& records) {
  if (entry.kind == AuditKind::deny) out.byte(number_of(entry.reason));
  if (entry.age)
    out.count(static_cast<std::uint64_t>(std::max<std::int64_t>(entry.age->count(), 0)));
  out.byte(parts.types.known);
  if (!parts.types.others.empty()) out.count(parts.types.others.size());
  for (const std::string& type : parts.types.others) put_reference(out, type, records);
  if (!entry.controller.empty()) put_reference(out, entry.controller, records);
  if (!entry.duid.empty()) put_reference(out, entry.duid, records);
  for (const std::string& id : parts.ids.packed) out.raw(id);
  for (const std::string_view id : parts.ids.referred) put_reference(out, id, records);
}

}  // namespace akgate
