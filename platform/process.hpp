// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "platform/event_loop.hpp"

namespace akgate {

/// Closes the process to prying (I9): no core dump, memory not readable by other processes of the
/// same user (PR_SET_DUMPABLE 0), umask 077. Also: one malloc arena, SIGPIPE ignored, and /dev/null
/// for a standard stream that was closed. Early in main, before secrets are read.
[[nodiscard]] Status harden_process();

/// The signals that an agent lives by, delivered on a loop: blocked for all threads (so create it
/// before any), read from a descriptor. They stay blocked when it goes: a second SIGTERM must not
/// cut short what the first one began. Neither handler may end the Signals that called it.
class Signals {
 public:
  struct Handlers {
    std::function<void()> terminate;  ///< SIGTERM, SIGINT
    std::function<void()> reload;     ///< SIGHUP
  };
  /// `loop` outlives this.
  [[nodiscard]] static Result<std::unique_ptr<Signals>> watch(EventLoop& loop, Handlers handlers);
  ~Signals();

 private:
  struct State;
  explicit Signals(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// An environment variable; nothing where unset.
[[nodiscard]] std::optional<std::string> environment(const char* name);

/// The same, and unsets it, so that no child inherits it. Before there are other threads.
[[nodiscard]] std::optional<std::string> take_environment(const char* name);

/// How many bytes this process has made the system write to storage so far (getrusage(2), in blocks
/// of 512); nothing where it does not say.
[[nodiscard]] std::optional<std::uint64_t> device_bytes_written();

/// Whether the descriptor is a terminal.
[[nodiscard]] bool is_terminal(int fd);

/// How many characters a line of the terminal holds; nothing where the descriptor is none, or it
/// does not say.
[[nodiscard]] std::optional<std::size_t> terminal_width(int fd);

}  // namespace akgate
