// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

#include "platform/fd.hpp"
#include "platform/posix/os_error.hpp"
#include "platform/process.hpp"

namespace akgate {

struct Signals::State {
  EventLoop& loop;
  Handlers handlers;
  Fd fd;

  void on_signal() const;
};

void Signals::State::on_signal() const {
  signalfd_siginfo info{};
  if (read(fd.get(), &info, sizeof info) != sizeof info) return;
  if (info.ssi_signo == SIGHUP) {
    handlers.reload();
  } else {
    handlers.terminate();
  }
}

Result<std::unique_ptr<Signals>> Signals::watch(EventLoop& loop, Handlers handlers) {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ours, signal);
  if (pthread_sigmask(SIG_BLOCK, &ours, nullptr) != 0) {
    return Error("cannot block the signals SIGTERM, SIGINT and SIGHUP");
  }
  auto state =
      std::make_unique<State>(State{.loop = loop,
                                    .handlers = std::move(handlers),
                                    .fd = Fd(signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK))});
  if (!state->fd.valid()) return os_error("cannot receive", "signals");
  const int fd = state->fd.get();
  Status watched =
      loop.watch(fd, {.readable = true}, [raw = state.get()](Readiness) { raw->on_signal(); });
  if (!watched) return std::move(watched).error();
  return std::unique_ptr<Signals>(new Signals(std::move(state)));
}

Signals::Signals(std::unique_ptr<State> state) : state_(std::move(state)) {}

Signals::~Signals() { state_->loop.unwatch(state_->fd.get()); }

}  // namespace akgate
