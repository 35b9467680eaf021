// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/support/temporary_directory.hpp"

namespace akgate {

namespace {

void hand_over(const Process::Run& run) {
  // Out of the way first, as they may be among 3, 4, ….
  constexpr int kAside = 100;
  const int count = static_cast<int>(run.sockets.size());
  for (int i = 0; i < count; ++i) ::dup2(run.sockets[static_cast<std::size_t>(i)], kAside + i);
  for (int i = 0; i < count; ++i) ::dup2(kAside + i, 3 + i);
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::setenv("LISTEN_FDS", std::to_string(count).c_str(), 1);
  ::setenv("LISTEN_FDNAMES", run.socket_names.c_str(), 1);
}

std::string from_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void replace_folder(std::string& text, const std::string& folder) {
  static constexpr std::string_view kOurs = AKGATE_BIN_DIR "/";
  const std::size_t at = text.find(kOurs);
  if (at != std::string::npos) text.replace(at, kOurs.size(), folder + "/");
}

/// Where AKGATE_EMULATED_BIN names a folder of programs for another processor, those that are in it
/// run in the place of ours, under the command AKGATE_EMULATOR, and so does what they are given to
/// load.
Process::Run emulated(Process::Run run) {
  const std::string folder = from_environment("AKGATE_EMULATED_BIN");
  std::string program = run.arguments.front();
  replace_folder(program, folder);
  if (folder.empty() || !program.starts_with(folder + "/") ||
      ::access(program.c_str(), X_OK) != 0) {
    return run;
  }
  for (std::string& text : run.environment) replace_folder(text, folder);
  std::istringstream words(from_environment("AKGATE_EMULATOR"));
  std::vector<std::string> arguments{std::istream_iterator<std::string>(words), {}};
  arguments.push_back(program);
  arguments.insert(arguments.end(), run.arguments.begin() + 1, run.arguments.end());
  run.arguments = std::move(arguments);
  return run;
}

[[noreturn]] void become(const Process::Run& run) {
  const int in = ::open(run.input.c_str(), O_RDONLY);
  const int out = ::open(run.output.empty() ? "/dev/null" : run.output.c_str(),
                         O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(out, 2);
  for (const std::string& variable : run.environment) ::putenv(const_cast<char*>(variable.c_str()));
  if (run.as_user && (::setgid(*run.as_user) != 0 || ::setuid(*run.as_user) != 0)) ::_exit(126);
  if (!run.sockets.empty()) hand_over(run);
  std::vector<char*> arguments;
  for (const std::string& argument : run.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(127);
}

}  // namespace

Process::Process(const Run& run) {
  const Run really = emulated(run);
  pid_ = ::fork();
  if (pid_ == 0) become(really);
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  return *this;
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

std::optional<int> Process::wait(std::chrono::milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (true) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

Ended run_to_end(std::vector<std::string> arguments, std::vector<std::string> environment,
                 const std::string& input) {
  const TemporaryDirectory directory;
  const std::string output = directory / "output";
  Process process({.arguments = std::move(arguments),
                   .output = output,
                   .environment = std::move(environment),
                   .input = input,
                   .as_user = std::nullopt,
                   .sockets = {},
                   .socket_names = {}});
  const int status = process.wait(std::chrono::seconds(30)).value_or(-1);
  return {.status = status, .output = read_whole_file(output)};
}

std::string read_whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_whole_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

}  // namespace akgate
