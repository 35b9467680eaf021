// SPDX-License-Identifier: Apache-2.0
#include "cli/agent_status.hpp"

#include <cmath>

#include "cli/control_reply.hpp"
#include "record/json.hpp"

namespace akgate {

namespace {

using std::chrono::seconds;

/// Reads members, and notes whether all were what they should be.
class Reader {
 public:
  [[nodiscard]] bool sense() const { return sense_; }

  void require(bool truth) { sense_ = sense_ && truth; }

  std::string text(JsonView value) {
    require(value.string().has_value());
    return std::string(value.string().value_or(""));
  }
  bool truth(JsonView value) {
    require(value.boolean().has_value());
    return value.boolean().value_or(false);
  }
  /// Rounded up.
  std::int64_t whole(JsonView value) {
    constexpr double kMost = 9e15;  // Up to here, doubles hold whole numbers exactly.
    const double number = std::ceil(value.number().value_or(NAN));
    const bool fits = std::abs(number) <= kMost;
    require(fits);
    return fits ? static_cast<std::int64_t>(number) : 0;
  }
  std::uint64_t count(JsonView value) {
    const std::int64_t number = whole(value);
    require(number >= 0);
    return number >= 0 ? static_cast<std::uint64_t>(number) : 0;
  }
  seconds span(JsonView value) { return seconds(count(value)); }
  std::optional<seconds> span_or_null(JsonView value) {
    return value.is_null() ? std::nullopt : std::optional(span(value));
  }

 private:
  bool sense_ = true;
};

AgentStatus::Register read_register(Reader& reader, JsonView in) {
  AgentStatus::Register out{
      .since_last_answer = reader.span_or_null(in["seconds-since-last-answer"]),
      .silent_for = reader.span_or_null(in["seconds-silent"]),
      .waiting = reader.count(in["waiting"]),
      .requests_per_second_needed = reader.count(in["requests-per-second-needed"]),
      .requests_per_second_allowed = reader.count(in["requests-per-second-allowed"])};
  reader.require(in["state"].string() == (out.silent_for ? "silent" : "answers"));
  if (out.silent_for) out.next_attempt_in = reader.span(in["seconds-to-next-attempt"]);
  return out;
}

std::vector<std::string> read_texts(Reader& reader, JsonView in) {
  reader.require(in.is_array());
  std::vector<std::string> texts;
  for (JsonView each = in.first_child(); !each.missing(); each = each.next()) {
    texts.push_back(reader.text(each));
  }
  return texts;
}

}  // namespace

Result<AgentStatus> parse_status(std::string_view line) {
  const Result<JsonDocument> document = JsonDocument::parse(line);
  if (!document) return nonsense_from_agent();
  const JsonView root = document->root();
  const JsonView states = root["records"]["by-state"];
  Reader reader;
  AgentStatus status{.version = reader.text(root["version"]),
                     .uptime = reader.span(root["uptime-seconds"]),
                     .working = reader.truth(root["working"]),
                     .register_ = read_register(reader, root["register"]),
                     .token = reader.text(root["token"]),
                     .clock_trusted = reader.truth(root["clock"]["trusted"]),
                     .clock_offset = seconds(reader.whole(root["clock"]["offset-seconds"])),
                     .records = reader.count(root["records"]["total"]),
                     .damaged = states.missing() ? 0 : reader.count(states["damaged"]),
                     .blocked = reader.count(root["records"]["blocked"]),
                     .under_grace = reader.count(root["answers"]["under-grace"]),
                     .audit_losses = reader.count(root["audit"]["losses"]),
                     .faults = read_texts(reader, root["faults"])};
  if (!reader.sense()) return nonsense_from_agent();
  return status;
}

}  // namespace akgate
