// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/histogram.hpp"
#include "record/access_key.hpp"
#include "record/binding.hpp"
#include "record/knowledge.hpp"
#include "record/mpxn.hpp"
#include "verdict/question.hpp"

namespace akgate {

/// Why something that the operator wanted was not done.
struct Refusal {
  std::string_view reason;  ///< A word of the gate protocol, or `not-durable`.
  std::string detail;       ///< For a person: what happened and what to do. Never a key (I9).
};

/// How many of what there are.
struct Count {
  std::string_view what;
  std::uint64_t count = 0;
};

/// How the register stands, for STATUS and METRICS.
struct RegisterStanding {
  std::optional<std::chrono::seconds> since_last_answer;  ///< Nothing: none since the start.
  /// For how long it has not answered, so that what is known counts within its grace; nothing while
  /// it answers. And when it is asked again.
  std::optional<std::chrono::seconds> silent_for;
  std::chrono::seconds next_attempt_in{0};
  std::size_t waiting = 0;    ///< Questions that wait for it.
  std::size_t in_flight = 0;  ///< Requests under way,
  std::size_t queued = 0;     ///< and in line.
  std::size_t watches = 0;
  /// To keep fresh what is in use, and warm what is not; and `max-requests-per-second`.
  double requests_per_second_needed = 0;
  std::size_t requests_per_second_allowed = 0;
  std::array<Count, 5> requests;  ///< Since the start, by how they ended.
  Histogram latency;              ///< Of these.
  bool disk_fails = false;        ///< Bad news cannot be made durable: no grace.
  bool owes_blocks = false;       ///< What is blocked is not on disk as it counts.
  /// It answers, but nothing usable, to one after the other: what it said last. Else empty.
  std::string useless;
};

/// What is kept of a record, for LIST and SHOW.
struct KeptRecord {
  std::string fingerprint;  ///< `fp_…`
  bool damaged = false;     ///< It stands on disk and cannot be opened; nothing else is known then.
  std::optional<Knowledge> knowledge = {};
  std::optional<Binding> binding = {};
  std::chrono::seconds age{0};  ///< Of the knowledge, or else of the binding.
  bool blocked = false;
};

/// The records on disk, counted.
struct Census {
  std::size_t total = 0;
  std::size_t blocked = 0;  ///< Keys and meter points.
  /// When the rest was counted; nothing: not yet, ask again in a while.
  std::optional<std::chrono::seconds> counted_ago;
  std::array<Count, 7> by_state{};  ///< In the register's spelling; `damaged` last.
  /// Of those that are ACTIVE: `fresh`, `grace` (would still allow in an outage), `stale`.
  std::array<Count, 3> by_age{};
};

/// What the control socket needs of the desk: the operator's commands. All calls on the desk's
/// loop; each `on_done` is called exactly once, before the call returns or later, also after who
/// asked has gone.
class Controls {
 public:
  using OnDone = std::function<void(const std::optional<Refusal>&)>;

  /// What is known of a key after it was asked for.
  struct Fetched {
    std::string fingerprint;  ///< `fp_…`
    /// The record's state in the register's spelling, `not-found` for no such record.
    std::string_view state;
    bool from_register = false;  ///< False: it was known and fresh.
  };
  using OnFetched = std::function<void(const Fetched&, const std::optional<Refusal>&)>;

  /// What can be blocked.
  using Blockable = std::variant<AccessKey, Mpxn>;

  virtual ~Controls() = default;

  // What is done is durable before `on_done`.

  /// The operator's own proof that a key belongs to a meter point.
  virtual void bind(const AccessKey& key, const Mpxn& mpxn, OnDone on_done) = 0;
  /// Takes back whatever ties the key to a meter point.
  virtual void unbind(const AccessKey& key, OnDone on_done) = 0;

  /// The operator's own refusal: from this call on every question about the key, about the meter
  /// point, or about a key that is known to belong to it, is denied. It counts even where it could
  /// not be made durable.
  virtual void block(const Blockable& what, OnDone on_done) = 0;
  /// Takes that back.
  virtual void unblock(const Blockable& what, OnDone on_done) = 0;

  /// Makes a key unknown, whatever ties it to a meter point included: the next answer is the
  /// register's alone. What the register is being asked meanwhile is awaited and not kept.
  virtual void forget(const AccessKey& key, OnDone on_done) = 0;
  /// The same for all keys and Data Users. What is blocked stays so.
  virtual void forget_all(OnDone on_done) = 0;

  /// Sees to it that what is known of a key is fresh, or with `Mode::fresh` asked for just now,
  /// within a minute or so; a key that cannot be asked about is a refusal (`register-unreachable`,
  /// …).
  virtual void fetch(const AccessKey& key, Mode mode, OnFetched on_fetched) = 0;

  /// What is kept of the key; nothing where nothing is.
  [[nodiscard]] virtual std::optional<KeptRecord> show(const AccessKey& key) = 0;
  /// The records on disk in the order of their fingerprints, behind that one (empty: from the
  /// first), so many at most.
  [[nodiscard]] virtual std::vector<KeptRecord> list(std::string_view after,
                                                     std::size_t at_most) = 0;

  /// Whether nobody knows what was blocked, so that everything is.
  [[nodiscard]] virtual bool has_lost_blocks() const = 0;

  [[nodiscard]] virtual RegisterStanding register_standing() const = 0;
  /// Where there are many records they are counted in the background, once a minute at most: the
  /// last count is given.
  [[nodiscard]] virtual Census census() = 0;
  /// `fp_…`, how operators and logs name a key, or a meter point.
  [[nodiscard]] virtual std::string fingerprint(const Blockable& what) const = 0;
};

}  // namespace akgate
