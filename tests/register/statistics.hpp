// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "tests/register/json.hpp"

namespace akgate::sandbox {

/// What was asked of the sandbox, so that a test can prove how many requests something cost. Any
/// thread.
class Statistics {
 public:
  void connection_accepted();
  /// A request for the operation has come in whole; `credentials`: it carried an Authorization
  /// header.
  void enter(std::string_view operation, bool credentials);
  /// Its exchange is over; it was answered with `status` (0 where no answer was sent at all).
  void leave(std::string_view operation, int status);
  void reset();

  /// {"connections", "requests", "operations": {name: {"requests", "with-credentials", "in-flight",
  /// "max-in-flight", "statuses": {"200": n}}}}
  [[nodiscard]] JsonPtr to_json() const;

 private:
  struct Operation {
    std::uint64_t requests = 0;
    std::uint64_t with_credentials = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t max_in_flight = 0;
    std::map<int, std::uint64_t> statuses = {};
  };

  mutable std::mutex mutex_;
  std::uint64_t connections_ = 0;
  std::map<std::string, Operation, std::less<>> operations_;
};

}  // namespace akgate::sandbox
