// SPDX-License-Identifier: Apache-2.0
//
// The records of a block of the audit trail, each behind a byte of length: what reads as an entry
// can be written, and reads as the same again (I13).

#include "audit/entry_codec.hpp"
#include "fuzz.hpp"

namespace akgate {

namespace {

constexpr Timestamp kBase{std::chrono::seconds(1'795'341'600)};  // 2026-11-22T10:00:00Z

/// Written, and read again.
AuditEntry rewritten(const AuditEntry& entry) {
  AuditEntry again;
  EntryEncoder encoder(kBase);
  EntryDecoder decoder(kBase, entry.sequence);
  std::size_t size = 0;
  EntryDecoder::Found found = EntryDecoder::Found::nonsense;
  for (const std::string& record : encoder.add(entry, 0)) {
    size += record.size();
    found = decoder.take(record, again);
  }
  AKGATE_ASSERT(found == EntryDecoder::Found::entry && size <= EntryEncoder::kMaxBytes);
  return again;
}

void look_at(const AuditEntry& entry) {
  AKGATE_ASSERT(entry.kind >= AuditKind::allow && entry.kind <= AuditKind::broken);
  AKGATE_ASSERT(entry.kind != AuditKind::deny || entry.reason != Reason::active);
  for (const std::string& text : {entry.controller, entry.duid, entry.detail}) {
    AKGATE_ASSERT(text.size() <= AuditEntry::kMaxText);
  }
  AKGATE_ASSERT(entry.data_types.sorted().size() <= DataTypes::kMaxTypes);
  const AuditEntry again = rewritten(entry);
  AKGATE_ASSERT(again.kind == entry.kind && again.reason == entry.reason);
  AKGATE_ASSERT(again.sequence == entry.sequence && again.at == entry.at);
  AKGATE_ASSERT(again.uid == entry.uid && again.key == entry.key);
  AKGATE_ASSERT(again.meter_point == entry.meter_point && again.age == entry.age);
  AKGATE_ASSERT(again.controller == entry.controller && again.duid == entry.duid);
  AuditEntry third = rewritten(again);
  third.transaction_id = again.transaction_id;  // which hold no comma where the encoder made them
  AKGATE_ASSERT(third == again);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  EntryDecoder decoder(kBase, 1);
  WireReader in(as_text(data, size));
  while (!in.at_end()) {
    AuditEntry entry;
    const auto found =
        decoder.take(in.raw(std::min<std::size_t>(in.byte(), in.rest().size())), entry);
    if (found == EntryDecoder::Found::nonsense) return 0;
    if (found == EntryDecoder::Found::entry) look_at(entry);
  }
  return 0;
}

}  // namespace akgate
