// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <variant>

#include "base/result.hpp"
#include "gate/reception.hpp"
#include "gate/settings.hpp"
#include "platform/event_loop.hpp"
#include "platform/log.hpp"
#include "platform/tcp_listener.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

/// A socket that is served, the gate's, the control socket or HTTP: listens, and has each
/// connection received. On the loop's thread.
class GateServer {
 public:
  /// What the server works with; all of it outlives the server.
  struct Parts {
    EventLoop& loop;
    Reception& reception;
    const Log& log;
  };

  /// Listens from now on; connections are served once the loop runs. Errors are the listener's.
  [[nodiscard]] static Result<std::unique_ptr<GateServer>> open(ServerSettings settings,
                                                                const Parts& parts);

  /// Closes what is open and removes the socket file.
  ~GateServer();

  /// Takes no more connections, removes the socket file, answers what has arrived and closes.
  /// `on_drained` is called once, on the loop, when all connections have ended or `drain_time` is
  /// over. To be called once.
  void drain(Task on_drained);

 private:
  using Listener = std::variant<UnixListener, TcpListener>;
  static Result<Listener> listen(const ServerSettings& settings);

  GateServer(ServerSettings settings, const Parts& parts, Listener listener);

  [[nodiscard]] int listening_fd() const;
  [[nodiscard]] Status start_accepting();
  void stop_accepting();
  void accept_some();
  void pause_accepting(const Error& why);
  void admit(Fd socket);
  void drained();

  const ServerSettings settings_;
  const Parts parts_;
  std::optional<Listener> listener_;  ///< Nothing once draining.
  std::list<std::unique_ptr<ServedConnection>> sessions_;
  Task on_drained_;
  Loop::TimerId timer_ = 0;  ///< Ends a pause in accepting; once draining, the draining.
  bool in_trouble_ = false;  ///< Accepting failed the last time.
};

}  // namespace akgate
