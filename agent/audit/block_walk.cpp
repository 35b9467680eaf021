// SPDX-License-Identifier: Apache-2.0
#include "audit/block_walk.hpp"

#include <algorithm>
#include <utility>

#include "base/secret.hpp"
#include "base/wire.hpp"

namespace akgate {

namespace {

constexpr char kRecordMark = 'R';

}  // namespace

std::string begin_message(char mark, AuditRoom room) { return {mark, static_cast<char>(room)}; }

std::string tag_of(const AuditKeys& keys, std::string_view message) {
  const AuditMac mac = keys.mac(message);
  return {mac.begin(), mac.begin() + kTagBytes};
}

RecordTags::RecordTags(const AuditKeys& keys, AuditRoom room, std::string_view beginning)
    : keys_(keys),
      message_(begin_message(kRecordMark, room).append(beginning)),
      common_(message_.size()) {}

std::string RecordTags::of(std::string_view record) {
  message_.resize(common_);
  return tag_of(keys_, message_.append(record));
}

BlockWalk::BlockWalk(const AuditKeys& keys, AuditRoom room, const ChainEnd& before,
                     std::string_view bytes, std::size_t body_end)
    : bytes_(bytes), body_end_(body_end), expected_(before.sequence + 1) {
  const std::string_view body = bytes.substr(kBlockHeadBytes, body_end - kBlockHeadBytes);
  WireReader in(body);
  const std::uint64_t first = in.count();
  const Timestamp base(in.milliseconds());
  if (!in.ok()) {
    stop(kBlockOverhead);
    return;
  }
  const std::size_t beginning = body.size() - in.rest().size();
  RecordTags tags(keys, room, body.substr(0, beginning));
  EntryDecoder decoder(base, first);
  at_ = kBlockHeadBytes + beginning;
  while (at_ < body_end_ && take_record(tags, decoder)) continue;
}

// False where the walk ends.
bool BlockWalk::take_record(RecordTags& tags, EntryDecoder& decoder) {
  const std::string_view rest = bytes_.substr(std::min(at_, bytes_.size()));
  WireReader in(rest);
  const std::uint64_t length = in.count();
  const std::size_t length_bytes = rest.size() - in.rest().size();
  if (!in.ok() || length > EntryEncoder::kMaxBytes) {
    stop(at_ + 1 + kTagBytes);
    return false;
  }
  const std::size_t end = at_ + length_bytes + static_cast<std::size_t>(length) + kTagBytes;
  const std::string_view record = in.raw(static_cast<std::size_t>(length));
  const std::string_view tag = in.raw(kTagBytes);
  if (!in.ok() || end > body_end_) {
    stop(end);
    return false;
  }
  at_ = end;
  AuditEntry entry;
  const bool authentic = equal_in_constant_time(tag, tags.of(record));
  const auto found = authentic ? decoder.take(record, entry) : EntryDecoder::Found::nonsense;
  if (found == EntryDecoder::Found::nonsense) stop(end);
  if (found == EntryDecoder::Found::entry) take_entry(std::move(entry), end);
  return true;
}

void BlockWalk::take_entry(AuditEntry&& entry, std::size_t end) {
  if (!reading_.fault && entry.sequence == expected_) {
    ++expected_;
    reading_.entries.push_back(std::move(entry));
    return;
  }
  if (!reading_.fault) {
    stop(end);
    const bool is_gap = entry.sequence > expected_;
    reading_.fault->kind = is_gap ? BlockFault::Kind::missing : BlockFault::Kind::reordered;
    if (!is_gap) reading_.fault->sequence = entry.sequence;
  }
  reading_.others.push_back(std::move(entry));
}

// The first fault counts. What claims to end behind the body was altered to.
void BlockWalk::stop(std::size_t fault_end) {
  if (reading_.fault) return;
  reading_.fault = BlockFault{.kind = BlockFault::Kind::altered, .sequence = expected_};
  fault_end_ = std::min(fault_end, body_end_);
}

}  // namespace akgate
