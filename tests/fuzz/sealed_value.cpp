// SPDX-License-Identifier: Apache-2.0
//
// A value of the cache. As it stands on disk: what was not sealed with the device key does not open
// (I7). As it is behind the seal: what decodes is what encoding makes of it, and once sealed it
// opens in its own place alone, and no more with a bit changed.

#include <numeric>

#include "cache/codec.hpp"
#include "cache/sealing.hpp"
#include "fuzz.hpp"

namespace akgate {

namespace {

const DeviceKeys& keys() {
  static const DeviceKeys keys = DeviceKeys::derive(Key256(Key256::Bytes{7}));
  return keys;
}

void open_what_was_not_sealed(Sealer& sealer, std::string_view bytes) {
  AKGATE_ASSERT(!sealer.open(IndexKey(), bytes) && !sealer.open_data_user(IndexKey(), bytes));
  AKGATE_ASSERT(!sealer.open_mark(bytes) && !sealer.open_ledger(bytes));
  AKGATE_ASSERT(!sealer.open_blocks(bytes) && !sealer.open_audit_head(bytes));
  AKGATE_ASSERT(!sealer.open_transaction(bytes));
}

/// Which bit is changed follows from the bytes, so that each run of the same bytes is the same.
std::string altered(std::string sealed, std::string_view bytes) {
  const unsigned sum = std::accumulate(bytes.begin(), bytes.end(), 0U, [](unsigned all, char c) {
    return all * 31U + static_cast<unsigned char>(c);
  });
  char& byte = sealed[sum / 8U % sealed.size()];
  byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << sum % 8U));
  return sealed;
}

void look_at(Sealer& sealer, const StoredRecord& record, std::string_view bytes) {
  AKGATE_ASSERT(encode_record(record).reveal() == bytes);
  AKGATE_ASSERT(bytes.size() <= kMaxEncodedRecord && (record.knowledge || record.binding));
  if (record.knowledge && record.knowledge->record) {
    const AccessRecord& inside = *record.knowledge->record;
    AKGATE_ASSERT(!inside.lead || *inside.lead < inside.controllers.size());
  }
  const IndexKey index = keys().index_of(record.key);
  const std::string sealed = sealer.seal(index, record);
  AKGATE_ASSERT(sealer.open(index, sealed) && !sealer.open(IndexKey(), sealed));
  AKGATE_ASSERT(!sealer.open(index, altered(sealed, bytes)));
  open_what_was_not_sealed(sealer, sealed);  // not as what it is given out for
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Sealer sealer(keys());
  const std::string_view bytes = as_text(data, size);
  open_what_was_not_sealed(sealer, bytes);
  if (const auto record = decode_record(bytes)) look_at(sealer, *record, bytes);
  if (const auto user = decode_data_user(bytes)) AKGATE_ASSERT(encode_data_user(*user) == bytes);
  if (const auto mark = decode_time_mark(bytes)) AKGATE_ASSERT(encode_time_mark(*mark) == bytes);
  return 0;
}

}  // namespace akgate
