// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_output.hpp"

#include "audit/whole_trail.hpp"
#include "cli/console.hpp"

namespace akgate {

namespace {

constexpr std::size_t kPiece = 64UL * 1024;

}  // namespace

void PieceOutput::add(std::string_view text) {
  pending_ += text;
  if (pending_.size() >= kPiece) write();
}

Status PieceOutput::finish() {
  write();
  return status_;
}

void PieceOutput::write() {
  if (status_) status_ = print(pending_);
  pending_.clear();
}

ExitCode conclude(const Status& written, const std::optional<AuditFinding>& finding) {
  if (!written) return complain(written.error());
  if (!finding) return ExitCode::done;
  complain(Error("the trail is not as it was written: " + describe(*finding)));
  return ExitCode::finding;
}

}  // namespace akgate
