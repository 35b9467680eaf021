// SPDX-License-Identifier: Apache-2.0
#include "record/read_answer.hpp"

#include <utility>

#include "record/json.hpp"
#include "record/read_record.hpp"

namespace akgate {

Result<VerifyAnswer> read_verify_answer(std::string_view body, const AccessKey& asked) {
  const Result<JsonDocument> document = parse_answer(body);
  if (!document) return document.error();
  const JsonView root = document->root();

  // A DISCOVERED answer may be nothing but a bare `access-event`. What stands without its wrapper
  // may deny, never allow.
  const JsonView wrapped = root["access-record"];
  const JsonView record = wrapped.absent() ? root : wrapped;
  if (const auto where = find_ambiguity(root, record); !where.empty()) {
    return Error("the register's answer has a key twice in " + std::string(where));
  }
  if (!record["access-event"].is_object()) {
    return Error("the register's answer has no access-event object in an access-record object");
  }
  const JsonView identifier = record["record-metadata"]["record-identifier"];
  if (!identifier.absent() && AccessKey::parse(identifier.string().value_or("")) != asked) {
    return Error("the register's answer is about another access key");
  }

  Gaps gaps;
  VerifyAnswer answer;
  answer.envelope = read_envelope(root["response"]);
  if (answer.envelope.transaction_id.empty()) {
    gaps.add("response.transaction-id", root["response"]["transaction-id"]);
  }
  if (wrapped.absent()) gaps.add("access-record", wrapped);
  answer.record = read_record(root, record, gaps);
  answer.record.complete = gaps.none();
  answer.missing = gaps.text();
  return answer;
}

}  // namespace akgate
