// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// One connection as its server sees it. On the loop's thread.
class ServedConnection {
 public:
  virtual ~ServedConnection() = default;

  /// Serves from now on, and calls `on_over` when the connection has ended: as the last thing it
  /// does, so that the object may be destroyed there. To be called once. An error where the loop
  /// has no room for one more.
  [[nodiscard]] virtual Status start(Task on_over) = 0;

  /// Answers what has arrived and then ends. Returns at once; `on_over` comes later.
  virtual void drain() = 0;
  /// The time for draining is over: what is not settled is given up, and answered as far as the
  /// other end takes it. To be destroyed after that.
  virtual void answer_rest() = 0;
};

/// Who takes in a server's connections: lines (Dialogue) or HTTP (HttpFront). One for all
/// connections of a socket, outlives them.
class Reception {
 public:
  virtual ~Reception() = default;

  [[nodiscard]] virtual std::unique_ptr<ServedConnection> receive(Fd socket, EventLoop& loop) = 0;
  /// The whole reply to somebody for whom there is no room.
  [[nodiscard]] virtual std::string_view overloaded() const = 0;
};

}  // namespace akgate
