// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "audit/entry_codec.hpp"
#include "audit/entry_layout.hpp"
#include "audit/packed.hpp"

namespace akgate {

using namespace entry_layout;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

template <std::size_t N>
void take_bytes(WireReader& in, std::optional<std::array<std::uint8_t, N>>& bytes) {
  const std::string_view raw = in.raw(N);
  bytes.emplace();
  std::copy(raw.begin(), raw.end(), bytes->begin());
}

/// Instants are at most that far apart (see Timestamp), and sums of such offsets cannot overflow.
bool take_offset(WireReader& in, milliseconds& offset) {
  constexpr milliseconds kFarthest = std::chrono::years(10'000);
  offset = milliseconds(unzigzag(in.count()));
  return -kFarthest <= offset && offset <= kFarthest;
}

}  // namespace

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
  milliseconds offset{0};
  if (!take_offset(in, offset)) return false;
  entry.at = base_ + offset;
  entry.last = entry.at;
  const unsigned flags = in.byte();
  const unsigned extras = in.byte();
  entry.uid = in.count();
  if (!in.ok()) return false;
  if ((flags & kHasKey) != 0) take_bytes(in, entry.key);
  if ((flags & kHasMeterPoint) != 0) take_bytes(in, entry.meter_point);
  if ((flags & kIsFolded) != 0) {
    entry.count = in.count();
    if (!take_offset(in, offset)) return false;
    entry.last = entry.at + offset;
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
    if (!reason || *reason == Reason::active) return false;
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
