// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "platform/fd.hpp"
#include "tests/integration/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {

/// For what another process does in its own time: a busy machine, or one whose disk takes seconds
/// for each fsync, is no failure.
constexpr std::chrono::seconds kPatience{30};

/// A connection to the gate, as a client has it.
class Asker {
 public:
  explicit Asker(const std::string& socket);
  [[nodiscard]] bool connected() const { return socket_.valid(); }

  void send(const std::string& text) const;
  void end_sending() const;
  /// The next line, without its end; `(end)` where the connection was closed, `(nothing)` where
  /// none came in time.
  [[nodiscard]] std::string line(std::chrono::milliseconds at_most = kPatience);
  /// Sends a line and takes the next.
  [[nodiscard]] std::string ask(const std::string& text);

 private:
  Fd socket_;
  std::string unread_;
};

/// A sandbox register with TLS under a CA of its own, and an agent that asks it: the real programs,
/// each in its process, in a directory of the test's own.
class Stage {
 public:
  Stage();

  // --- the register ---

  std::vector<std::string> register_environment;

  /// The certificate it shows; `other-host` is for another name, `other-ca` under a CA that the
  /// agent does not know.
  void start_register(const std::string& certificate = "good");
  void kill_register() { register_.reset(); }
  /// A call to the register; the body of the answer.
  std::string call(const std::string& method, const std::string& path, const std::string& body = "",
                   const std::string& bearer = "") const;
  /// Makes it misbehave (akregister --help, /sandbox/faults) towards whoever verifies a key.
  void register_fault(const std::string& members) const;
  void register_behaves() const;
  /// How many verify calls it has had, and on how many connections.
  [[nodiscard]] int verify_calls() const;
  [[nodiscard]] int verify_calls_with_credentials() const;
  [[nodiscard]] int connections() const;
  /// Registers an ACTIVE record for HH-CONSUMPTION through the register's API; its access key.
  [[nodiscard]] std::string registered_record(const std::string& expiry = "null") const;
  void revoke(const std::string& key) const;

  // --- the agent ---

  /// Sections of the configuration, to be put before start_agent(): `freshness`, `gate`, ….
  std::string more_configuration;
  std::string more_register_configuration;  ///< `, "name": value…` for the section `register`.
  std::string ca = "ca.pem";
  /// One of akregister's demo accounts, with its secret key; empty: none.
  std::string account;
  std::string secret_key;
  std::vector<std::string> agent_environment;

  void write_configuration() const;
  void start_agent();
  void kill_agent() { agent_.reset(); }
  [[nodiscard]] Process& agent() { return *agent_; }
  [[nodiscard]] std::string agent_log() const { return read_whole_file(directory / "agent.log"); }
  [[nodiscard]] Asker asker() const { return Asker(socket); }
  /// One question on a connection of its own.
  [[nodiscard]] std::string ask(const std::string& key, const std::string& more = "") const;

  TemporaryDirectory directory;
  std::string socket = directory / "gate.sock";
  std::string control_socket = directory / "control.sock";
  std::string config = directory / "akgated.json";
  std::string url;

  static const std::string kAgent;
  static const std::string kCli;
  static const std::string kRegister;

 private:
  [[nodiscard]] std::string root_url() const;
  [[nodiscard]] int statistic(const std::string& name) const;

  std::optional<Process> register_;
  std::optional<Process> agent_;
  std::string port_ = "0";
};

/// Until it holds, at most so long.
template <typename Condition>
[[nodiscard]] bool comes_true(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  do {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  } while (std::chrono::steady_clock::now() < deadline);
  return condition();
}

/// The verdict and its reason: `ALLOW active`, from a reply line.
[[nodiscard]] std::string verdict_in(const std::string& reply);

}  // namespace akgate
