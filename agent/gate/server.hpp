// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "gate/dialogue.hpp"
#include "gate/session.hpp"
#include "gate/settings.hpp"
#include "platform/event_loop.hpp"
#include "platform/log.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

/// A socket of lines and replies, the gate's or the control socket: listens, and gives each
/// connection a session. On the loop's thread.
class GateServer {
 public:
  /// What the server works with; all of it outlives the server.
  struct Parts {
    EventLoop& loop;
    Dialogue& dialogue;
    const Log& log;
  };

  /// Listens from now on; connections are served once the loop runs. Errors are UnixListener's.
  [[nodiscard]] static Result<std::unique_ptr<GateServer>> open(ServerSettings settings,
                                                                const Parts& parts);

  /// Closes what is open and removes the socket file.
  ~GateServer();

  /// Takes no more connections, removes the socket file, answers what has arrived and closes.
  /// `on_drained` is called once, on the loop, when all connections have ended or `drain_time` is
  /// over. To be called once.
  void drain(Task on_drained);

 private:
  GateServer(ServerSettings settings, const Parts& parts, UnixListener listener);

  [[nodiscard]] Status start_accepting();
  void stop_accepting();
  void accept_some();
  void pause_accepting(const Error& why);
  void admit(Fd socket);
  void drained();

  const ServerSettings settings_;
  const Parts parts_;
  std::optional<UnixListener> listener_;  ///< Nothing once draining.
  std::list<Session> sessions_;
  Task on_drained_;
  Loop::TimerId timer_ = 0;  ///< Ends a pause in accepting; once draining, the draining.
  bool in_trouble_ = false;  ///< Accepting failed the last time.
};

}  // namespace akgate
