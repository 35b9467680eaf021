// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "record/access_key.hpp"
#include "record/duid.hpp"
#include "record/mpxn.hpp"
#include "register/outcome.hpp"

namespace akgate {

/// Asks the register what a verdict may rest on. The simulator has another one. All on one loop.
///
/// Each call calls its `on_end` exactly once, later, on the same loop: within `register.timeout`
/// for each request that it takes, from when its turn has come.
class Verifier {
 public:
  template <typename Outcome>
  using OnEnd = std::function<void(Outcome)>;

  virtual ~Verifier() = default;

  /// Operation 3, `GET /access-records/{ak}`: no authentication at all.
  virtual void verify(const AccessKey& key, OnEnd<VerifyOutcome> on_end) = 0;

  /// Operation 4, `GET /meter-points/{mpxn}/access-records`, with a bearer token: whether the key
  /// is listed there. The other keys that the answer hands out are kept nowhere.
  virtual void verify_meter_point(const AccessKey& key, const Mpxn& mpxn,
                                  OnEnd<ListingOutcome> on_end) = 0;

  /// `GET /data-users/{duid}`, with a bearer token.
  virtual void verify_data_user(const Duid& duid, OnEnd<DataUserOutcome> on_end) = 0;
};

}  // namespace akgate
