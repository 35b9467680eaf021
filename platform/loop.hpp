// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "platform/clock.hpp"

namespace akgate {

using Task = std::function<void()>;

/// Runs tasks one after the other on one thread. Desk and clerk each live on a loop of their own;
/// the simulator runs both on one, with its own clock.
class Loop {
 public:
  using TimerId = std::uint64_t;  ///< Never 0.

  virtual ~Loop() = default;

  /// Runs the task soon, in the order posted. The one call that other threads may make. Unbounded
  /// by itself: who posts bounds what is under way (flights, waiters), and says so.
  virtual void post(Task task) = 0;

  /// Runs the task once, at or after `when`. Cancelling a timer that has fired or does not exist is
  /// nothing.
  virtual TimerId at(BootTime when, Task task) = 0;
  virtual void cancel(TimerId timer) = 0;

  [[nodiscard]] virtual BootTime now() const = 0;
};

}  // namespace akgate
