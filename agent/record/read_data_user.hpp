// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "record/data_user.hpp"
#include "record/duid.hpp"
#include "record/read_envelope.hpp"

namespace akgate {

/// The 200 answer of the directory of Data Users, read.
struct DataUserAnswer {
  Envelope envelope;
  DataUserStatus status = DataUserStatus::other;  ///< Other than one of the published: `other`.
};

/// Reads the body of a 200 answer to `GET /data-users/{duid}`. Strict towards what grants: `active`
/// takes a `transaction-id`, for the audit trail.
///
/// An error, that is an answer which makes no sense and says nothing about the Data User:
///  - not one JSON object, or no object named `data-user` in it,
///  - a `duid` that is another than the asked one,
///  - a name that stands twice, or in other letters than the register's, in the answer, in
///    `response` or in `data-user`.
[[nodiscard]] Result<DataUserAnswer> read_data_user_answer(std::string_view body,
                                                           const Duid& asked);

}  // namespace akgate
