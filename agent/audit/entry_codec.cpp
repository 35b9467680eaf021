// SPDX-License-Identifier: Apache-2.0
#include "audit/entry_codec.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "audit/packed.hpp"
#include "base/assert.hpp"
#include "base/text.hpp"

namespace akgate {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// Flags, the first byte of an entry behind kind, place and time: source and mode, two bits each.
static_assert(static_cast<unsigned>(Source::register_) == 3);
static_assert(static_cast<unsigned>(Mode::fresh) == 2);
constexpr unsigned kModeShift = 2;
constexpr unsigned kHasKey = 1U << 4U;
constexpr unsigned kHasMeterPoint = 1U << 5U;
constexpr unsigned kHasAge = 1U << 6U;
constexpr unsigned kIsFolded = 1U << 7U;

// Extras, the second: how many transaction-ids stand there packed, and how many as references.
constexpr std::size_t kMaxPackedIds = 2;
constexpr std::size_t kMaxReferredIds = 3;
constexpr unsigned kReferredShift = 2;
constexpr unsigned kHasController = 1U << 4U;
constexpr unsigned kHasDuid = 1U << 5U;
constexpr unsigned kHasOtherTypes = 1U << 6U;
constexpr unsigned kHasDetail = 1U << 7U;

unsigned flags_of(const AuditEntry& entry) {
  return static_cast<unsigned>(entry.source) | static_cast<unsigned>(entry.mode) << kModeShift |
         (entry.key ? kHasKey : 0U) | (entry.meter_point ? kHasMeterPoint : 0U) |
         (entry.age ? kHasAge : 0U) | (entry.count > 1 ? kIsFolded : 0U);
}

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

bool is_verdict(AuditKind kind) { return kind == AuditKind::allow || kind == AuditKind::deny; }

template <std::size_t N>
std::string_view view_of(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <std::size_t N>
void take_bytes(WireReader& in, std::optional<std::array<std::uint8_t, N>>& bytes) {
  const std::string_view raw = in.raw(N);
  bytes.emplace();
  std::copy(raw.begin(), raw.end(), bytes->begin());
}

}  // namespace

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

void EntryEncoder::put_data_types(WireWriter& out, const DataTypes& types, Records& records) {
  const PackedTypes packed = pack_data_types(types);
  out.byte(packed.known);
  if (packed.others.empty()) return;
  out.count(packed.others.size());
  for (const std::string& type : packed.others) put_reference(out, type, records);
}

void EntryEncoder::put_transaction_ids(WireWriter& out, const AuditEntry& entry, Records& records) {
  const Ids ids = split_ids(entry.transaction_id);
  for (const std::string& id : ids.packed) out.raw(id);
  for (const std::string_view id : ids.referred) put_reference(out, id, records);
}

std::vector<std::string> EntryEncoder::add(const AuditEntry& entry, std::uint64_t place) {
  Records records;
  WireWriter out(96);
  const bool verdict = is_verdict(entry.kind);
  out.byte(static_cast<std::uint8_t>(entry.kind));
  out.count(place);
  out.count(zigzag((entry.at - base_).count()));
  out.byte(static_cast<std::uint8_t>(flags_of(entry)));
  const Ids ids = split_ids(entry.transaction_id);
  out.byte(static_cast<std::uint8_t>(
      ids.packed.size() | ids.referred.size() << kReferredShift |
      (entry.controller.empty() ? 0U : kHasController) | (entry.duid.empty() ? 0U : kHasDuid) |
      (pack_data_types(entry.data_types).others.empty() ? 0U : kHasOtherTypes) |
      (entry.detail.empty() ? 0U : kHasDetail)));
  out.count(entry.uid);
  if (entry.key) out.raw(view_of(*entry.key));
  if (entry.meter_point) out.raw(view_of(*entry.meter_point));
  if (entry.count > 1) {
    out.count(entry.count);
    out.count(zigzag((entry.last - entry.at).count()));
  }
  if (!entry.detail.empty()) put_reference(out, entry.detail, records);
  if (verdict) {
    if (entry.kind == AuditKind::deny) out.byte(number_of(entry.reason));
    if (entry.age) out.count(static_cast<std::uint64_t>(std::max<std::int64_t>(entry.age->count(), 0)));
    put_data_types(out, entry.data_types, records);
    if (!entry.controller.empty()) put_reference(out, entry.controller, records);
    if (!entry.duid.empty()) put_reference(out, entry.duid, records);
    put_transaction_ids(out, entry, records);
  }
  records.push_back(std::move(out).take());
  return records;
}

EntryDecoder::Found EntryDecoder::take(std::string_view record, AuditEntry& entry) {
  WireReader in(record);
  const std::uint8_t kind = in.byte();
  if (kind == kTextRecord) {
    const bool next = in.count() == texts_.size() && in.ok();
    if (!next || in.rest().size() > AuditEntry::kMaxText) return Found::nonsense;
    texts_.emplace_back(in.rest());
    return Found::text;
  }
  entry = AuditEntry();
  if (kind == 0 || kind > static_cast<std::uint8_t>(AuditKind::broken)) return Found::nonsense;
  entry.kind = static_cast<AuditKind>(kind);
  return take_entry(in, entry) && in.ok() && in.at_end() ? Found::entry : Found::nonsense;
}

bool EntryDecoder::take_entry(WireReader& in, AuditEntry& entry) {
  entry.sequence = first_sequence_ + in.count();
  entry.at = base_ + milliseconds(unzigzag(in.count()));
  entry.last = entry.at;
  const unsigned flags = in.byte();
  const unsigned extras = in.byte();
  entry.uid = in.count();
  if (!in.ok()) return false;
  if ((flags & kHasKey) != 0) take_bytes(in, entry.key);
  if ((flags & kHasMeterPoint) != 0) take_bytes(in, entry.meter_point);
  if ((flags & kIsFolded) != 0) {
    entry.count = in.count();
    entry.last = entry.at + milliseconds(unzigzag(in.count()));
  }
  if ((extras & kHasDetail) != 0 && !take_reference(in, entry.detail)) return false;
  return !is_verdict(entry.kind) || take_verdict(in, flags, extras, entry);
}

bool EntryDecoder::take_verdict(WireReader& in, unsigned flags, unsigned extras,
                                AuditEntry& entry) {
  entry.source = static_cast<Source>(flags & 3U);
  const unsigned mode = flags >> kModeShift & 3U;
  if (mode > static_cast<unsigned>(Mode::fresh)) return false;
  entry.mode = static_cast<Mode>(mode);
  if (entry.kind == AuditKind::deny) {
    const auto reason = reason_of(in.byte());
    if (!reason) return false;
    entry.reason = *reason;
  }
  if ((flags & kHasAge) != 0) entry.age = seconds(static_cast<std::int64_t>(in.count()));
  return take_data_types(in, (extras & kHasOtherTypes) != 0, entry.data_types) &&
         ((extras & kHasController) == 0 || take_reference(in, entry.controller)) &&
         ((extras & kHasDuid) == 0 || take_reference(in, entry.duid)) &&
         take_transaction_ids(in, extras, entry.transaction_id);
}

bool EntryDecoder::take_data_types(WireReader& in, bool others, DataTypes& types) {
  PackedTypes packed{.known = in.byte(), .others = {}};
  for (std::uint64_t left = others ? in.count() : 0; left > 0 && in.ok(); --left) {
    if (!take_reference(in, packed.others.emplace_back())) return false;
  }
  return unpack_data_types(packed, types);
}

bool EntryDecoder::take_transaction_ids(WireReader& in, unsigned extras, std::string& ids) {
  std::vector<std::string> all;
  for (unsigned left = extras & 3U; left > 0; --left) {
    all.push_back(unpack_transaction_id(in.raw(kPackedIdBytes)));
  }
  for (unsigned left = extras >> kReferredShift & 3U; left > 0; --left) {
    if (!take_reference(in, all.emplace_back())) return false;
  }
  for (const std::string& id : all) ids.append(ids.empty() ? "" : ",").append(id);
  return in.ok();
}

bool EntryDecoder::take_reference(WireReader& in, std::string& text) {
  const std::uint64_t place = in.count();
  if (!in.ok() || place >= texts_.size()) return false;
  text = texts_[static_cast<std::size_t>(place)];
  return true;
}

}  // namespace akgate
