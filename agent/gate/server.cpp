// SPDX-License-Identifier: Apache-2.0
#include "gate/server.hpp"

#include <utility>

#include "base/assert.hpp"

namespace akgate {

namespace {

constexpr int kBacklog = 128;
// So that a storm of connections does not keep open ones waiting.
constexpr int kMaxAcceptsPerTurn = 4;
// Until another try where descriptors ran out: the socket stays ready, and trying on would spin.
constexpr std::chrono::milliseconds kAcceptPause{250};

}  // namespace

Result<std::unique_ptr<GateServer>> GateServer::open(ServerSettings settings, const Parts& parts,
                                                     Fd given) {
  AKGATE_ASSERT(settings.max_connections > 0);
  auto listener = listen(settings, std::move(given));
  if (!listener) return std::move(listener).error();
  std::unique_ptr<GateServer> server(
      new GateServer(std::move(settings), parts, std::move(listener).value()));
  Status accepting = server->start_accepting();
  if (!accepting) return std::move(accepting).error();
  return server;
}

Result<GateServer::Listener> GateServer::listen(const ServerSettings& settings, Fd given) {
  if (given.valid()) {  // whatever it listens at
    auto adopted = UnixListener::adopt(std::move(given), settings.address());
    if (!adopted) return std::move(adopted).error();
    return Listener(std::move(adopted).value());
  }
  if (!settings.tcp_address.empty()) {
    auto tcp = TcpListener::listen(settings.tcp_address, kBacklog);
    if (!tcp) return std::move(tcp).error();
    return Listener(std::move(tcp).value());
  }
  auto file = UnixListener::listen(settings.socket_path, settings.mode, settings.group, kBacklog);
  if (!file) return std::move(file).error();
  return Listener(std::move(file).value());
}

GateServer::GateServer(ServerSettings settings, const Parts& parts, Listener listener)
    : settings_(std::move(settings)),
      parts_(parts),
      listener_(std::move(listener)),
      places_(settings_.max_connections, settings_.max_connections_per_uid) {}

GateServer::~GateServer() { stop_accepting(); }

int GateServer::listening_fd() const {
  return std::visit([](const auto& listener) { return listener.fd(); }, *listener_);
}

Status GateServer::start_accepting() {
  return parts_.loop.watch(listening_fd(), {.readable = true},
                           [this](Readiness) { accept_some(); });
}

void GateServer::stop_accepting() {
  parts_.loop.cancel(timer_);
  if (listener_) parts_.loop.unwatch(listening_fd());
}

void GateServer::accept_some() {
  for (int i = 0; i < kMaxAcceptsPerTurn; ++i) {
    auto next = std::visit([](auto& listener) { return listener.accept(); }, *listener_);
    if (!next) return pause_accepting(next.error());
    in_trouble_ = false;
    if (!next.value()) return;
    admit(std::move(**next));
  }
}

void GateServer::pause_accepting(const Error& why) {
  if (!std::exchange(in_trouble_, true)) {
    parts_.log.warning("no new connections to " + settings_.address() + " for now: " + why.what());
  }
  stop_accepting();
  timer_ = parts_.loop.at(parts_.loop.now() + kAcceptPause, [this] {
    const Status accepting = start_accepting();
    if (!accepting) pause_accepting(accepting.error());
  });
}

void GateServer::admit(Fd socket) {
  if (!settings_.peers.include(socket.get())) {
    return turn_away(socket, parts_.reception.forbidden(settings_.peers.refusal));
  }
  const auto session =
      sessions_.insert(sessions_.end(), parts_.reception.receive(std::move(socket), parts_.loop));
  if (!make_room_for((*session)->uid())) {
    (*session)->dismiss();
    sessions_.erase(session);
    return;
  }
  places_.take((*session)->uid());
  const Status started = (*session)->start([this, session] {
    forget(session);
    if (on_drained_ && sessions_.empty()) drained();
  });
  if (!started) forget(session);
}

/// False where there is none. Of the user who holds most, whoever awaits no answer goes first, and
/// of these whoever has done nothing for longest.
bool GateServer::make_room_for(Uid uid) {
  const Places::Room room = places_.room_for(uid);
  if (room != Places::Room::of_another) return room == Places::Room::free;
  const Uid loser = places_.holder_of_most();
  auto chosen = sessions_.end();
  for (auto session = sessions_.begin(); session != sessions_.end(); ++session) {
    if ((*session)->uid() != loser) continue;
    const auto rank = [](const ServedConnection& s) {
      return std::pair(s.awaits_answer(), s.idle_since());
    };
    if (chosen == sessions_.end() || rank(**session) < rank(**chosen)) chosen = session;
  }
  (*chosen)->dismiss();
  forget(chosen);
  return true;
}

void GateServer::forget(Sessions::iterator session) {
  places_.leave((*session)->uid());
  sessions_.erase(session);
}

void GateServer::turn_away(const Fd& socket, std::string_view line) {
  // An empty socket takes a line this short, or its owner is gone.
  static_cast<void>(send(socket.get(), line));
  discard_input(socket.get());
}

void GateServer::drain(Task on_drained) {
  AKGATE_ASSERT(listener_ && on_drained);
  stop_accepting();
  listener_.reset();
  on_drained_ = std::move(on_drained);
  if (sessions_.empty()) return drained();
  for (const auto& session : sessions_) session->drain();
  timer_ = parts_.loop.at(parts_.loop.now() + settings_.drain_time, [this] {
    for (const auto& session : sessions_) session->answer_rest();
    sessions_.clear();
    drained();
  });
}

void GateServer::drained() {
  parts_.loop.cancel(timer_);
  parts_.loop.post(std::exchange(on_drained_, nullptr));
}

}  // namespace akgate
