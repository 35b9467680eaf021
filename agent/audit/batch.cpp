// SPDX-License-Identifier: Apache-2.0
#include "audit/batch.hpp"

#include <utility>

#include "base/assert.hpp"

namespace akgate {

void AuditBatch::add(const AuditEntry& entry) {
  AKGATE_ASSERT(has_room());
  put(entry);
}

void AuditBatch::add_reserved(const AuditEntry& entry) {
  AKGATE_ASSERT(reserved_ >= kRepeatBytes);
  reserved_ -= kRepeatBytes;
  put(entry);
}

void AuditBatch::put(const AuditEntry& entry) {
  if (!encoder_) {
    base_ = entry.at;
    encoder_.emplace(base_);
  }
  for (std::string& record : encoder_->add(entry, entries_)) {
    bytes_ += record.size() + kPerRecord;
    records_.push_back(std::move(record));
  }
  ++entries_;
}

}  // namespace akgate
