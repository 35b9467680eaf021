// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "record/access_key.hpp"
#include "record/mpxn.hpp"

namespace akgate {

/// Why something that the operator wanted was not done.
struct Refusal {
  std::string_view reason;  ///< A word of the gate protocol, or `not-durable`.
  std::string detail;       ///< For a person: what happened and what to do. Never a key (I9).
};

/// How the register stands, for STATUS.
struct RegisterStanding {
  bool silent = false;  ///< It does not answer: what is known counts within its grace.
  std::optional<std::chrono::seconds> since_last_answer;  ///< Nothing: none since the start.
  std::size_t waiting = 0;                                ///< Questions that wait for it.
  /// To keep fresh what is in use, and warm what is not; and `max-requests-per-second`.
  double requests_per_second_needed = 0;
  std::size_t requests_per_second_allowed = 0;
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

  virtual ~Controls() = default;

  /// The operator's own proof that a key belongs to a meter point. Durable before `on_done`.
  virtual void bind(const AccessKey& key, const Mpxn& mpxn, OnDone on_done) = 0;
  /// Takes back whatever ties the key to a meter point. Durable before `on_done`.
  virtual void unbind(const AccessKey& key, OnDone on_done) = 0;

  /// Sees to it that what is known of a key is fresh, within a minute or so; a key that cannot be
  /// asked about is a refusal (`register-unreachable`, …).
  virtual void prefetch(const AccessKey& key, OnFetched on_fetched) = 0;

  [[nodiscard]] virtual RegisterStanding register_standing() const = 0;
  /// `fp_…`, how operators and logs name a record.
  [[nodiscard]] virtual std::string fingerprint(const AccessKey& key) const = 0;
};

}  // namespace akgate
