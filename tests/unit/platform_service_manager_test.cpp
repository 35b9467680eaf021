// SPDX-License-Identifier: Apache-2.0
#include "platform/service_manager.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <string>

#include "platform/process.hpp"
#include "platform/unix_socket.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

/// Runs the body in a process of its own and gives back its exit status.
int as_a_service(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void set(const char* name, const std::string& value) {
  ASSERT_EQ(setenv(name, value.c_str(), 1), 0);
}

Fd bound(int type, const std::string& address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  address.copy(name.sun_path, sizeof name.sun_path);
  if (address.starts_with('@')) name.sun_path[0] = '\0';
  Fd socket(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  EXPECT_EQ(bind(socket.get(), reinterpret_cast<const sockaddr*>(&name),
                 static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size())),
            0)
      << address;
  return socket;
}

/// What of a service manager the agent sees.
class FakeServiceManager {
 public:
  explicit FakeServiceManager(const std::string& address) : socket_(bound(SOCK_DGRAM, address)) {
    set("NOTIFY_SOCKET", address);
  }
  ~FakeServiceManager() { unsetenv("NOTIFY_SOCKET"); }

  /// The next message; empty where there is none.
  [[nodiscard]] std::string heard() const {
    std::array<char, 512> message{};
    const ssize_t size = recv(socket_.get(), message.data(), message.size(), 0);
    return {message.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
  }

 private:
  Fd socket_;
};

class Notifying : public testing::Test {
 protected:
  ~Notifying() override {
    for (const char* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
      unsetenv(name);
    }
  }

  /// A log whose lines can be read.
  [[nodiscard]] std::string logged() const {
    std::array<char, 4096> text{};
    const ssize_t size = read(log_ends_[0], text.data(), text.size());
    return {text.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
  }

  TemporaryDirectory directory_;
  std::array<int, 2> log_ends_ = [] {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
    return ends;
  }();
  Fd log_reader_{log_ends_[0]};
  Fd log_writer_{log_ends_[1]};
  Log log_{LogLevel::info, LogFormat::text, log_ends_[1]};
};

TEST_F(Notifying, says_what_systemd_understands_over_a_path_and_an_abstract_name) {
  const std::string abstract = "@akgate-test-" + std::to_string(getpid());
  for (const std::string& address : {directory_ / "notify", abstract}) {
    const FakeServiceManager systemd(address);
    ServiceManager manager = ServiceManager::from_environment(log_).value();
    ASSERT_TRUE(manager.listens());
    manager.ready();
    EXPECT_EQ(systemd.heard(), "READY=1");
    manager.stopping();
    EXPECT_EQ(systemd.heard(), "STOPPING=1");
    manager.status("The register answers again.");
    EXPECT_EQ(systemd.heard(), "STATUS=The register answers again.");
    manager.feed_watchdog();
    EXPECT_EQ(systemd.heard(), "WATCHDOG=1");
  }
}

TEST_F(Notifying, dates_a_reload_by_the_monotonic_clock) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000U +
           static_cast<std::uint64_t>(time.tv_nsec) / 1000U;
  };
  const FakeServiceManager systemd(directory_ / "notify");
  ServiceManager manager = ServiceManager::from_environment(log_).value();
  const std::uint64_t before = now();
  manager.reloading();
  const std::uint64_t after = now();
  const std::string said = systemd.heard();
  const std::string expected = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_TRUE(said.starts_with(expected)) << said;
  const std::uint64_t at = std::stoull(said.substr(expected.size()));
  EXPECT_LE(before, at);
  EXPECT_LE(at, after);
}

TEST_F(Notifying, is_silent_where_nobody_asked_for_news) {
  ServiceManager manager = ServiceManager::from_environment(log_).value();
  EXPECT_FALSE(manager.listens());
  EXPECT_FALSE(manager.watchdog_time());
  manager.ready();
  EXPECT_EQ(logged(), "");
}

TEST_F(Notifying, no_child_inherits_where_to_speak) {
  const FakeServiceManager systemd(directory_ / "notify");
  set("WATCHDOG_USEC", "3000000");
  set("WATCHDOG_PID", std::to_string(getpid()));
  const auto manager = ServiceManager::from_environment(log_);
  ASSERT_TRUE(manager.ok());
  for (const char* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
    EXPECT_FALSE(environment(name)) << name;
  }
}

TEST_F(Notifying, the_watchdog_counts_only_for_the_process_it_is_meant_for) {
  const struct {
    const char* time;
    std::string pid;
    std::optional<std::chrono::microseconds> expected;
  } cases[] = {
      {"3000000", "", std::chrono::seconds(3)},
      {"3000000", std::to_string(getpid()), std::chrono::seconds(3)},
      {"3000000", std::to_string(getppid()), std::nullopt},
      {nullptr, std::to_string(getpid()), std::nullopt},
  };
  int number = 0;
  for (const auto& [time, pid, expected] : cases) {
    const FakeServiceManager systemd(directory_ / ("notify" + std::to_string(++number)));
    if (time != nullptr) set("WATCHDOG_USEC", time);
    if (!pid.empty()) set("WATCHDOG_PID", pid);
    EXPECT_EQ(ServiceManager::from_environment(log_).value().watchdog_time(), expected) << number;
  }
}

TEST_F(Notifying, what_makes_no_sense_is_refused_in_a_sentence) {
  const std::string somewhere = directory_ / "nobody-there";
  for (const std::string& address :
       {std::string("notify"), std::string("@"), somewhere, "/" + std::string(200, 'x')}) {
    set("NOTIFY_SOCKET", address);
    const auto manager = ServiceManager::from_environment(log_);
    ASSERT_FALSE(manager.ok()) << address;
    EXPECT_FALSE(environment("NOTIFY_SOCKET"));
  }
  for (const char* const time : {"0", "soon", "-1", "99999999999999999"}) {
    const FakeServiceManager systemd(directory_ / ("notify-" + std::string(time)));
    set("WATCHDOG_USEC", time);
    const auto manager = ServiceManager::from_environment(log_);
    ASSERT_FALSE(manager.ok()) << time;
    EXPECT_NE(manager.error().what().find("WATCHDOG_USEC"), std::string::npos);
  }
}

TEST_F(Notifying, who_does_not_read_is_not_waited_for_and_told_of_once) {
  const FakeServiceManager systemd(directory_ / "notify");
  ServiceManager manager = ServiceManager::from_environment(log_).value();
  std::string warning;
  for (int i = 0; i < 100'000 && warning.empty(); ++i) {
    manager.status("Answering.");
    warning = logged();
  }
  EXPECT_NE(warning.find("cannot tell the service manager STATUS"), std::string::npos) << warning;
  manager.status("Answering.");
  EXPECT_EQ(logged(), "");
  EXPECT_EQ(systemd.heard(), "STATUS=Answering.");
}

// --- sockets -------------------------------------------------------------------------------------

Fd listening(const std::string& path) {
  Fd socket = bound(SOCK_STREAM, path);
  EXPECT_EQ(listen(socket.get(), 8), 0);
  return socket;
}

Fd listening_on(in_addr_t host) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host);
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(listen(socket.get(), 8), 0);
  return socket;
}

