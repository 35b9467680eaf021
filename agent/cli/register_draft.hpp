// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "record/draft_rules.hpp"
#include "register/transport.hpp"

namespace akgate {

/// A record that may be sent to the register.
struct Draft {
  std::string text;       ///< JSON, as the person wrote it.
  bool by_token = false;  ///< It has a re-identification token in place of an identity record.
};

/// Reads a draft (`-`: from the standard input) and checks it against every rule of the register.
/// The error has a line for each fault, and one that says that nothing was sent.
[[nodiscard]] Result<Draft> read_draft(std::string_view file, DraftPurpose purpose);

/// The faults, a line each: `processing.purpose: must be a text that is not empty`.
[[nodiscard]] std::string describe(const std::vector<DraftFault>& faults);

/// What the register gave for a new record.
struct CreatedRecord {
  Secret key;            ///< Empty where it named none that is one.
  std::string location;  ///< As it came.
  std::string expires;   ///< `never` for null, empty where it is not told.
  std::string transaction_id;
};

/// Reads the 201 answer to "create". The key is looked for in the Location too: without it the
/// record that is now there could not be used.
[[nodiscard]] CreatedRecord read_created(const HttpReply& reply);

}  // namespace akgate
