// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "gate/session.hpp"
#include "gate/settings.hpp"
#include "platform/clock.hpp"
#include "platform/event_loop.hpp"
#include "platform/log.hpp"
#include "platform/unix_socket.hpp"
#include "refresh/answers.hpp"

namespace akgate {

/// The gate socket: listens, and gives each connection a session. On the loop's thread.
class GateServer {
 public:
  /// What the gate works with; all of it outlives the gate.
  struct Parts {
    EventLoop& loop;
    Answers& answers;
    const Clock& clock;
    const Log& log;
  };

  /// Listens from now on; connections are served once the loop runs. Errors are UnixListener's.
  [[nodiscard]] static Result<std::unique_ptr<GateServer>> open(GateSettings settings,
                                                                const Parts& parts);

  /// Closes what is open and removes the socket file.
  ~GateServer();

  /// Takes no more connections, removes the socket file, answers the questions that have arrived
  /// and closes. `on_drained` is called once, on the loop, when all connections have ended or
  /// `check_timeout` is over. To be called once.
  void drain(Task on_drained);

 private:
  GateServer(GateSettings settings, const Parts& parts, UnixListener listener);

  [[nodiscard]] Status start_accepting();
  void stop_accepting();
  void accept_some();
  void pause_accepting(const Error& why);
  void admit(Fd socket);
  void drained();

  const GateSettings settings_;
  EventLoop& loop_;
  const Log& log_;
  const GateContext context_;
  std::optional<UnixListener> listener_;  ///< Nothing once draining.
  std::list<Session> sessions_;
  Task on_drained_;
  Loop::TimerId timer_ = 0;  ///< Ends a pause in accepting; once draining, the draining.
  bool in_trouble_ = false;  ///< Accepting failed the last time.
};

}  // namespace akgate
