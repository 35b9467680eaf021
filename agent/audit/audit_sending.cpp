// SPDX-License-Identifier: Apache-2.0
//
// How what was noted gets to disk: one batch a room under way, and what comes back of it.

#include <utility>

#include "audit/audit_trail.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr std::uint32_t kOwnerOnly = 0700;

}  // namespace

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
  repeats_.end_block(lane.room, [this](Repeats::Told& told) { gather_counted(told); });
  lane.under_way =
      std::make_shared<const AuditBatch>(std::exchange(lane.gathering, AuditBatch(lane.max_batch)));
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
  if (!written.finding.empty() && finding_ != written.finding) {
    finding_ = written.finding;
    parts_.log.error(
        "the audit trail was altered, or its end cut off, while no agent was running (" + finding_ +
        "); `akgate audit verify` tells more");
  }
  note_trouble(lane, written.status);
  if (!written.status) {
    lane.to_be_tried_again = true;
    wake_in_time();
    return tell_who_waits(written.status);
  }
  lane.under_way.reset();
  head_.of(room) = written.end;
  if (parts_.on_head) parts_.on_head(head_);
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
  // Nothing is left to be sent later, so that an agent without questions does not wake up.
  if (folded_.empty()) parts_.desk.cancel(std::exchange(timer_, 0));
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
          .bytes = writer->bytes_written() - before,
          .finding = writer->finding()};
}

Status AuditTrail::open_writer(AuditRoom room, Timestamp now) {
  Status made = make_directories(settings_.directory, kOwnerOnly);
  if (!made) return made;
  if (!lock_.valid()) {
    Result<Fd> lock = lock_file(settings_.directory + "/lock");
    if (!lock) return std::move(lock).error();
    lock_ = *std::move(lock);
  }
  Result<TrailWriter> writer = TrailWriter::open(
      {.directory = settings_.directory, .room = room, .max_bytes = settings_.max_bytes},
      parts_.keys, expected_ ? std::optional(expected_->of(room)) : std::nullopt, now);
  if (!writer) return std::move(writer).error();
  writers_[room == AuditRoom::allows ? 0 : 1].emplace(*std::move(writer));
  return Done{};
}

}  // namespace akgate