/// Whether in a process that is handed these descriptors, as systemd does it, the check holds.
using Check = std::function<bool(const Result<std::vector<InheritedSocket>>&)>;
bool handed_over(const std::vector<int>& sockets, const char* names, const Check& check) {
  return as_a_service([&] {
           int next = 100;  // Out of the way first, as they may be among 3, 4, ….
           for (const int socket : sockets) dup2(socket, next++);
           for (std::size_t i = 0; i < sockets.size(); ++i) {
             dup2(100 + static_cast<int>(i), 3 + static_cast<int>(i));
           }
           set("LISTEN_PID", std::to_string(getpid()));
           set("LISTEN_FDS", std::to_string(sockets.size()));
           if (names != nullptr) set("LISTEN_FDNAMES", names);
           return check(take_inherited_sockets()) ? 0 : 1;
         }) == 0;
}

class Inheriting : public testing::Test {
 protected:
  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "gate.sock";
};

TEST_F(Inheriting, takes_named_and_unnamed_sockets_and_leaves_no_trace_for_children) {
  const Fd gate = listening(path_);
  const Fd other = listening("@akgate-test-" + std::to_string(getpid()));
  const Fd http = listening_on(INADDR_LOOPBACK);
  EXPECT_TRUE(handed_over({gate.get(), other.get(), http.get()}, "gate:", [&](const auto& taken) {
    return taken.ok() && taken->size() == 3 && (*taken)[0].name == "gate" &&
           (*taken)[0].path == path_ && (*taken)[0].socket.get() == 3 && (*taken)[1].name.empty() &&
           (*taken)[1].path == "@akgate-test-" + std::to_string(getppid()) &&
           (*taken)[2].path.empty() && (fcntl(3, F_GETFD) & FD_CLOEXEC) != 0 &&
           !environment("LISTEN_FDS") && !environment("LISTEN_PID") &&
           !environment("LISTEN_FDNAMES");
  }));
}

