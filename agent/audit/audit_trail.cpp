// SPDX-License-Identifier: Apache-2.0
#include "audit/audit_trail.hpp"

#include <algorithm>

#include "platform/file.hpp"

namespace akgate {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::uint32_t kOwnerOnly = 0700;
// Uids times reasons: some thirty of the latter.
constexpr std::size_t kMaxFolded = 512;

AuditEntry entry_of(const Question& question, const Verdict& verdict, const AuditTrail::Asked& asked,
                    const AuditKeys& keys) {
  AuditEntry entry;
  entry.kind = verdict.allows() ? AuditKind::allow : AuditKind::deny;
  entry.at = verdict.at;
  entry.last = verdict.at;
  entry.uid = asked.uid;
  entry.key = asked.key;
  if (question.mpxn) entry.meter_point = keys.meter_point(*question.mpxn);
  entry.reason = verdict.reason;
  entry.source = verdict.source;
  entry.mode = question.mode;
  if (verdict.age) entry.age = std::chrono::floor<seconds>(*verdict.age);
  entry.data_types = question.data_types;
  entry.controller = question.controller.value_or("");
  entry.duid = question.duid.value_or("");
  entry.transaction_id = verdict.transaction_id;
  return entry;
}

}  // namespace

AuditTrail::AuditTrail(Settings settings, Parts parts, std::optional<AuditHead> expected)
    : settings_(std::move(settings)),
      parts_(parts),
      expected_(expected),
      allows_(AuditRoom::allows, settings_.max_bytes),
      denials_(AuditRoom::denials, settings_.max_bytes),
      head_(expected.value_or(AuditHead())) {}

void AuditTrail::note(const Question& question, const Verdict& verdict, const Asked& asked) {
  const AuditEntry entry = entry_of(question, verdict, asked, parts_.keys);
  if (is_of_unknown_key(verdict)) {
    fold(entry);
    wake_in_time();
  } else {
    note(entry);
  }
}

void AuditTrail::note(const AuditEntry& entry) {
  Lane& lane = lane_of(room_of(entry.kind));
  gather(lane, entry);
  wake_in_time();
  if (has_enough(lane)) send(lane);
}

// Denials wait for their time: a flood of them must not be many syncs too.
bool AuditTrail::has_enough(const Lane& lane) {
  return lane.room == AuditRoom::allows && lane.gathering.is_half_full();
}

void AuditTrail::gather(Lane& lane, const AuditEntry& entry) {
  if (lane.lost && lane.gathering.has_room()) {
    lane.gathering.add(*lane.lost);
    lane.lost.reset();
  }
  if (lane.gathering.has_room()) {
    lane.gathering.add(entry);
  } else if (entry.kind == AuditKind::deny) {
    fold(entry);
  } else {
    lose(lane, entry);
  }
}

void AuditTrail::lose(Lane& lane, const AuditEntry& entry) {
  losses_ += entry.count;
  if (!lane.lost) {
    lane.lost.emplace();
    lane.lost->kind = AuditKind::lost;
    lane.lost->at = entry.at;
    lane.lost->count = 0;
    parts_.log.error("decisions are lost to the audit trail: " +
                     (lane.trouble.empty() ? "the disk is too slow for so many" : lane.trouble));
  }
  lane.lost->count += entry.count;
  lane.lost->last = entry.last;
}

void AuditTrail::fold(const AuditEntry& entry) {
  const std::pair key(entry.uid, entry.reason);
  const auto known = folded_.find(key);
  if (known != folded_.end()) {
    known->second.count += entry.count;
    known->second.last = entry.last;
  } else if (folded_.size() < kMaxFolded) {
    AuditEntry& folded = folded_[key];
    folded.at = entry.at;
    folded.last = entry.last;
    folded.count = entry.count;
    folded.uid = entry.uid;
    folded.reason = entry.reason;
  } else {
    lose(denials_, entry);
  }
}

