// SPDX-License-Identifier: Apache-2.0
#include "record/read_answer.hpp"

#include <algorithm>
#include <utility>

#include "record/json.hpp"
#include "record/read_record.hpp"

namespace akgate {

namespace {

constexpr std::size_t kMaxTransactionId = 64;

// It goes into a reply line, a comma-separated list and the audit trail as it stands.
bool is_transaction_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTransactionId &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != ',' && c != '%'; });
}

Envelope read_envelope(JsonView response) {
  Envelope envelope;
  const auto id = response["transaction-id"].string();
  if (id && is_transaction_id(*id)) envelope.transaction_id = *id;
  if (const auto when = response["timestamp"].string()) envelope.timestamp = parse_timestamp(*when);
  return envelope;
}

Result<JsonDocument> parse_object(std::string_view body) {
  Result<JsonDocument> document = JsonDocument::parse(body);
  if (!document) return std::move(document).error().within("the register's answer is not JSON");
  if (!document->root().is_object()) return Error("the register's answer is not a JSON object");
  return document;
}

}  // namespace

Result<VerifyAnswer> read_verify_answer(std::string_view body, const AccessKey& asked) {
  const Result<JsonDocument> document = parse_object(body);
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

Result<Envelope> read_not_found(std::string_view body) {
  const Result<JsonDocument> document = parse_object(body);
  if (!document) return document.error();
  const JsonView root = document->root();
  const JsonView response = root["response"];
  if (root.ambiguous() || response.ambiguous()) {
    return Error("the register's answer has a key twice in its envelope");
  }
  Envelope envelope = read_envelope(response);
  const JsonView errors = root["errors"];
  if (envelope.transaction_id.empty() || !errors.is_array() || errors.first_child().missing()) {
    return Error("the 404 does not carry the register's envelope, so it says nothing of the key");
  }
  return envelope;
}

}  // namespace akgate
