// SPDX-License-Identifier: Apache-2.0
#include "record/read_listing.hpp"

#include <array>

namespace akgate {

namespace {

constexpr std::array<std::string_view, 5> kNames = {"access-records", "ak", "mpxn", "response",
                                                    "transaction-id"};

bool is_ambiguous(JsonView object) { return object.ambiguous() || object.has_lookalike(kNames); }

bool is_about_another(JsonView object, const Mpxn& mpxn) {
  const JsonView echo = object["mpxn"];
  return !echo.absent() && echo.string() != mpxn.text();
}

// The row with exactly that key; missing where there is none.
JsonView find_row(JsonView rows, const AccessKey& key) {
  JsonView row = rows.first_child();
  while (!row.missing() && AccessKey::parse(row["ak"].string().value_or("")) != key) {
    row = row.next();
  }
  return row;
}

}  // namespace

Result<Listing> read_listing(std::string_view body, const AccessKey& asked, const Mpxn& mpxn) {
  const Result<JsonDocument> document = parse_answer(body, kMaxListBytes);
  if (!document) return document.error();
  const JsonView root = document->root();
  const JsonView rows = root["access-records"];
  const JsonView row = find_row(rows, asked);
  for (const JsonView object : {root, root["response"], row}) {
    if (is_ambiguous(object))
      return Error("the register's list has a name twice, or in other letters");
    if (is_about_another(object, mpxn)) {
      return Error("the register's list is about another meter point");
    }
  }
  if (!rows.is_array()) return Error("the register's answer has no list named access-records");

  Listing listing{.envelope = read_envelope(root["response"]), .listed = !row.missing()};
  if (listing.listed && listing.envelope.transaction_id.empty()) {
    return Error("the register's list has no transaction-id");
  }
  return listing;
}

}  // namespace akgate
