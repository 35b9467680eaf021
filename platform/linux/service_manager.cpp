// SPDX-License-Identifier: Apache-2.0
#include "platform/service_manager.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "platform/posix/os_error.hpp"
#include "platform/process.hpp"

namespace akgate {

namespace {

using std::chrono::microseconds;

// For a service manager that is busy; the desk tells it things.
constexpr timeval kPatience{.tv_sec = 0, .tv_usec = 100'000};

/// A socket whose messages go to `address`, a path or, behind `@`, a name without a file.
Result<Fd> connect_datagrams(const std::string& address) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  const bool has_form = address.starts_with('/') || address.starts_with('@');
  if (!has_form || address.size() < 2 || address.size() >= sizeof to.sun_path) {
    return Error(
        "$NOTIFY_SOCKET must be an absolute path or @ and a name: unset it, or mend what starts "
        "akgated");
  }
  std::copy(address.begin(), address.end(), to.sun_path);
  // The name is as long as the address says, so the size counts.
  if (address.starts_with('@')) to.sun_path[0] = '\0';
  const std::size_t size = offsetof(sockaddr_un, sun_path) + address.size();
  Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto* const generic = reinterpret_cast<const sockaddr*>(&to);
  if (!socket.valid() ||
      setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience) != 0 ||
      connect(socket.get(), generic, static_cast<socklen_t>(size)) != 0) {
    return os_error("cannot reach the service manager at", address);
  }
  return socket;
}

/// How often the service manager wants to hear of us; `pid` is whom it means, where it says so.
Result<std::optional<microseconds>> read_watchdog_time(const std::optional<std::string>& time,
                                                       const std::optional<std::string>& pid) {
  using Found = std::optional<microseconds>;
  if (!time || (pid && pid != std::to_string(getpid()))) return Found();
  constexpr std::uint64_t kLongest = 365ULL * 24 * 3600 * 1'000'000;
  const auto count = parse_number(*time);
  if (count && *count > 0 && *count <= kLongest) return Found(microseconds(*count));
  return Error(
      "$WATCHDOG_USEC must be a number of microseconds, 1 or more and less than a year: unset it, "
      "or mend what starts akgated");
}

microseconds monotonic_time() {
  timespec now{};
  AKGATE_ASSERT(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  return std::chrono::floor<microseconds>(std::chrono::seconds(now.tv_sec) +
                                          std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace

Result<ServiceManager> ServiceManager::from_environment(const Log& log) {
  const auto address = take_environment("NOTIFY_SOCKET");
  const auto time = take_environment("WATCHDOG_USEC");
  const auto pid = take_environment("WATCHDOG_PID");
  ServiceManager manager(log);
  if (!address || address->empty()) return manager;
  auto socket = connect_datagrams(*address);
  if (!socket) return std::move(socket).error();
  manager.socket_ = *std::move(socket);
  auto watchdog = read_watchdog_time(time, pid);
  if (!watchdog) return std::move(watchdog).error();
  manager.watchdog_time_ = *watchdog;
  return manager;
}

void ServiceManager::ready() { tell("READY=1"); }

// The time tells this reload from an earlier one (systemd's Type=notify-reload).
void ServiceManager::reloading() {
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_time().count()));
}

void ServiceManager::stopping() { tell("STOPPING=1"); }

void ServiceManager::status(std::string_view sentence) {
  AKGATE_ASSERT(!has_control_character(sentence));  // A line more would be another message.
  tell("STATUS=" + std::string(sentence));
}

void ServiceManager::feed_watchdog() { tell("WATCHDOG=1"); }

void ServiceManager::tell(std::string_view message) {
  if (!listens()) return;
  const ssize_t sent = ::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
  const bool failed = sent < 0;
  if (failed && !in_trouble_) {
    log_->warning(
        os_error("cannot tell the service manager", message.substr(0, message.find('='))).what());
  }
  in_trouble_ = failed;
}

}  // namespace akgate
