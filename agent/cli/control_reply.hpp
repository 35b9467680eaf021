// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace akgate {

/// The agent's reply to an operator's command.
struct ControlReply {
  bool done = false;             ///< `OK`; else `ERROR`.
  std::string fingerprint = {};  ///< `OK`: which record it was.
  std::string state = {};   ///< `OK` to PREFETCH: the record's state, `not-found` for no record.
  std::string reason = {};  ///< `ERROR`: a word.
  std::string detail = {};  ///< `ERROR`: for a person; may be empty.
};

/// Reads a reply line. Names that are not known are passed over: the agent may be newer than we.
[[nodiscard]] Result<ControlReply> parse_control_reply(std::string_view line);

/// The error that what came is no reply of an agent.
[[nodiscard]] Error nonsense_from_agent();

/// The error in a line that came where something else should have: what the agent says, if it is a
/// refusal, or that it makes no sense.
[[nodiscard]] Error refusal_in(std::string_view line);

/// Why it was not done, for a person.
[[nodiscard]] std::string describe_refusal(const ControlReply& reply);

}  // namespace akgate
