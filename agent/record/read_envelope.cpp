// SPDX-License-Identifier: Apache-2.0
#include "record/read_envelope.hpp"

#include <algorithm>
#include <utility>

#include "record/transaction_id.hpp"

namespace akgate {

namespace {

// It goes into a reply line, a comma-separated list and the audit trail as it stands.
bool is_transaction_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTransactionId &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != ',' && c != '%'; });
}

}  // namespace

Result<JsonDocument> parse_answer(std::string_view body, std::size_t max_bytes) {
  Result<JsonDocument> document = JsonDocument::parse(body, max_bytes);
  if (!document) return std::move(document).error().within("the register's answer is not JSON");
  if (!document->root().is_object()) return Error("the register's answer is not a JSON object");
  return document;
}

Envelope read_envelope(JsonView response) {
  Envelope envelope;
  const auto id = response["transaction-id"].string();
  if (id && is_transaction_id(*id)) envelope.transaction_id = *id;
  if (const auto when = response["timestamp"].string()) envelope.timestamp = parse_timestamp(*when);
  return envelope;
}

Result<Envelope> read_not_found(std::string_view body) {
  const Result<JsonDocument> document = parse_answer(body);
  if (!document) return document.error();
  const JsonView root = document->root();
  const JsonView response = root["response"];
  if (root.ambiguous() || response.ambiguous()) {
    return Error("the register's answer has a key twice in its envelope");
  }
  Envelope envelope = read_envelope(response);
  const JsonView errors = root["errors"];
  if (envelope.transaction_id.empty() || !errors.is_array() || errors.first_child().missing()) {
    return Error(
        "the 404 does not carry the register's envelope, so it says nothing of what was asked for");
  }
  return envelope;
}

}  // namespace akgate
