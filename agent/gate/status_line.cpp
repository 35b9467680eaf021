// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "gate/overview.hpp"

namespace akgate {

namespace {

using std::chrono::seconds;

/// Makes `{"name":value,…}`.
class Object {
 public:
  Object& raw(std::string_view name, std::string_view value) {
    text_.append(text_.size() > 1 ? "," : "").append("\"").append(name).append("\":").append(value);
    return *this;
  }
  Object& text(std::string_view name, std::string_view value) {
    return raw(name, quote_json(value));
  }
  Object& number(std::string_view name, std::uint64_t value) {
    return raw(name, std::to_string(value));
  }
  Object& truth(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  Object& time(std::string_view name, const std::optional<seconds>& value) {
    return raw(name, value ? std::to_string(value->count()) : "null");
  }
  template <std::size_t kSize>
  Object& counts(std::string_view name, const std::array<Count, kSize>& counts) {
    Object inner;
    for (const Count& each : counts) inner.number(each.what, each.count);
    return raw(name, inner.end());
  }
  [[nodiscard]] std::string end() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

std::string of_register(const RegisterStanding& standing) {
  Object object;
  object.text("state", standing.silent_for ? "silent" : "answers")
      .time("seconds-since-last-answer", standing.since_last_answer)
      .time("seconds-silent", standing.silent_for);
  if (standing.silent_for) object.time("seconds-to-next-attempt", standing.next_attempt_in);
  return object.number("waiting", standing.waiting)
      .number("in-flight", standing.in_flight)
      .number("queued", standing.queued)
      .raw("requests-per-second-needed", spell_tenths(standing.requests_per_second_needed))
      .number("requests-per-second-allowed", standing.requests_per_second_allowed)
      .counts("requests", standing.requests)
      .end();
}

std::string of_records(const Census& records) {
  Object object;
  object.number("total", records.total).number("blocked", records.blocked);
  object.time("counted-seconds-ago", records.counted_ago);
  if (records.counted_ago) {
    object.counts("by-state", records.by_state).counts("active-by-age", records.by_age);
  }
  return object.end();
}

std::string of_answers(const AnswerTally& tally) {
  std::uint64_t allowed = 0;
  std::uint64_t denied = 0;
  std::uint64_t under_grace = 0;
  for (std::size_t reason = 0; reason < AnswerTally::kReasons; ++reason) {
    for (std::size_t source = 0; source < AnswerTally::kSources; ++source) {
      const std::uint64_t count = tally.counts[reason][source];
      (reason == static_cast<std::size_t>(Reason::active) ? allowed : denied) += count;
      if (source == static_cast<std::size_t>(Source::grace)) under_grace += count;
    }
  }
  return Object()
      .number("allow", allowed)
      .number("deny", denied)
      .number("under-grace", under_grace)
      .end();
}

std::string of_audit(const Overview::Audit& audit) {
  return Object()
      .text("head", audit.head)
      .number("losses", audit.losses)
      .number("bytes-written", audit.bytes_written)
      .raw("trouble", audit.trouble.empty() ? "null" : quote_json(audit.trouble))
      .end();
}

std::string of_faults(const std::vector<std::string>& faults) {
  std::string text = "[";
  for (const std::string& fault : faults) text += (text.size() > 1 ? "," : "") + quote_json(fault);
  return text + "]";
}

}  // namespace

std::string status_line(const Overview& overview) {
  const bool working = !overview.register_.silent_for && overview.faults.empty();
  return Object()
             .text("version", AKGATE_VERSION)
             .number("uptime-seconds", static_cast<std::uint64_t>(overview.uptime.count()))
             .truth("working", working)
             .raw("register", of_register(overview.register_))
             .text("token", overview.token)
             .raw("clock", Object()
                               .truth("trusted", overview.clock_trusted)
                               .time("offset-seconds", overview.clock_offset)
                               .end())
             .raw("records", of_records(overview.records))
             .raw("answers", of_answers(overview.answers))
             .number("connections", overview.connections)
             .number("watches", overview.register_.watches)
             .raw("audit", of_audit(overview.audit))
             .raw("device-bytes-written", overview.device_bytes_written
                                              ? std::to_string(*overview.device_bytes_written)
                                              : "null")
             .raw("faults", of_faults(overview.faults))
             .end() +
         "\n";
}

}  // namespace akgate
