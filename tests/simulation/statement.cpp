// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/statement.hpp"

#include "tests/simulation/truth.hpp"

namespace akgate {

std::string describe(const Topic& topic) {
  const std::string key = "key " + std::to_string(topic.key);
  switch (topic.kind) {
    case Topic::Kind::record:
      return key;
    case Topic::Kind::listing:
      return key + " at meter point " + std::to_string(topic.other);
    case Topic::Kind::data_user:
      break;
  }
  return "Data User " + std::to_string(topic.other);
}

std::string describe(const AccessRecord& record) {
  std::string text(to_string(record.state));
  if (record.state == State::other) text = "OTHER";
  if (record.revoked_at_set) text += " revoked-at";
  if (!record.complete) text += " incomplete";
  if (record.expiry.kind == Expiry::Kind::at)
    text += " until " + format_timestamp(record.expiry.at);
  text += " " + std::string(to_string(record.legal_basis)) + " [";
  for (const std::string& type : record.data_types.sorted()) text += " " + type;
  return text + " ] " + record.identity_record_ref + " " + record.duid;
}

std::string describe(const Statement& statement) {
  std::string text = describe(statement.topic) + ": ";
  switch (statement.topic.kind) {
    case Topic::Kind::record:
      text += statement.record ? describe(*statement.record) : "not found";
      break;
    case Topic::Kind::listing:
      text += statement.listed ? "listed" : "not listed";
      break;
    case Topic::Kind::data_user:
      text += "status " + std::to_string(static_cast<int>(statement.status));
      break;
  }
  return text + ", asked for at " + format_timestamp(statement.sent) + " (" +
         statement.transaction_id + ")";
}

bool grants(const Statement& statement) {
  switch (statement.topic.kind) {
    case Topic::Kind::record:
      return statement.record && statement.record->state == State::active &&
             statement.record->complete && !statement.record->revoked_at_set;
    case Topic::Kind::listing:
      return statement.listed;
    case Topic::Kind::data_user:
      break;
  }
  return statement.status == DataUserStatus::active;
}

bool is_revocation(const Statement& statement) {
  return statement.record &&
         (statement.record->state == State::revoked || statement.record->revoked_at_set);
}

}  // namespace akgate