bool AuditTrail::can_record() const {
  return allows_.trouble.empty() && allows_.gathering.has_room();
}

void AuditTrail::wake_in_time() {
  if (timer_ != 0) return;
  timer_ = parts_.desk.at(parts_.desk.now() + settings_.sync * 4 / 5, [this] {
    timer_ = 0;
    send(allows_);
    send(denials_);
  });
}

// Folded denials that have no room go with the next batch.
void AuditTrail::gather_folded() {
  while (!folded_.empty() && denials_.gathering.has_room()) {
    gather(denials_, folded_.begin()->second);
    folded_.erase(folded_.begin());
  }
}

void AuditTrail::send(Lane& lane) {
  if (lane.room == AuditRoom::denials) gather_folded();
  lane.due = lane.under_way != nullptr;
  if (lane.under_way) {
    if (std::exchange(lane.to_be_tried_again, false)) hand_over(lane);
    return;
  }
  if (lane.gathering.empty()) return;
  lane.under_way = std::make_shared<const AuditBatch>(
      std::exchange(lane.gathering, AuditBatch(lane.max_batch)));
  hand_over(lane);
  lane.due = lane.room == AuditRoom::denials && !folded_.empty();
}

void AuditTrail::hand_over(const Lane& lane) {
  parts_.writer.post([this, room = lane.room, batch = lane.under_way] {
    parts_.desk.post([this, room, written = write(room, *batch)] { landed(room, written); });
  });
}

void AuditTrail::landed(AuditRoom room, const Written& written) {
  Lane& lane = lane_of(room);
  bytes_written_ += written.bytes;
  note_trouble(lane, written.status);
  if (!written.status) {
    lane.to_be_tried_again = true;
    wake_in_time();
    return tell_who_waits(written.status);
  }
  lane.under_way.reset();
  head_.of(room) = written.end;
  if (lane.lost && lane.gathering.has_room()) {
    lane.gathering.add(*std::exchange(lane.lost, std::nullopt));
    lane.due = true;
  }
  if (lane.due || has_enough(lane)) send(lane);
  if (is_idle()) tell_who_waits(Done{});
}

void AuditTrail::note_trouble(Lane& lane, const Status& status) {
  const std::string why = status ? std::string() : status.error().what();
  if (why == lane.trouble) return;
  lane.trouble = why;
  if (status) {
    parts_.log.info("the audit trail can be written again");
  } else {
    parts_.log.error("the audit trail cannot be written: " + why);
  }
}

void AuditTrail::flush(OnDurable on_durable) {
  waiting_.push_back(std::move(on_durable));
  send(allows_);
  send(denials_);
  if (is_idle()) tell_who_waits(Done{});
}

void AuditTrail::tell_who_waits(const Status& status) {
  for (const OnDurable& on_durable : std::exchange(waiting_, {})) on_durable(status);
}

AuditTrail::Written AuditTrail::write(AuditRoom room, const AuditBatch& batch) {
  std::optional<TrailWriter>& writer = writers_[room == AuditRoom::allows ? 0 : 1];
  if (!writer) {
    Status opened = open_writer(room, batch.base());
    if (!opened) return {.status = std::move(opened), .end = {}};
  }
  const std::uint64_t before = writer->bytes_written();
  Status status = writer->append(batch);
  return {.status = std::move(status),
          .end = writer->end(),
          .bytes = writer->bytes_written() - before};
}

Status AuditTrail::open_writer(AuditRoom room, Timestamp now) {
  Status made = make_directories(settings_.directory, kOwnerOnly);
  if (!made) return made;
  Result<TrailWriter> writer = TrailWriter::open(
      {.directory = settings_.directory, .room = room, .max_bytes = settings_.max_bytes},
      parts_.keys, expected_ ? std::optional(expected_->of(room)) : std::nullopt, now);
  if (!writer) return std::move(writer).error();
  writers_[room == AuditRoom::allows ? 0 : 1].emplace(*std::move(writer));
  return Done{};
}

}  // namespace akgate
