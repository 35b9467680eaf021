// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/histogram.hpp"
#include "refresh/controls.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// What was answered since the start.
struct AnswerTally {
  static constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::not_cached) + 1;
  static constexpr std::size_t kSources = static_cast<std::size_t>(Source::register_) + 1;

  void note(const Verdict& verdict, std::chrono::nanoseconds took) {
    ++counts[static_cast<std::size_t>(verdict.reason)][static_cast<std::size_t>(verdict.source)];
    latency.note(took);
  }
  [[nodiscard]] std::uint64_t count(Reason reason, Source source) const {
    return counts[static_cast<std::size_t>(reason)][static_cast<std::size_t>(source)];
  }

  std::array<std::array<std::uint64_t, kSources>, kReasons> counts{};
  Histogram latency;  ///< From the question to its reply.
};

/// The agent at one moment, for STATUS and METRICS. Nothing in it is secret (I9).
struct Overview {
  std::chrono::seconds uptime{0};
  RegisterStanding register_;
  Census records;
  AnswerTally answers;
  /// How it stands with the bearer token: `no-account`, `none`, `held`, `refused` or `unreachable`.
  std::string_view token = "none";
  bool clock_trusted = true;
  std::chrono::seconds clock_offset{0};  ///< Trusted time less the system's clock.
  std::size_t connections = 0;
  struct Audit {
    std::string head;  ///< AuditHead's text: how far the trail has come on disk.
    std::uint64_t losses = 0;
    std::uint64_t bytes_written = 0;
    std::string trouble;  ///< Why it cannot be written; empty where it can.
  } audit;
  std::optional<std::uint64_t> device_bytes_written;  ///< Nothing where the system does not tell.
  std::vector<std::string> faults;                    ///< For a person: what somebody should mend.
};

/// One line of JSON; "working" is false while the register cannot be asked, or anything is wrong.
[[nodiscard]] std::string status_line(const Overview& overview);

/// Prometheus' text format 0.0.4, ended by `# EOF`.
[[nodiscard]] std::string metrics_text(const Overview& overview);

}  // namespace akgate
