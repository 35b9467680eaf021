// SPDX-License-Identifier: Apache-2.0
#include "cli/prefetch_keys.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/key_file.hpp"
#include "cli/register_connection.hpp"
#include "cli/register_reply.hpp"
#include "record/json.hpp"
#include "record/mpxn.hpp"
#include "record/read_envelope.hpp"
#include "record/read_listing.hpp"
#include "register/operations.hpp"

namespace akgate {

namespace {

Result<std::vector<AccessKey>> list_keys(const Options& options, std::string_view meter_point) {
  const std::optional<Mpxn> mpxn = Mpxn::parse(meter_point);
  if (!mpxn) return Error("the value of --meter-point is no MPAN or MPRN");
  const auto connection = RegisterConnection::open_with_account(options);
  if (!connection) return connection.error();
  AuthorizedTransport::Reply reply =
      (*connection)->ask_with_token(meter_point_request(*mpxn, MeterPointFilter{}));
  if (!reply.authorized || reply.http.status != 200) {
    const std::string refused = explain_meter_point_refusal(reply.claims.role);
    const auto explain = [&refused](int status) {
      return status == 403 ? std::string_view(refused) : std::string_view();
    };
    return Error(read_refusal(reply, explain).text);
  }
  auto keys = read_listed_keys(reply.http.body);
  wipe(reply.http.body.data(), reply.http.body.size());
  return keys;
}

Result<std::vector<AccessKey>> read_keys(std::string_view operand) {
  const std::string file(operand);
  const Result<Secret> text = read_key_file(file);
  if (!text) return text.error();
  const Result<std::vector<KeyLine>> lines =
      parse_key_file(text->reveal(), file == "-" ? "standard input" : file, KeyFileKind::keys);
  if (!lines) return lines.error();
  std::vector<AccessKey> keys;
  keys.reserve(lines->size());
  for (const KeyLine& line : *lines) keys.push_back(line.key);
  return keys;
}

}  // namespace

Result<std::vector<AccessKey>> read_listed_keys(std::string_view body) {
  const Result<JsonDocument> document = parse_answer(body, kMaxListBytes);
  if (!document) return document.error();
  const JsonView rows = document->root()["access-records"];
  if (!rows.is_array()) return Error("the register's answer has no list named access-records");
  std::vector<AccessKey> keys;
  for (JsonView row = rows.first_child(); !row.missing(); row = row.next()) {
    const std::optional<AccessKey> key = AccessKey::parse(row["ak"].string().value_or(""));
    if (key && std::find(keys.begin(), keys.end(), *key) == keys.end()) keys.push_back(*key);
  }
  if (keys.empty()) return Error("the register lists no access key for this meter point");
  return keys;
}

Result<std::vector<AccessKey>> take_prefetch_keys(const Options& options) {
  const auto meter_point = options.value("meter-point");
  const std::size_t files = options.operands().size();
  if (files + (meter_point ? 1 : 0) != 1) {
    return Error("name a file of access keys, - for the standard input, or --meter-point");
  }
  return meter_point ? list_keys(options, *meter_point) : read_keys(options.operands().front());
}

}  // namespace akgate
