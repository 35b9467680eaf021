// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "record/data_types.hpp"
#include "record/timestamp.hpp"
#include "verdict/question.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// What an entry of the audit trail tells of. The numbers stand on disk: a new one goes behind the
/// last.
enum class AuditKind : std::uint8_t {
  allow = 1,
  deny,
  bind,
  unbind,
  block,
  unblock,
  forget,
  reload,
  start,
  stop,
  lost,   ///< `count` entries that there was no room for.
  cut,    ///< The end that a power cut left torn was cut off.
  broken  ///< The trail was not as it had been left: altered, or its end missing.
};

/// `allow`, `deny`, `bind`, ….
[[nodiscard]] std::string_view to_string(AuditKind kind);

/// Each has files, a bound and a chain of its own, so that no flood of denials pushes out an ALLOW.
enum class AuditRoom : std::uint8_t {
  allows = 1,  ///< Every ALLOW, and what operators and the agent itself did.
  denials
};

/// `allows`, `denials`.
[[nodiscard]] std::string_view to_string(AuditRoom room);
[[nodiscard]] AuditRoom room_of(AuditKind kind);

/// The first bytes of a record's index: what `fp_…` spells.
using Fingerprint = std::array<std::uint8_t, 8>;
[[nodiscard]] std::string spell(const Fingerprint& fingerprint);

/// A meter point as a keyed hash: tells two apart and whether two are the same, nothing else.
using MeterPointHash = std::array<std::uint8_t, 6>;
/// `mp_` and 12 hex digits.
[[nodiscard]] std::string spell(const MeterPointHash& meter_point);

/// One entry of the trail (I13). Never holds an access key or a meter point (I9).
struct AuditEntry {
  /// Texts from elsewhere are cut to this many bytes.
  static constexpr std::size_t kMaxText = 96;

  AuditKind kind = AuditKind::deny;
  AuditRoom room = AuditRoom::allows;  ///< Where it was read.
  std::uint64_t sequence = 0;          ///< Within its room, from 1; given when it is written.
  Timestamp at{};                      ///< Trusted time.
  std::uint64_t uid = 0;               ///< Who asked, or who gave the order.
  std::optional<Fingerprint> key;
  std::optional<MeterPointHash> meter_point;

  /// How many like this there were, the last of them at `last`: denials of unknown keys are folded
  /// by uid and reason, and tell of no question then.
  std::uint64_t count = 1;
  Timestamp last{};

  // Of a verdict alone.
  Reason reason = Reason::active;
  Source source = Source::local;
  Mode mode = Mode::normal;
  std::optional<std::chrono::seconds> age;
  DataTypes data_types;
  std::string controller;
  std::string duid;
  std::string transaction_id;  ///< Of several, comma-separated.

  /// What else there is to say: the policy's digest (`reload`), the version (`start`), what was
  /// found (`cut`, `broken`).
  std::string detail;

  [[nodiscard]] bool operator==(const AuditEntry&) const = default;
};

/// Whether a denial says nothing about a record that is known: these are folded.
[[nodiscard]] bool is_of_unknown_key(const Verdict& verdict);

}  // namespace akgate
