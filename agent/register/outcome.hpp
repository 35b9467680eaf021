// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "record/access_record.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// How a request to the register ended. Drives everything: only `silent` may open grace (I4), only
/// `record` and `not_found` are knowledge.
enum class Outcome : std::uint8_t {
  record,     ///< It answered with a record.
  not_found,  ///< It answered, in its own envelope, that there is no such record.
  silent,     ///< No connection, TLS refused, time-out, 5xx, 429.
  refused,    ///< It refused us: 401, 403, another 4xx. Says nothing about the key.
  malformed   ///< It, or something in between, answered something that makes no sense.
};

/// Whether silence is the link's or may be this one request's: a refused connection concerns every
/// key, a 500 or a hang perhaps one.
enum class Silence : std::uint8_t { none, link, request };

/// The end of one "verify" request.
struct VerifyOutcome {
  Outcome outcome = Outcome::silent;
  Silence silence = Silence::none;  ///< For Outcome::silent.
  AccessRecord record;              ///< For Outcome::record.
  std::string transaction_id;
  /// The register's clock as attested over TLS (or loopback http): `response.timestamp`, else the
  /// Date header.
  std::optional<Timestamp> attested;
  /// `Retry-After` of a 429 or 503, not capped.
  std::optional<std::chrono::milliseconds> retry_after;
  /// For the log: what happened and what to do about it. No key, no URL, no body (I9).
  std::string detail;
};

}  // namespace akgate
