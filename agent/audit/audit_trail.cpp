// SPDX-License-Identifier: Apache-2.0
#include "audit/audit_trail.hpp"

#include <utility>

namespace akgate {

using std::chrono::seconds;

namespace {

// Uids times reasons: some thirty of the latter.
constexpr std::size_t kMaxFolded = 512;

AuditEntry entry_of(const Question& question, const Verdict& verdict,
                    const AuditTrail::Asked& asked, const AuditKeys& keys) {
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
      parts_(std::move(parts)),
      expected_(expected),
      allows_(AuditRoom::allows, settings_.max_bytes),
      denials_(AuditRoom::denials, settings_.max_bytes),
      head_(expected.value_or(AuditHead())) {}

void AuditTrail::note(const Question& question, const Verdict& verdict, const Asked& asked) {
  const bool folded = is_of_unknown_key(verdict);
  if (!folded && asked.key) {
    Repeats::Told* const told = repeats_.find(question, *asked.key, asked.uid);
    if (told != nullptr && told->says(verdict) && count(*told, verdict.at)) return;
  }
  AuditEntry entry = entry_of(question, verdict, asked, parts_.keys);
  if (folded) {
    fold(entry);
    return wake_in_time();
  }
  if (!note(entry) || !asked.key) return;
  Repeats::Told& told = repeats_.at(question, *asked.key, asked.uid);
  if (told.is(question, *asked.key, asked.uid) && told.says(verdict)) return told.tell();
  gather_counted(told);
  told.begin(repeats_.new_id(told), std::move(entry), question);
}

// What was told often enough in this block.
bool AuditTrail::count(Repeats::Told& told, Timestamp at) {
  if (!told.is_known_well()) return false;
  Lane& lane = lane_of(told.room());
  if (!told.is_counted()) {
    if (!lane.gathering.has_room()) return false;
    lane.gathering.reserve();
  }
  told.count(at);
  if (has_enough(lane)) send(lane);
  return true;
}

void AuditTrail::note_again(const Question& question, const Verdict& verdict, const Asked& asked,
                            std::uint64_t& noted_as) {
  Repeats::Told* const known = repeats_.find(noted_as);
  if (known != nullptr && count(*known, verdict.at)) return;
  note(question, verdict, asked);
  const Repeats::Told* const told =
      asked.key ? repeats_.find(question, *asked.key, asked.uid) : nullptr;
  if (told != nullptr && told->says(verdict)) noted_as = told->id();
}

void AuditTrail::gather_counted(Repeats::Told& told) {
  if (told.is_counted()) lane_of(told.room()).gathering.add_reserved(told.take());
}

bool AuditTrail::note(const AuditEntry& entry) {
  Lane& lane = lane_of(room_of(entry.kind));
  const bool gathered = gather(lane, entry);
  wake_in_time();
  if (has_enough(lane)) send(lane);
  return gathered;
}

// Denials wait for their time: a flood of them must not be many syncs too.
bool AuditTrail::has_enough(const Lane& lane) {
  return lane.room == AuditRoom::allows && lane.gathering.is_half_full();
}

bool AuditTrail::gather(Lane& lane, const AuditEntry& entry) {
  if (lane.lost && lane.gathering.has_room()) {
    lane.gathering.add(*lane.lost);
    lane.lost.reset();
  }
  if (lane.gathering.has_room()) {
    lane.gathering.add(entry);
    return true;
  }
  if (entry.kind == AuditKind::deny) {
    fold(entry);
  } else {
    lose(lane, entry);
  }
  return false;
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

}  // namespace akgate
