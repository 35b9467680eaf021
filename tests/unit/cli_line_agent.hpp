// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "platform/unix_socket.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {

inline const std::string kKey = "ak_0123456789abcdef01234567";
inline const std::string kMeter = "1234567890123";

/// An agent that takes one connection after the other and replies to each line as it is told; where
/// it has no reply (nothing), it hangs up.
class LineAgent {
 public:
  using Reply = std::function<std::optional<std::string>(const std::string& line)>;

  explicit LineAgent(Reply reply)
      : listener_(UnixListener::listen(path(), 0600, std::nullopt, 4).value()),
        thread_([this, reply = std::move(reply)] { serve(reply); }) {}
  LineAgent(const LineAgent&) = delete;
  LineAgent& operator=(const LineAgent&) = delete;
  ~LineAgent() { join(); }

  [[nodiscard]] std::string path() const { return directory_ / "agent.sock"; }

  /// Each line it got. Waits until nobody is connected, and takes nobody any more.
  const std::vector<std::string>& lines() {
    join();
    return lines_;
  }

 private:
  void serve(const Reply& reply) {
    while (!over_) {
      const std::optional<Fd> asker = std::move(listener_.accept().value());
      if (asker) converse(asker->get(), reply);
      std::this_thread::yield();
    }
  }

  void converse(int asker, const Reply& reply) {
    std::string input;
    while (true) {
      std::array<char, 2048> chunk{};
      const Transfer got = receive(asker, chunk);
      if (got.kind == Transfer::Kind::would_block) {
        std::this_thread::yield();
        continue;
      }
      if (got.kind != Transfer::Kind::moved) return;
      input.append(chunk.data(), got.bytes);
      for (std::size_t end = 0; (end = input.find('\n')) != std::string::npos;
           input.erase(0, end + 1)) {
        lines_.push_back(input.substr(0, end));
        const std::optional<std::string> its = reply(lines_.back());
        if (!its) return;
        if (!its->empty()) static_cast<void>(send(asker, *its));
      }
    }
  }

  void join() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }

  TemporaryDirectory directory_;
  UnixListener listener_;
  std::vector<std::string> lines_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

inline std::string ok(const std::string& more = "") {
  return "OK fingerprint=fp_0123456789abcdef" + more + "\n";
}

/// The value that stands behind `name=` in a line.
inline std::string value_in(const std::string& line, const std::string& name) {
  const std::size_t at = line.find(" " + name + "=");
  if (at == std::string::npos) return "";
  const std::size_t from = at + name.size() + 2;
  return line.substr(from, line.find(' ', from) - from);
}

/// How a command ended.
struct Ended {
  ExitCode exit;
  std::string out;
  std::string err;
};

inline Ended run(const std::vector<std::string>& arguments) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const std::vector<std::string_view> views(arguments.begin(), arguments.end());
  const ExitCode exit = run_akgate(views);
  Ended ended{.exit = exit,
              .out = testing::internal::GetCapturedStdout(),
              .err = testing::internal::GetCapturedStderr()};
  EXPECT_EQ((ended.out + ended.err).find("0123456789abcdef01234567"), std::string::npos)
      << "I9: " << ended.out << ended.err;
  return ended;
}

}  // namespace akgate
