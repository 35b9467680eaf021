// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_lines.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "cli/console.hpp"

namespace akgate {

namespace {

/// A name and its value; a number stands in JSON without quotes, a list as one.
struct Field {
  enum class Kind : std::uint8_t { text, number, list };
  std::string_view name;
  std::vector<std::string> values;
  Kind kind = Kind::text;
};

bool is_verdict(const AuditEntry& entry) {
  return entry.kind == AuditKind::allow || entry.kind == AuditKind::deny;
}

std::string_view mode_of(const AuditEntry& entry) {
  switch (entry.mode) {
    case Mode::cached:
      return "cached";
    case Mode::fresh:
      return "fresh";
    case Mode::normal:
      break;
  }
  return "normal";
}

/// What stands behind time and event, in the order in which it is told.
class Fields {
 public:
  explicit Fields(const AuditEntry& entry) {
    if (is_verdict(entry)) add_answer(entry);
    if (entry.key) text("fingerprint", spell(*entry.key));
    if (entry.meter_point) text("mpxn", spell(*entry.meter_point));
    if (is_verdict(entry) && !is_folded(entry)) add_question(entry);
    if (entry.count > 1) {
      number("count", entry.count);
      text("last", format_timestamp(entry.last));
    }
    text("detail", entry.detail);
    text("txn", entry.transaction_id);
    number("uid", entry.uid);
    text("room", std::string(to_string(entry.room)));
    number("sequence", entry.sequence);
  }

  [[nodiscard]] const std::vector<Field>& all() const { return fields_; }

 private:
  void text(std::string_view name, std::string value) {
    if (!value.empty()) fields_.push_back({.name = name, .values = {std::move(value)}});
  }
  void number(std::string_view name, std::uint64_t value) {
    fields_.push_back(
        {.name = name, .values = {std::to_string(value)}, .kind = Field::Kind::number});
  }
  /// Of several questions, about keys that nothing is known of.
  static bool is_folded(const AuditEntry& entry) { return entry.count > 1 && !entry.key; }
  void add_answer(const AuditEntry& entry) {
    text("reason", std::string(to_string(entry.reason)));
    if (is_folded(entry)) return;
    text("source", std::string(to_string(entry.source)));
    if (entry.age) number("age", static_cast<std::uint64_t>(entry.age->count()));
  }
  void add_question(const AuditEntry& entry) {
    if (!entry.data_types.empty()) {
      fields_.push_back(
          {.name = "data-type", .values = entry.data_types.sorted(), .kind = Field::Kind::list});
    }
    text("controller", entry.controller);
    text("duid", entry.duid);
    text("mode", std::string(mode_of(entry)));
  }

  std::vector<Field> fields_;
};

std::string json_value(const Field& field) {
  if (field.kind == Field::Kind::number) return field.values.front();
  if (field.kind == Field::Kind::text) return json_string(field.values.front());
  std::string list;
  for (const std::string& value : field.values) {
    list.append(list.empty() ? "" : ",").append(json_string(value));
  }
  return '[' + list + ']';
}

std::string event_of(const AuditEntry& entry) {
  if (entry.kind == AuditKind::allow) return "ALLOW";
  if (entry.kind == AuditKind::deny) return "DENY";
  return std::string(to_string(entry.kind));
}

}  // namespace

std::string audit_line(const AuditEntry& entry) {
  std::string line = format_timestamp(entry.at) + " " + event_of(entry);
  const Fields fields(entry);
  for (const Field& field : fields.all()) {
    for (const std::string& value : field.values) {
      line.append(" ").append(field.name).append("=").append(percent_encode(value));
    }
  }
  return presentable(line) + "\n";
}

std::string audit_json(const AuditEntry& entry) {
  std::string json = R"({"time":)" + json_string(format_timestamp(entry.at));
  json += is_verdict(entry) ? R"(,"verdict":)" : R"(,"event":)";
  json += json_string(event_of(entry));
  const Fields fields(entry);
  for (const Field& field : fields.all()) {
    json.append(",\"").append(field.name).append("\":").append(json_value(field));
  }
  return json + "}";
}

}  // namespace akgate
