// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "record/timestamp.hpp"

namespace akgate {

/// `status` in the register's directory of Data Users. `unknown`: the register says that there is
/// no such Data User. `other`: any word but the three published ones, or none.
enum class DataUserStatus : std::uint8_t { active, suspended, terminated, unknown, other };

/// The register's words; everything else is `other`.
[[nodiscard]] DataUserStatus parse_data_user_status(std::string_view text);

/// The last thing the register said about a Data User (`GET /data-users/{duid}`).
struct DataUserStanding {
  DataUserStatus status = DataUserStatus::other;
  /// Trusted time at which the request was *sent*.
  Timestamp as_of{};
  std::string transaction_id;
  [[nodiscard]] bool operator==(const DataUserStanding&) const = default;
};

}  // namespace akgate
