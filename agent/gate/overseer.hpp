// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "gate/overview.hpp"
#include "refresh/controls.hpp"
#include "refresh/line.hpp"

namespace akgate {

/// Something the operator has done that changes what will be answered, for the trail of decisions
/// (I13).
struct Act {
  enum class Kind : std::uint8_t { bind, unbind, block, unblock, forget };
  Kind kind = Kind::bind;
  Uid by = kNobody;
  std::optional<AccessKey> key;  ///< Neither: all keys.
  std::optional<Mpxn> mpxn;
};

/// What the control socket needs of the agent as a whole. On the desk's loop.
class Overseer {
 public:
  virtual ~Overseer() = default;

  [[nodiscard]] virtual Overview overview() = 0;
  /// Reads the configuration again and goes by it: what it gives is for a person, about what needs
  /// a restart; or, where it is bad, why all stays as it was.
  [[nodiscard]] virtual Result<std::string> reload(Uid by) = 0;
  /// It is done, and durable.
  virtual void note(const Act& act) = 0;
};

}  // namespace akgate
