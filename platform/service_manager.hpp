// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/fd.hpp"
#include "platform/log.hpp"

namespace akgate {

/// What started us and watches over us, where it speaks systemd's protocol (sd_notify(3)); without
/// it every message is nothing. A message that cannot be sent is a warning, once; one waits a tenth
/// of a second at most for a service manager that does not read.
class ServiceManager {
 public:
  /// Takes from the environment where it is to be told, and unsets that, so that no child speaks in
  /// our name. To be called once, before there are other threads. An error where what stands there
  /// makes no sense. `log` outlives this.
  [[nodiscard]] static Result<ServiceManager> from_environment(const Log& log);

  /// We answer: after the start, and after a reload.
  void ready();
  /// The configuration is being read anew; ready() follows.
  void reloading();
  /// We are ending.
  void stopping();
  /// How it stands, as `systemctl status` shows it: a sentence.
  void status(std::string_view sentence);
  void feed_watchdog();

  /// Whether anybody listens.
  [[nodiscard]] bool listens() const { return socket_.valid(); }
  /// How long we may be silent before we count as stuck and are killed; nothing: for ever.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog_time() const {
    return watchdog_time_;
  }

 private:
  explicit ServiceManager(const Log& log) : log_(&log) {}
  void tell(std::string_view message);

  const Log* log_;
  Fd socket_;  ///< Connected.
  std::optional<std::chrono::microseconds> watchdog_time_;
  bool in_trouble_ = false;  ///< The last message was not taken.
};

/// A socket that the service manager listens on for us (socket activation, sd_listen_fds(3)).
struct InheritedSocket {
  std::string name;  ///< What the service manager calls it: `FileDescriptorName=` of its unit.
  std::string path;  ///< Of its file; empty where it is a loopback address and port.
  Fd socket;
};

/// Takes over the sockets that were handed to this process; none where there are none. Unsets the
/// variables that told of them. To be called once, before there are other threads and before
/// anything else opens descriptors. An error where one is no listening stream socket, Unix or
/// loopback.
[[nodiscard]] Result<std::vector<InheritedSocket>> take_inherited_sockets();

}  // namespace akgate
