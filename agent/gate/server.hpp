// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <variant>

#include "base/result.hpp"
#include "gate/places.hpp"
#include "gate/reception.hpp"
#include "gate/settings.hpp"
#include "platform/event_loop.hpp"
#include "platform/log.hpp"
#include "platform/tcp_listener.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

/// A socket that is served, the gate's, the control socket or HTTP: listens, and has each
/// connection received. Where all places are taken, a user with less than a fair share of them gets
/// that of a connection of the user with the most, idle ones first (I12). On the loop's thread.
class GateServer {
 public:
  /// What the server works with; all of it outlives the server.
  struct Parts {
    EventLoop& loop;
    Reception& reception;
    const Log& log;
  };

  /// Listens from now on, on a socket of its own or, where there is one, on `given`, the service
  /// manager's; connections are served once the loop runs. Errors are the listener's.
  [[nodiscard]] static Result<std::unique_ptr<GateServer>> open(ServerSettings settings,
                                                                const Parts& parts,
                                                                Fd given = Fd());

  /// Closes what is open and removes the socket file, if that is its own.
  ~GateServer();

  /// Takes no more connections, removes the socket file, answers what has arrived and closes.
  /// `on_drained` is called once, on the loop, when all connections have ended or `drain_time` is
  /// over. To be called once.
  void drain(Task on_drained);

  [[nodiscard]] std::size_t connections() const { return sessions_.size(); }

 private:
  using Listener = std::variant<UnixListener, TcpListener>;
  static Result<Listener> listen(const ServerSettings& settings, Fd given);

  GateServer(ServerSettings settings, const Parts& parts, Listener listener);

  [[nodiscard]] int listening_fd() const;
  [[nodiscard]] Status start_accepting();
  void stop_accepting();
  void accept_some();
  void pause_accepting(const Error& why);
  using Sessions = std::list<std::unique_ptr<ServedConnection>>;
  void admit(Fd socket);
  [[nodiscard]] bool make_room_for(Uid uid);
  void forget(Sessions::iterator session);
  static void turn_away(const Fd& socket, std::string_view line);
  void drained();

  const ServerSettings settings_;
  const Parts parts_;
  std::optional<Listener> listener_;  ///< Nothing once draining.
  Sessions sessions_;
  Places places_;
  Task on_drained_;
  Loop::TimerId timer_ = 0;  ///< Ends a pause in accepting; once draining, the draining.
  bool in_trouble_ = false;  ///< Accepting failed the last time.
};

}  // namespace akgate
