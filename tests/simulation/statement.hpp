// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "record/access_record.hpp"
#include "record/data_user.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// What a request is about.
struct Topic {
  enum class Kind : std::uint8_t { record, listing, data_user };
  Kind kind = Kind::record;
  std::size_t key = 0;    ///< Of a record or listing.
  std::size_t other = 0;  ///< The meter point or the Data User.
  [[nodiscard]] bool operator==(const Topic&) const = default;
};

/// Something the register said, as it reached the agent.
struct Statement {
  Topic topic;
  std::string transaction_id{};
  std::optional<AccessRecord> record{};  ///< Nothing: "no such record".
  bool listed = false;
  DataUserStatus status = DataUserStatus::unknown;
  Timestamp sent{};       ///< True time at which it was asked for
  Timestamp delivered{};  ///< and came.
};

/// Whether it helps to allow anything.
[[nodiscard]] bool grants(const Statement& statement);
[[nodiscard]] bool is_revocation(const Statement& statement);

/// In one line.
[[nodiscard]] std::string describe(const Topic& topic);
[[nodiscard]] std::string describe(const Statement& statement);
[[nodiscard]] std::string describe(const AccessRecord& record);

}  // namespace akgate
