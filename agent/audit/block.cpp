// SPDX-License-Identifier: Apache-2.0
#include "audit/block.hpp"

#include <utility>

#include "audit/block_walk.hpp"
#include "base/assert.hpp"
#include "base/secret.hpp"
#include "base/wire.hpp"

namespace akgate {

namespace {

// The shortest run of zeros that counts as never filled: no keyed hash ends in one so long.
constexpr std::size_t kNeverFilled = 8;

// What a keyed hash is over begins with its kind and the room: none stands for another.
constexpr char kHeadMark = 'H';
constexpr char kSealMark = 'S';

std::string_view view_of(const AuditMac& mac) {
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

std::string head_tag(const AuditKeys& keys, AuditRoom room, std::string_view length) {
  return tag_of(keys, begin_message(kHeadMark, room).append(length));
}

AuditMac seal(const AuditKeys& keys, AuditRoom room, const AuditMac& before,
              std::string_view body) {
  return keys.mac(begin_message(kSealMark, room).append(view_of(before)).append(body));
}

std::uint32_t number_in(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i])) << 8U * i;
  }
  return number;
}

/// Whether something that ends at `end` was never written as a whole.
bool is_torn(std::string_view bytes, std::size_t end) {
  if (end > bytes.size()) return true;
  const std::size_t last = bytes.find_last_not_of('\0');
  const std::size_t filled = last == std::string_view::npos ? 0 : last + 1;
  return end > filled && bytes.size() - filled >= kNeverFilled;
}

}  // namespace

std::string seal_block(const AuditKeys& keys, AuditRoom room, const AuditBatch& batch,
                       ChainEnd& end) {
  WireWriter body(kBlockOverhead + batch.bytes());
  body.count(end.sequence + 1);
  body.milliseconds(batch.base().time_since_epoch());
  std::string block = std::move(body).take();
  RecordTags tags(keys, room, block);
  for (const std::string& record : batch.records()) {
    WireWriter framed(record.size() + AuditBatch::kPerRecord);
    framed.text(record);
    framed.raw(tags.of(record));
    block += std::move(framed).take();
  }
  end = {.sequence = end.sequence + batch.entries(), .seal = seal(keys, room, end.seal, block)};
  std::string length;
  for (std::size_t i = 0; i < 4; ++i) length += static_cast<char>(block.size() >> 8U * i & 0xffU);
  block.insert(0, length + head_tag(keys, room, length)).append(view_of(end.seal));
  AKGATE_ASSERT(block.size() <= kMaxBlockBytes);
  return block;
}

std::optional<std::size_t> block_size(const AuditKeys& keys, AuditRoom room,
                                      std::string_view head) {
  if (head.size() < kBlockHeadBytes) return std::nullopt;
  const std::string_view length = head.substr(0, 4);
  if (!equal_in_constant_time(head.substr(4, kTagBytes), head_tag(keys, room, length))) {
    return std::nullopt;
  }
  return kBlockHeadBytes + number_in(length) + kBlockSealBytes;
}

BlockReading read_block(const AuditKeys& keys, AuditRoom room, const ChainEnd& before,
                        std::string_view bytes) {
  BlockReading reading;
  const std::uint64_t first = before.sequence + 1;
  const auto fail = [&](std::uint64_t sequence, std::size_t end) {
    reading.fault = BlockFault{.kind = BlockFault::Kind::altered,
                               .sequence = sequence,
                               .at_torn_end = is_torn(bytes, end)};
  };
  if (bytes.size() < kBlockHeadBytes) return fail(first, kBlockHeadBytes), reading;
  const auto size = block_size(keys, room, bytes);
  const std::size_t body_end = size ? *size - kBlockSealBytes : bytes.size();
  BlockWalk walk(keys, room, before, bytes, body_end);
  reading = std::move(walk.reading());
  if (!size) {
    // Nobody knows where it ends; a gap among its entries came before that.
    if (!reading.fault || reading.fault->kind == BlockFault::Kind::altered) {
      fail(first, kBlockHeadBytes);
    }
    return reading;
  }
  if (reading.fault) {
    reading.fault->at_torn_end = is_torn(bytes, walk.fault_end());
    return reading;
  }
  if (bytes.size() < *size) return fail(walk.expected() - 1, *size), reading;
  const std::string_view body = bytes.substr(kBlockHeadBytes, body_end - kBlockHeadBytes);
  const AuditMac made = seal(keys, room, before.seal, body);
  const std::string_view stands = bytes.substr(body_end, kBlockSealBytes);
  if (!equal_in_constant_time(stands, view_of(made))) fail(walk.expected() - 1, *size);
  reading.end = {.sequence = walk.expected() - 1, .seal = made};
  return reading;
}

}  // namespace akgate
