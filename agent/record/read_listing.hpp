// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"
#include "record/access_key.hpp"
#include "record/mpxn.hpp"
#include "record/read_envelope.hpp"

namespace akgate {

/// The longest list that is read: the register's greatest, 500 rows, with 8 KiB for each.
inline constexpr std::size_t kMaxListBytes = std::size_t{4} * 1024 * 1024;

/// What the 200 answer to "list by meter point" (operation 4) says about one key.
struct Listing {
  Envelope envelope;
  bool listed = false;  ///< The key is among the meter point's.
};

/// Looks for the row of one key; of the others, which are other people's secrets, nothing is kept.
/// Strict towards what grants: `listed` takes a `transaction-id` (for the audit trail) and a row
/// whose `ak` is the asked key, letter by letter. Rows of rubbish are not ours.
///
/// An error, that is an answer which makes no sense and says nothing about the key:
///  - not one JSON object, or no list named `access-records`,
///  - an `mpxn`, of the answer or of our row, that is another than the asked one,
///  - a name that stands twice, or in other letters than the register's, in the answer, in
///    `response` or in our row.
[[nodiscard]] Result<Listing> read_listing(std::string_view body, const AccessKey& asked,
                                           const Mpxn& mpxn);

}  // namespace akgate
