// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "tests/register/server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/sandbox_world.hpp"

namespace akgate {

/// akgate's commands against the sandbox register, in one process: its demo accounts, and a
/// configuration that names one of them.
class RegisterStage : public testing::Test {
 protected:
  using Words = std::vector<std::string_view>;
  using Answer = std::function<std::optional<sandbox::Response>(const sandbox::Request&)>;

  struct Ended {
    ExitCode exit;
    std::string out;
    std::string err;
  };

  RegisterStage() {
    setenv("COLUMNS", "200", 1);
    auto listener = sandbox::Listener::hold("127.0.0.1", 0);
    port_ = listener->port();
    server_ = sandbox::Server::start(std::move(*listener), {}, callbacks_).value();
    act_as("bright-energy", "bright-energy-demo-key");
  }
  ~RegisterStage() override { unsetenv("COLUMNS"); }

  void act_as(const std::string& account, const std::string& secret_key) {
    configure(R"(, "account-id": ")" + account + R"(", "secret-key-file": ")" +
              write("secret-key", secret_key) + '"');
  }
  void act_without_account() { configure(""); }

  /// Runs a register command with the configuration.
  Ended run(Words arguments) {
    arguments.insert(arguments.begin(), "register");
    arguments.insert(arguments.end(), {"--config", config_});
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const ExitCode exit = run_akgate(arguments);
    return {.exit = exit,
            .out = testing::internal::GetCapturedStdout(),
            .err = testing::internal::GetCapturedStderr()};
  }

  std::string write(std::string_view name, const std::string& content) {
    std::string path = directory_ / name;
    std::ofstream(path, std::ios::binary) << content;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path;
  }

  /// What the next command reads from its standard input.
  void type(const std::string& text) {
    ASSERT_NE(std::freopen(write("stdin", text).c_str(), "r", stdin), nullptr);
  }

  /// A new record of bright-energy for 1234567890123, straight into the register; its key.
  std::string registered() {
    const std::lock_guard lock(mutex_);
    return world_.create(sandbox::valid_record());
  }
  static std::string valid_record() { return sandbox::to_text(sandbox::valid_record().get()); }

  /// What was asked but for tokens: `GET /v1/records?limit=500`.
  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  TemporaryDirectory directory_;
  sandbox::World world_;

 private:
  // The server has threads of its own.
  std::mutex mutex_;

 protected:
  /// Set by a test while the server runs.
  class Instead {
   public:
    explicit Instead(std::mutex& mutex) : mutex_(mutex) {}
    void operator=(Answer answer) {
      const std::lock_guard lock(mutex_);
      answer_ = std::move(answer);
    }
    [[nodiscard]] std::optional<sandbox::Response> to(const sandbox::Request& request) const {
      return answer_ ? answer_(request) : std::nullopt;
    }

   private:
    std::mutex& mutex_;
    Answer answer_;
  };
  Instead instead_{mutex_};  ///< Answers in the sandbox's place where it gives one.

 private:
  void configure(const std::string& more) {
    config_ = write("akgated.json", R"({"register": {"url": "http://127.0.0.1:)" +
                                        std::to_string(port_) + R"(/v1")" + more + "}}");
  }

  sandbox::Response handle(const sandbox::Request& request) {
    const std::lock_guard lock(mutex_);
    if (request.path != "/v1/auth/token") {
      std::string line = request.method + " " + request.path;
      char separator = '?';
      for (const auto& [name, value] : request.query) {
        line += std::exchange(separator, '&') + name + "=" + value;
      }
      asked_.push_back(line);
      if (auto answer = instead_.to(request)) return *std::move(answer);
    }
    return world_.router.handle(request);
  }

  std::vector<std::string> asked_;
  std::string config_;
  std::uint16_t port_ = 0;
  sandbox::ServerCallbacks callbacks_{.handle = [this](const auto& r) { return handle(r); },
                                      .connection_accepted = [] {}};
  std::unique_ptr<sandbox::Server> server_;
};

}  // namespace akgate
