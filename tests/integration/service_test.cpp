// SPDX-License-Identifier: Apache-2.0
// The agent under a service manager that speaks systemd's protocol.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Fd bound(int type, const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  Fd socket(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  return socket;
}

class Service : public ::testing::Test {
 protected:
  void SetUp() override {
    stage.start_register();
    stage.write_configuration();
  }

  void start_agent(const std::vector<int>& sockets = {}, const std::string& names = "",
                   const std::string& watchdog = "WATCHDOG_USEC=600000000") {
    agent = Process({.arguments = {Stage::kAgent, "--config", stage.config},
                     .output = log,
                     .environment = {"NOTIFY_SOCKET=" + (stage.directory / "notify"), watchdog},
                     .sockets = sockets,
                     .socket_names = names});
  }

  /// The next message; `(nothing)` where none comes in time.
  [[nodiscard]] std::string heard(milliseconds at_most = kPatience) const {
    pollfd wanted{.fd = manager.get(), .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, static_cast<int>(at_most.count())) <= 0) return "(nothing)";
    std::array<char, 512> message{};
    const ssize_t size = ::recv(manager.get(), message.data(), message.size(), 0);
    return {message.data(), static_cast<std::size_t>(size)};
  }

  Stage stage;
  const std::string log = stage.directory / "service.log";
  Fd manager = bound(SOCK_DGRAM, stage.directory / "notify");
  Process agent{{.arguments = {"true"}, .output = "", .environment = {}}};
};

TEST_F(Service, is_ready_when_it_answers_and_says_when_it_stops) {
  start_agent();
  EXPECT_EQ(heard(), "READY=1");
  EXPECT_EQ(stage.asker().ask("PING"), "PONG") << "the very moment it says so";
  EXPECT_EQ(heard(), "STATUS=Answering.");
  EXPECT_EQ(heard(), "WATCHDOG=1");

  agent.signal(SIGHUP);
  EXPECT_TRUE(heard().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_EQ(heard(), "READY=1");

  agent.signal(SIGTERM);
  EXPECT_EQ(heard(), "STOPPING=1");
  EXPECT_EQ(agent.wait(kPatience), 0) << read_whole_file(log);
}

TEST_F(Service, feeds_the_watchdog_until_it_is_stopped) {
  start_agent({}, "", "WATCHDOG_USEC=200000");
  EXPECT_EQ(heard(), "READY=1");
  EXPECT_EQ(heard(), "STATUS=Answering.");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(heard(), "WATCHDOG=1");
  agent.signal(SIGSTOP);
  while (heard(milliseconds(0)) != "(nothing)") continue;
  EXPECT_EQ(heard(milliseconds(500)), "(nothing)");
  agent.signal(SIGCONT);
  EXPECT_EQ(heard(), "WATCHDOG=1");
}

TEST_F(Service, answers_on_the_sockets_it_is_given_and_leaves_them_behind) {
  const std::string gate = stage.directory / "given-gate";
  const std::string control = stage.directory / "given-control";
  const Fd gate_socket = bound(SOCK_STREAM, gate);
  const Fd control_socket = bound(SOCK_STREAM, control);
  ASSERT_EQ(::listen(gate_socket.get(), 8), 0);
  ASSERT_EQ(::listen(control_socket.get(), 8), 0);
  Asker early(gate);
  early.send("PING\n");  // Before there is an agent.
  start_agent({gate_socket.get(), control_socket.get()}, "gate:control");
  EXPECT_EQ(early.line(), "PONG");
  EXPECT_TRUE(Asker(control).ask("STATUS").starts_with("{"));
  EXPECT_FALSE(std::filesystem::exists(stage.socket)) << "in place of those of the configuration";

  const std::string key = stage.registered_record();
  EXPECT_EQ(verdict_in(Asker(gate).ask("CHECK " + key + " data-type=HH-CONSUMPTION")),
            "ALLOW active");

  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait(kPatience), 0) << read_whole_file(log);
  Asker waiting(gate);
  EXPECT_TRUE(waiting.connected()) << "the service manager's to remove";
  waiting.send("PING\n");
  start_agent({gate_socket.get(), control_socket.get()}, "gate:control");
  EXPECT_EQ(waiting.line(), "PONG") << "nobody is refused while one agent follows another";
}

TEST_F(Service, a_socket_that_it_cannot_serve_keeps_it_from_starting) {
  const Fd datagrams = bound(SOCK_DGRAM, stage.directory / "datagrams");
  start_agent({datagrams.get()}, "gate");
  EXPECT_EQ(agent.wait(kPatience), 2);
  const std::string said = read_whole_file(log);
  EXPECT_NE(said.find("akgated: the socket \"gate\""), std::string::npos) << said;
}

}  // namespace
}  // namespace akgate
