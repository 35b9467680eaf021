// SPDX-License-Identifier: Apache-2.0
#include "cli/register_draft.hpp"

#include <utility>

#include "cli/console.hpp"
#include "cli/input_file.hpp"
#include "record/access_key.hpp"
#include "record/read_envelope.hpp"

namespace akgate {

namespace {

bool is_key(std::string_view text) { return AccessKey::parse(text).has_value(); }

std::string expiry_of(JsonView expiry) {
  return expiry.is_null() ? "never" : std::string(expiry.string().value_or(""));
}

}  // namespace

Result<Draft> read_draft(std::string_view file, DraftPurpose purpose) {
  Result<std::string> text = read_input(file, JsonDocument::kMaxBytes);
  if (!text) return std::move(text).error();
  Result<JsonDocument> document = JsonDocument::parse(*text);
  if (!document) return std::move(document).error().within(input_name(file));
  const std::vector<DraftFault> faults = check_draft(document->root(), purpose);
  if (!faults.empty()) {
    return Error(describe(faults) + "nothing was sent: mend " + input_name(file) + " first");
  }
  return Draft{.text = std::move(*text),
               .by_token = !document->root()["reidentification-token"].absent()};
}

std::string describe(const std::vector<DraftFault>& faults) {
  std::string lines;
  for (const DraftFault& fault : faults) {
    lines += presentable(fault.path) + ": " + fault.remedy + '\n';
  }
  return lines;
}

CreatedRecord read_created(const HttpReply& reply) {
  CreatedRecord created;
  created.location = reply.location;
  const std::string_view location = reply.location;
  const std::string_view tail = location.substr(location.find_last_of('/') + 1);
  if (is_key(tail)) created.key = Secret::copy_of(tail);
  const Result<JsonDocument> document = parse_answer(reply.body);
  if (!document) return created;
  const JsonView token = document->root()["access-token"];
  const std::string_view key = token["key"].string().value_or("");
  if (is_key(key)) created.key = Secret::copy_of(key);
  created.expires = expiry_of(token["expiry"]);
  created.transaction_id = read_envelope(document->root()["response"]).transaction_id;
  return created;
}

}  // namespace akgate
