// SPDX-License-Identifier: Apache-2.0
#include "gate/server.hpp"

#include <utility>

#include "base/assert.hpp"

namespace akgate {

namespace {

constexpr int kBacklog = 128;
// So that a storm of connections does not keep open ones waiting.
constexpr int kMaxAcceptsPerTurn = 16;
// Until another try where descriptors ran out: the socket stays ready, and trying on would spin.
constexpr std::chrono::milliseconds kAcceptPause{250};

}  // namespace

Result<std::unique_ptr<GateServer>> GateServer::open(ServerSettings settings, const Parts& parts) {
  AKGATE_ASSERT(settings.max_connections > 0);
  auto listener =
      UnixListener::listen(settings.socket_path, settings.mode, settings.group, kBacklog);
  if (!listener) return std::move(listener).error();
  std::unique_ptr<GateServer> server(
      new GateServer(std::move(settings), parts, std::move(listener).value()));
  Status accepting = server->start_accepting();
  if (!accepting) return std::move(accepting).error();
  return server;
}

GateServer::GateServer(ServerSettings settings, const Parts& parts, UnixListener listener)
    : settings_(std::move(settings)), parts_(parts), listener_(std::move(listener)) {}

GateServer::~GateServer() { stop_accepting(); }

Status GateServer::start_accepting() {
  return parts_.loop.watch(listener_->fd(), {.readable = true},
                           [this](Readiness) { accept_some(); });
}

void GateServer::stop_accepting() {
  parts_.loop.cancel(timer_);
  if (listener_) parts_.loop.unwatch(listener_->fd());
}

void GateServer::accept_some() {
  for (int i = 0; i < kMaxAcceptsPerTurn; ++i) {
    auto next = listener_->accept();
    if (!next) return pause_accepting(next.error());
    in_trouble_ = false;
    if (!next.value()) return;
    admit(std::move(**next));
  }
}

void GateServer::pause_accepting(const Error& why) {
  if (!std::exchange(in_trouble_, true)) {
    parts_.log.warning("no new connections to " + settings_.socket_path +
                       " for now: " + why.what());
  }
  stop_accepting();
  timer_ = parts_.loop.at(parts_.loop.now() + kAcceptPause, [this] {
    const Status accepting = start_accepting();
    if (!accepting) pause_accepting(accepting.error());
  });
}

void GateServer::admit(Fd socket) {
  if (sessions_.size() >= settings_.max_connections) {
    // An empty socket takes a line this short, or its owner is gone.
    static_cast<void>(send(socket.get(), kOverloaded));
    return discard_input(socket.get());
  }
  const auto session =
      sessions_.emplace(sessions_.end(), std::move(socket), parts_.loop, parts_.dialogue);
  const Status started = session->start([this, session] {
    sessions_.erase(session);
    if (on_drained_ && sessions_.empty()) drained();
  });
  if (!started) sessions_.erase(session);
}

void GateServer::drain(Task on_drained) {
  AKGATE_ASSERT(listener_ && on_drained);
  stop_accepting();
  listener_.reset();
  on_drained_ = std::move(on_drained);
  if (sessions_.empty()) return drained();
  for (Session& session : sessions_) session.drain();
  timer_ = parts_.loop.at(parts_.loop.now() + settings_.drain_time, [this] {
    for (Session& session : sessions_) session.answer_rest();
    sessions_.clear();
    drained();
  });
}

void GateServer::drained() {
  parts_.loop.cancel(timer_);
  parts_.loop.post(std::exchange(on_drained_, nullptr));
}

}  // namespace akgate
