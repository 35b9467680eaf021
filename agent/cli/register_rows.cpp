// SPDX-License-Identifier: Apache-2.0
#include "cli/register_rows.hpp"

#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "cli/console.hpp"
#include "cli/table.hpp"
#include "record/access_record.hpp"
#include "record/read_envelope.hpp"
#include "record/read_listing.hpp"

namespace akgate {

namespace {

constexpr std::string_view kNotTold = "-";

std::string_view text_of(JsonView row, const char* name) { return row[name].string().value_or(""); }

std::string text_or_dash(JsonView row, const char* name) {
  const std::string_view text = text_of(row, name);
  return std::string(text.empty() ? kNotTold : text);
}

std::string data_types(JsonView row) {
  std::string types;
  for (JsonView type = row["data-types"].first_child(); !type.missing(); type = type.next()) {
    types.append(types.empty() ? "" : ", ").append(type.string().value_or(kNotTold));
  }
  return types.empty() ? std::string(kNotTold) : types;
}

// Null is "no end", but nothing at all of a record that the register discovered.
std::string expiry(JsonView row) {
  const bool discovered = parse_state(text_of(row, "state")) == State::discovered;
  if (row["expiry"].is_null() && !discovered) return "never";
  const auto when = parse_timestamp(text_of(row, "expiry"));
  return when ? format_timestamp(*when) : text_or_dash(row, "expiry");
}

}  // namespace

Result<RegisterRows> RegisterRows::read(std::string_view body, const char* list) {
  Result<JsonDocument> document = parse_answer(body, kMaxListBytes);
  if (!document) return std::move(document).error();
  const JsonView entries = document->root()[list];
  if (!entries.is_array()) {
    return Error("the register's answer has no list named " + std::string(list));
  }
  RegisterRows rows;
  for (JsonView row = entries.first_child(); !row.missing(); row = row.next()) {
    if (!row.is_object()) return Error("the register's list holds something that is no record");
    rows.rows_.push_back(row);
  }
  rows.documents_.push_back(std::move(*document));
  return rows;
}

void RegisterRows::merge(RegisterRows later) {
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < rows_.size(); ++i) places.emplace(text_of(rows_[i], "ak"), i);
  for (const JsonView row : later.rows_) {
    const std::string_view key = text_of(row, "ak");
    const auto [place, is_new] = places.emplace(key, rows_.size());
    if (is_new || key.empty()) {
      rows_.push_back(row);
    } else {
      rows_[place->second] = row;
    }
  }
  std::move(later.documents_.begin(), later.documents_.end(), std::back_inserter(documents_));
}

void RegisterRows::keep(std::string_view state, std::string_view legal_basis) {
  std::erase_if(rows_, [&](JsonView row) {
    return (!state.empty() && text_of(row, "state") != state) ||
           (!legal_basis.empty() && text_of(row, "legal-basis") != legal_basis);
  });
}

void RegisterRows::cut(std::size_t most) {
  if (rows_.size() > most) rows_.resize(most);
}

std::string RegisterRows::table(std::size_t width) const {
  constexpr std::array kColumns = {Column{.title = "AK", .may_be_cut = false},
                                   Column{.title = "STATE"},
                                   Column{.title = "BASIS"},
                                   Column{.title = "LEAD CONTROLLER"},
                                   Column{.title = "DATA TYPES"},
                                   Column{.title = "EXPIRES"}};
  if (rows_.empty()) return "no records\n";
  std::vector<std::vector<std::string>> lines;
  for (const JsonView row : rows_) {
    std::vector<std::string> cells = {text_or_dash(row, "ak"),
                                      text_or_dash(row, "state"),
                                      text_or_dash(row, "legal-basis"),
                                      text_or_dash(row, "lead-controller-name"),
                                      data_types(row),
                                      expiry(row)};
    for (std::string& cell : cells) cell = presentable(cell, Keys::shown);
    lines.push_back(std::move(cells));
  }
  return format_table(kColumns, lines, width);
}

std::string RegisterRows::json() const {
  std::string json;
  for (const JsonView row : rows_) {
    json.append(json.empty() ? "" : ",").append(json_text(row, Keys::shown));
  }
  return '[' + json + ']';
}

}  // namespace akgate
