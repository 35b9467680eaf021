// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "gate/overview.hpp"

namespace akgate {

namespace {

/// A number of seconds with six places, whatever the locale.
std::string in_seconds(std::chrono::nanoseconds time) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  const auto rest = std::to_string(micros % 1'000'000);
  return std::to_string(micros / 1'000'000) + "." + std::string(6 - rest.size(), '0') + rest;
}

/// Writes families of metrics; all names get the prefix.
class Page {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    text_.append("# HELP akgate_").append(name).append(" ").append(help).append("\n# TYPE akgate_");
    text_.append(name).append(" ").append(type).append("\n");
  }
  void sample(std::string_view name, std::string_view labels, std::string_view value) {
    text_.append("akgate_").append(name);
    if (!labels.empty()) text_.append("{").append(labels).append("}");
    text_.append(" ").append(value).append("\n");
  }
  void sample(std::string_view name, std::string_view labels, std::uint64_t value) {
    sample(name, labels, std::to_string(value));
  }
  void gauge(std::string_view name, std::string_view help, std::string_view value) {
    family(name, "gauge", help);
    sample(name, {}, value);
  }
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    gauge(name, help, std::to_string(value));
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "counter", help);
    sample(name, {}, value);
  }
  template <typename Counts>
  void counts(std::string_view name, std::string_view label, const Counts& counts) {
    for (const Count& each : counts) {
      sample(name, std::string(label) + "=\"" + std::string(each.what) + "\"", each.count);
    }
  }
  void histogram(std::string_view name, std::string_view help, const Histogram& histogram) {
    family(name, "histogram", help);
    const std::string bucket = std::string(name) + "_bucket";
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < Histogram::kBounds.size(); ++i) {
      so_far += histogram.counts()[i];
      sample(bucket, "le=\"" + in_seconds(Histogram::kBounds[i]) + "\"", so_far);
    }
    so_far += histogram.counts().back();
    sample(bucket, "le=\"+Inf\"", so_far);
    sample(std::string(name) + "_sum", {}, in_seconds(histogram.sum()));
    sample(std::string(name) + "_count", {}, so_far);
  }

  [[nodiscard]] std::string end() { return std::move(text_) + "# EOF\n"; }

 private:
  std::string text_;
};

void add_answers(Page& page, const AnswerTally& tally) {
  page.family("answers_total", "counter", "Verdicts told, by reason and by what they rest on.");
  for (std::size_t r = 0; r < AnswerTally::kReasons; ++r) {
    for (std::size_t s = 0; s < AnswerTally::kSources; ++s) {
      const auto reason = static_cast<Reason>(r);
      const auto source = static_cast<Source>(s);
      // A verdict that has never been told is left out, but for the one that everybody looks for.
      if (tally.count(reason, source) == 0 && (reason != Reason::active || source != Source::cache))
        continue;
      page.sample("answers_total",
                  std::string("verdict=\"") + (reason == Reason::active ? "allow" : "deny") +
                      "\",reason=\"" + std::string(to_string(reason)) + "\",source=\"" +
                      std::string(to_string(source)) + "\"",
                  tally.count(reason, source));
    }
  }
  page.histogram("answer_duration_seconds", "From a question to its reply.", tally.latency);
}

void add_register(Page& page, const RegisterStanding& standing) {
  page.gauge("register_up", "1 while the register answers, 0 while grace applies.",
             standing.silent_for ? 0U : 1U);
  if (standing.since_last_answer) {
    page.gauge("register_last_answer_age_seconds", "Since the register's last answer.",
               static_cast<std::uint64_t>(standing.since_last_answer->count()));
  }
  page.family("register_requests_total", "counter", "Requests to the register, by their end.");
  page.counts("register_requests_total", "outcome", standing.requests);
  page.histogram("register_request_duration_seconds", "From a request to its end.",
                 standing.latency);
  page.gauge("register_requests_needed_per_second", "What keeping records fresh takes.",
             spell_tenths(standing.requests_per_second_needed));
  page.gauge("register_requests_allowed_per_second", "register.max-requests-per-second.",
             standing.requests_per_second_allowed);
  page.gauge("register_requests_in_flight", "Requests under way.", standing.in_flight);
  page.gauge("register_requests_queued", "Requests in line.", standing.queued);
  page.gauge("questions_waiting", "Questions that wait for the register.", standing.waiting);
  page.gauge("watches", "Questions that are watched.", standing.watches);
}

void add_records(Page& page, const Census& records) {
  page.gauge("records", "Records in the cache.", records.total);
  page.gauge("blocked", "Keys and meter points that the operator has blocked.", records.blocked);
  if (!records.counted_ago) return;
  page.family("records_by_state", "gauge", "Records, by their state when they were last counted.");
  page.counts("records_by_state", "state", records.by_state);
  page.family("active_records_by_age", "gauge",
              "ACTIVE records: fresh, good for an outage (grace), or too old for one (stale).");
  page.counts("active_records_by_age", "age", records.by_age);
}

}  // namespace

std::string metrics_text(const Overview& overview) {
  Page page;
  page.family("build_info", "gauge", "The version of the agent.");
  page.sample("build_info", "version=\"" AKGATE_VERSION "\"", 1);
  page.gauge("uptime_seconds", "Since the agent started.",
             static_cast<std::uint64_t>(overview.uptime.count()));
  add_answers(page, overview.answers);
  add_register(page, overview.register_);
  add_records(page, overview.records);
  page.gauge("connections", "Open connections, to all sockets.", overview.connections);
  page.gauge("clock_trusted", "1 while the time is known well enough to allow.",
             overview.clock_trusted ? 1U : 0U);
  page.gauge("clock_offset_seconds", "Trusted time less the system's clock.",
             std::to_string(overview.clock_offset.count()));
  page.counter("audit_losses_total", "Entries that the trail of decisions lost.",
               overview.audit.losses);
  page.counter("audit_written_bytes_total", "Bytes written to the trail of decisions.",
               overview.audit.bytes_written);
  page.gauge("audit_up", "1 while the trail of decisions can be written.",
             overview.audit.trouble.empty() ? 1U : 0U);
  if (overview.device_bytes_written) {
    page.counter("device_written_bytes_total", "Bytes that the process made the device write.",
                 *overview.device_bytes_written);
  }
  page.gauge("faults", "What somebody should mend; STATUS tells what.", overview.faults.size());
  return page.end();
}

}  // namespace akgate
