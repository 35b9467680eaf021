// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "record/access_record.hpp"
#include "record/data_user.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// How a request to the register ended. Drives everything: only `silent` may open grace (I4), only
/// `found` and `not_found` are knowledge.
enum class Outcome : std::uint8_t {
  found,      ///< It answered what was asked for.
  not_found,  ///< It answered, in its own envelope, that there is no such thing.
  silent,     ///< No connection, TLS refused, time-out, 5xx, 429.
  refused,    ///< It refused us: 401, 403, another 4xx; or we have no credentials to ask with.
  malformed   ///< It, or something in between, answered something that makes no sense.
};

/// Whether silence is the link's or may be this one request's: a refused connection concerns every
/// key, a 500 or a hang perhaps one.
enum class Silence : std::uint8_t { none, link, request };

/// The end of one inquiry, whatever it was about.
struct Ending {
  Outcome outcome = Outcome::silent;
  Silence silence = Silence::none;  ///< For Outcome::silent.
  std::string transaction_id;
  /// The register's clock as attested over TLS (or loopback http): `response.timestamp`, else the
  /// Date header.
  std::optional<Timestamp> attested;
  /// `Retry-After` of a 429 or 503, not capped.
  std::optional<std::chrono::milliseconds> retry_after;
  /// For the log: what happened and what to do about it. No key, no URL, no body, no meter point
  /// (I9).
  std::string detail;
  /// How many requests the register saw for it (I11): more than one where a token had to be
  /// fetched, none where we knew that it would refuse us.
  unsigned requests = 1;
};

/// The end of "verify" (operation 3).
struct VerifyOutcome : Ending {
  AccessRecord record;  ///< For Outcome::found.
};

/// The end of "list by meter point" (operation 4), as far as it is about one key.
struct ListingOutcome : Ending {
  bool listed = false;  ///< For Outcome::found: whether the key is among the meter point's.
};

/// The end of a look into the directory of Data Users.
struct DataUserOutcome : Ending {
  DataUserStatus status = DataUserStatus::other;  ///< For Outcome::found.
};

}  // namespace akgate
