// SPDX-License-Identifier: Apache-2.0
#include "record/read_data_user.hpp"

#include <array>

namespace akgate {

namespace {

constexpr std::array<std::string_view, 5> kNames = {"data-user", "duid", "response", "status",
                                                    "transaction-id"};

}  // namespace

Result<DataUserAnswer> read_data_user_answer(std::string_view body, const Duid& asked) {
  const Result<JsonDocument> document = parse_answer(body);
  if (!document) return document.error();
  const JsonView root = document->root();
  const JsonView data_user = root["data-user"];
  for (const JsonView object : {root, root["response"], data_user}) {
    if (object.ambiguous() || object.has_lookalike(kNames)) {
      return Error("the register's answer has a name twice, or in other letters");
    }
  }
  if (!data_user.is_object()) return Error("the register's answer has no object named data-user");
  const JsonView duid = data_user["duid"];
  if (!duid.absent() && duid.string() != asked.text()) {
    return Error("the register's answer is about another Data User");
  }

  DataUserAnswer answer{
      .envelope = read_envelope(root["response"]),
      .status = parse_data_user_status(data_user["status"].string().value_or(""))};
  if (answer.status == DataUserStatus::active && answer.envelope.transaction_id.empty()) {
    return Error("the register's answer has no transaction-id");
  }
  return answer;
}

}  // namespace akgate
