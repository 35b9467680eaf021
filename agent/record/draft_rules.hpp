// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "record/json.hpp"

namespace akgate {

/// What a draft of an access record is for: `POST /access-records`, or `PUT /access-records/{ak}`.
enum class DraftPurpose : std::uint8_t { create, replace };

/// A rule of the register that a draft breaks.
struct DraftFault {
  std::string path;    ///< Where, as a JSON path: `processing.data-types[1]`.
  std::string remedy;  ///< What would be right there. Never repeats what the draft says.

  [[nodiscard]] bool operator==(const DraftFault&) const = default;
};

/// Every rule of the register about the content of an access record that needs nothing but the
/// record, per legal basis and arrangement; all faults at once, in the order of the record. No
/// stricter than the register: what it does not demand may be left out or null, and names that it
/// does not know may stand anywhere, unless they differ from one that it knows in case only.
[[nodiscard]] std::vector<DraftFault> check_draft(JsonView root, DraftPurpose purpose);

}  // namespace akgate