TEST_F(Inheriting, what_is_meant_for_another_process_is_left_alone) {
  const Fd gate = listening(path_);
  EXPECT_TRUE(as_a_service([&] {
                dup2(gate.get(), 3);
                set("LISTEN_PID", std::to_string(getppid()));
                set("LISTEN_FDS", "1");
                const auto taken = take_inherited_sockets();
                return taken.ok() && taken->empty() && fcntl(3, F_GETFD) >= 0 ? 0 : 1;
              }) == 0);
}

TEST_F(Inheriting, refuses_what_it_cannot_serve_in_a_sentence) {
  const auto refused_with = [](const char* words) {
    return [words](const auto& taken) {
      return !taken.ok() && taken.error().what().find(words) != std::string::npos &&
             taken.error().what().find("\"gate\"") != std::string::npos;
    };
  };
  const Fd datagrams = bound(SOCK_DGRAM, directory_ / "datagrams");
  EXPECT_TRUE(handed_over({datagrams.get()}, "gate", refused_with("no listening stream socket")));
  const Fd deaf = bound(SOCK_STREAM, directory_ / "deaf");
  EXPECT_TRUE(handed_over({deaf.get()}, "gate", refused_with("no listening stream socket")));
  const Fd file(open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_TRUE(handed_over({file.get()}, "gate", refused_with("no listening stream socket")));
  const Fd everywhere = listening_on(INADDR_ANY);
  EXPECT_TRUE(handed_over({everywhere.get()}, "gate", refused_with("from elsewhere")));
  EXPECT_TRUE(as_a_service([&] {
                close(3);
                set("LISTEN_PID", std::to_string(getpid()));
                set("LISTEN_FDS", "1");
                set("LISTEN_FDNAMES", "gate");
                return refused_with("is not there")(take_inherited_sockets()) ? 0 : 1;
              }) == 0);
}

TEST_F(Inheriting, a_count_that_is_none_is_refused) {
  for (const char* const count : {"many", "-1", "65", "18446744073709551615"}) {
    EXPECT_TRUE(as_a_service([&] {
                  set("LISTEN_PID", std::to_string(getpid()));
                  set("LISTEN_FDS", count);
                  return take_inherited_sockets().ok() ? 1 : 0;
                }) == 0)
        << count;
  }
}

TEST_F(Inheriting, an_adopted_listener_serves_and_leaves_the_file_to_its_owner) {
  Fd theirs = listening(path_);
  {
    const Fd kept(dup(theirs.get()));
    UnixListener listener = UnixListener::adopt(std::move(theirs), path_).value();
    EXPECT_FALSE(listener.accept().value().has_value()) << "and does not block";
    const Fd client = connect_unix(path_).value();
    EXPECT_TRUE(listener.accept().value().has_value());
    theirs = Fd(dup(kept.get()));
  }
  EXPECT_TRUE(connect_unix(path_)) << "the file and its owner's socket are still there";
  EXPECT_NE(access((path_ + ".lock").c_str(), F_OK), 0) << "no lock file";
}

}  // namespace
}  // namespace akgate
