// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "record/access_key.hpp"
#include "record/data_types.hpp"

namespace akgate {

/// How far a question may go for its answer.
enum class Mode : std::uint8_t {
  normal,  ///< From memory where fresh, else ask the register.
  cached,  ///< Never contact the register.
  fresh    ///< Always ask it now, never from grace.
};

/// "May data of these types, of this meter point, be released to this controller under this key?"
struct Question {
  std::optional<AccessKey> key;  ///< Nothing: what was given is no access key.
  DataTypes data_types;
  std::optional<std::string> mpxn;  ///< As given; judge() says whether it is one.
  std::optional<std::string> controller;
  std::optional<std::string> duid;
  Mode mode = Mode::normal;
};

}  // namespace akgate
