// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "record/access_key.hpp"
#include "register/outcome.hpp"

namespace akgate {

/// Asks the register about a key: operation 3, `GET /access-records/{ak}`, no authentication at
/// all. The simulator has another one.
class Verifier {
 public:
  using OnEnd = std::function<void(VerifyOutcome)>;

  virtual ~Verifier() = default;

  /// Calls `on_end` exactly once, later, on the same loop; within `register.timeout` from when its
  /// turn has come.
  virtual void verify(const AccessKey& key, OnEnd on_end) = 0;
};

}  // namespace akgate
