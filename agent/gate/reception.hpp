// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "refresh/line.hpp"

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

  /// There is no place for it any more: what is not settled is given up, and that it is overloaded
  /// is said, as far as the other end takes it. To be destroyed after that.
  virtual void dismiss() = 0;
  /// Whose connection it is.
  [[nodiscard]] virtual Uid uid() const = 0;
  /// Since when nothing has come in and nothing has been taken.
  [[nodiscard]] virtual BootTime idle_since() const = 0;
  /// Whether a question waits for its answer, and the other end has taken the others'.
  [[nodiscard]] virtual bool awaits_answer() const = 0;
};

/// Who takes in a server's connections: lines (Dialogue) or HTTP (HttpFront). One for all
/// connections of a socket, outlives them.
class Reception {
 public:
  virtual ~Reception() = default;

  [[nodiscard]] virtual std::unique_ptr<ServedConnection> receive(Fd socket, EventLoop& loop) = 0;
  /// The whole reply to somebody for whom there is no room.
  [[nodiscard]] virtual std::string_view overloaded() const = 0;
  /// The whole reply to somebody who may not ask here, with `why`, for a person.
  [[nodiscard]] virtual std::string forbidden(std::string_view why) const = 0;
};

}  // namespace akgate
