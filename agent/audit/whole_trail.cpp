// SPDX-License-Identifier: Apache-2.0
#include "audit/whole_trail.hpp"

#include <utility>

namespace akgate {

Result<WholeTrail> WholeTrail::open(const std::string& directory, const AuditKeys& keys,
                                    const std::optional<AuditHead>& expected) {
  const auto end_of = [&](AuditRoom room) {
    return expected ? std::optional(expected->of(room)) : std::nullopt;
  };
  Result<TrailReader> allows =
      TrailReader::open(directory, AuditRoom::allows, keys, end_of(AuditRoom::allows));
  if (!allows) return std::move(allows).error();
  Result<TrailReader> denials =
      TrailReader::open(directory, AuditRoom::denials, keys, end_of(AuditRoom::denials));
  if (!denials) return std::move(denials).error();
  WholeTrail trail(*std::move(allows), *std::move(denials));
  trail.next_allow_ = trail.allows_.next();
  trail.next_denial_ = trail.denials_.next();
  return trail;
}

std::optional<AuditEntry> WholeTrail::next() {
  const bool denial = next_denial_ && (!next_allow_ || next_denial_->at < next_allow_->at);
  return denial ? std::exchange(next_denial_, denials_.next())
                : (next_allow_ ? std::exchange(next_allow_, allows_.next()) : std::nullopt);
}

std::optional<AuditFinding> WholeTrail::finding() const {
  return allows_.finding() ? allows_.finding() : denials_.finding();
}

std::string describe(const AuditFinding& finding) {
  const std::string room = finding.room == AuditRoom::allows ? "allows" : "denials";
  const std::string entry = finding.sequence == 0
                                ? "the first entries of " + room
                                : "entry " + std::to_string(finding.sequence) + " of " + room;
  const std::string where = entry + " (" + finding.file + ")";
  switch (finding.kind) {
    case AuditFinding::Kind::altered:
      return where + " was altered";
    case AuditFinding::Kind::missing:
      return where + " is missing";
    case AuditFinding::Kind::reordered:
      return where + " does not stand where it was written";
    case AuditFinding::Kind::unreadable:
      break;
  }
  return where + " cannot be read: the file system or the device is failing";
}

}  // namespace akgate
