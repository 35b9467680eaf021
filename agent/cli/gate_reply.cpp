// SPDX-License-Identifier: Apache-2.0
#include "cli/gate_reply.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/reasons.hpp"

namespace akgate {

namespace {

constexpr std::string_view kId = "id";

struct Field {
  std::string_view name;
  std::string_view title;  ///< For a person; empty where describe() shows it in words of its own.
  bool is_number = false;
};

constexpr std::array kFields = {
    Field{.name = "reason", .title = ""},
    Field{.name = "source", .title = "known from"},
    Field{.name = "age", .title = "confirmed, seconds ago", .is_number = true},
    Field{.name = "for", .title = "good for, seconds", .is_number = true},
    Field{.name = "until", .title = "good until"},
    Field{.name = "expires", .title = "record expires"},
    Field{.name = "txn", .title = "transaction"},
    Field{.name = "detail", .title = ""},
    Field{.name = kId, .title = ""},
};

constexpr std::array<std::string_view, 4> kSources = {"register", "cache", "grace", "local"};

const Field* find_field(std::string_view name) {
  const auto* const found = std::find_if(kFields.begin(), kFields.end(),
                                         [&](const Field& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : found;
}

std::optional<GateReply::Kind> parse_kind(std::string_view word) {
  if (word == "ALLOW") return GateReply::Kind::allow;
  if (word == "DENY") return GateReply::Kind::deny;
  if (word == "ERROR") return GateReply::Kind::error;
  return std::nullopt;
}

std::string_view to_string(GateReply::Kind kind) {
  switch (kind) {
    case GateReply::Kind::allow:
      return "ALLOW";
    case GateReply::Kind::deny:
      return "DENY";
    case GateReply::Kind::error:
      break;
  }
  return "ERROR";
}

// Takes the next word off the front.
std::string_view next_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

bool add_field(GateReply& reply, std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  const Field* const field = find_field(word.substr(0, equals));
  std::optional<std::string> value = percent_decode(word.substr(equals + 1));
  if (field == nullptr || !value || value->empty()) return false;
  if (field->is_number) {
    const std::optional<std::uint64_t> number = parse_number(*value);
    if (!number) return false;
    value = std::to_string(*number);  // Without zeros before it, which JSON does not take.
  }
  if (!reply.field(field->name).empty()) return false;
  reply.fields.emplace_back(field->name, std::move(*value));
  return true;
}

// Whether the parts fit each other and the question.
bool is_answer(const GateReply& reply, std::string_view id) {
  const std::string_view reason = reply.field("reason");
  const std::string_view given_id = reply.field(kId);
  if (reply.kind == GateReply::Kind::error) {
    return !reason.empty() && (given_id == id || given_id.empty());
  }
  const std::string_view source = reply.field("source");
  const bool allowed_reason = reason == "active";
  return !reason.empty() && allowed_reason == (reply.kind == GateReply::Kind::allow) &&
         std::find(kSources.begin(), kSources.end(), source) != kSources.end() && given_id == id;
}

}  // namespace

std::string_view GateReply::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& candidate) { return candidate.first == name; });
  return found == fields.end() ? std::string_view() : found->second;
}

Result<GateReply> parse_gate_reply(std::string_view line, std::string_view id) {
  const Error nonsense(
      "the agent's reply makes no sense, so this is no allowance: is it akgated that listens "
      "there?");
  if (!is_utf8(line) || has_control_character(line)) return nonsense;
  std::string_view rest = line;
  const std::optional<GateReply::Kind> kind = parse_kind(next_word(rest));
  if (!kind) return nonsense;
  GateReply reply{.kind = *kind, .fields = {}};
  while (!rest.empty()) {
    if (!add_field(reply, next_word(rest))) return nonsense;
  }
  if (!is_answer(reply, id)) return nonsense;
  std::erase_if(reply.fields, [](const auto& field) { return field.first == kId; });
  return reply;
}

ExitCode exit_code(const GateReply& reply) {
  switch (reply.kind) {
    case GateReply::Kind::allow:
      return ExitCode::done;
    case GateReply::Kind::deny:
      return ExitCode::finding;
    case GateReply::Kind::error:
      break;
  }
  return ExitCode::error;
}

std::string headline(const GateReply& reply) {
  const std::string_view reason = reply.field("reason");
  std::string text = std::string(to_string(reply.kind)) + " " + presentable(reason);
  if (const std::string_view meaning = explain_reason(reason); !meaning.empty()) {
    text += ": " + std::string(meaning);
  }
  if (const std::string_view detail = reply.field("detail"); !detail.empty()) {
    text += " (" + presentable(detail) + ")";
  }
  return text;
}

std::string describe(const GateReply& reply) {
  std::string text = headline(reply);
  if (reply.kind == GateReply::Kind::error) return text;
  text += '\n';
  for (const auto& [name, value] : reply.fields) {
    std::string title(find_field(name)->title);
    if (title.empty()) continue;
    title.resize(24, ' ');
    text += "  " + title + presentable(value) + "\n";
  }
  return text;
}

std::string to_json(const GateReply& reply) {
  std::string json = R"({"verdict":)" + json_string(to_string(reply.kind));
  for (const auto& [name, value] : reply.fields) {
    json +=
        "," + json_string(name) + ":" + (find_field(name)->is_number ? value : json_string(value));
  }
  return json + "}\n";
}

}  // namespace akgate
