// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace akgate {

/// A program that a test runs. Killed when it goes.
class Process {
 public:
  struct Run {
    std::vector<std::string> arguments;  ///< The program first.
    std::string output;                  ///< File for standard output and error; empty: /dev/null.
    std::vector<std::string> environment;  ///< `NAME=value`, added to ours.
    std::string input = "/dev/null";
    std::optional<uid_t> as_user = std::nullopt;
    /// Handed over as by a service manager, under these names (`name:name…`).
    std::vector<int> sockets = {};
    std::string socket_names = {};
  };

  explicit Process(const Run& run);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  ~Process();

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// The exit status, 128 + signal where one ended it; nothing where it still runs after that time.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds at_most);

 private:
  pid_t pid_ = -1;
};

/// What a program said and how it ended.
struct Ended {
  int status;
  std::string output;
};

/// Runs a program to its end, at most 30 s.
[[nodiscard]] Ended run_to_end(std::vector<std::string> arguments,
                               std::vector<std::string> environment = {},
                               const std::string& input = "/dev/null");

[[nodiscard]] std::string read_whole_file(const std::string& path);
void write_whole_file(const std::string& path, const std::string& content);

}  // namespace akgate
