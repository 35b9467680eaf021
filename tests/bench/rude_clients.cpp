// SPDX-License-Identifier: Apache-2.0
// What rude clients cost a polite one: its time for a cached answer, quiet and beside each
// rudeness.
//   target: p99 at most twice the quiet one; the agent's memory within its bound
//
// The agent has one core and all clients the other, where the polite one has the right of way: what
// is left is what the agent makes it wait. The floor is a bare server that does nothing but answer
// each line, under the same load. Quiet and rude take turns, so that what else the machine does
// falls on both.
#include <sched.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "platform/unix_socket.hpp"
#include "tests/bench/rudeness.hpp"
#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr int kServersCore = 0;
constexpr int kClientsCore = 1;
constexpr std::size_t kRounds = 9;
constexpr std::chrono::milliseconds kRound{250};
constexpr std::chrono::milliseconds kWarmUp{150};
constexpr std::chrono::microseconds kBetweenQuestions{200};

/// Gives the task that core, and the right of way there, where we may.
void pin(pid_t task, int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<std::size_t>(core), &cores);
  const sched_param first{.sched_priority = 1};
  if (sched_setaffinity(task, sizeof cores, &cores) != 0 ||
      sched_setscheduler(task, SCHED_FIFO | SCHED_RESET_ON_FORK, &first) != 0) {
    std::perror("the figures will hold what else the machine does: sched_setscheduler");
  }
}

void pin_all_threads(pid_t process, int core) {
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    pin(std::stoi(task.path().filename().string()), core);
  }
}

/// A process of this program, until this goes.
class Child {
 public:
  explicit Child(const std::function<void()>& body) : pid_(::fork()) {
    if (pid_ != 0) return;
    body();
    ::_exit(0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_;
};

/// Answers each line with one of the agent's length, and knows nothing of fairness.
[[noreturn]] void serve_bare(const std::string& path) {
  UnixListener listener = UnixListener::listen(path, 0666, std::nullopt, 128).value();
  const Fd epoll(epoll_create1(0));
  const auto watch = [&](int fd) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event);
  };
  watch(listener.fd());
  const std::string reply = std::string(150, 'x') + "\n";
  std::array<char, 4096> chunk{};
  std::array<epoll_event, 64> events{};
  std::string replies;
  for (;;) {
    const int count = ::epoll_wait(epoll.get(), events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener.fd()) {
        if (const int client = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK); client >= 0)
          watch(client);
        continue;
      }
      const ssize_t got = ::recv(fd, chunk.data(), chunk.size(), 0);
      if (got <= 0) {
        ::close(fd);
        continue;
      }
      replies.clear();
      for (auto lines = std::count(chunk.begin(), chunk.begin() + got, '\n'); lines > 0; --lines) {
        replies += reply;
      }
      if (!replies.empty()) ::send(fd, replies.data(), replies.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  }
}

using Times = std::vector<Microseconds>;

/// Asks now and then, and notes how long each answer took.
void ask_politely(const std::string& socket, const std::string& question, Times& times) {
  Asker asker(socket);
  for (const auto end = Clock::now() + kRound; Clock::now() < end;) {
    const auto asked = Clock::now();
    const std::string answer = asker.ask(question);
    times.push_back(Clock::now() - asked);
    if (answer.starts_with("(")) {
      std::printf("the polite client got no answer: %s\n", answer.c_str());
      std::exit(1);
    }
    ::usleep(static_cast<useconds_t>(kBetweenQuestions.count()));
  }
}

struct Summary {
  double p50, p99, max;
};

double median(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  return of[of.size() / 2];
}

/// Of the median round, so that a moment in which the machine was taken from us counts for one.
Summary summarize(const std::vector<Times>& rounds) {
  std::array<std::vector<double>, 3> figures;
  for (Times times : rounds) {
    std::sort(times.begin(), times.end());
    figures[0].push_back(times[times.size() / 2].count());
    figures[1].push_back(times[times.size() * 99 / 100].count());
    figures[2].push_back(times.back().count());
  }
  return {median(figures[0]), median(figures[1]), median(figures[2])};
}

long resident_kib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    if (word == "VmRSS:") {
      long kib = 0;
      status >> kib;
      return kib;
    }
  }
  return 0;
}

/// Beside a rudeness, and without it in turns. Returns the most memory that was seen.
void measure(const char* server, const std::string& socket, const std::string& question,
             const Rudeness& rudeness, pid_t process) {
  std::vector<Times> quiet(kRounds);
  std::vector<Times> beside(kRounds);
  long quiet_kib = 0;
  long most_kib = 0;
  for (std::size_t round = 0; round < kRounds; ++round) {
    ask_politely(socket, question, quiet[round]);
    quiet_kib = std::max(quiet_kib, resident_kib(process));
    const Child rude([&] {
      if (::geteuid() == 0 && ::setuid(kRudeUser) != 0) ::_exit(1);
      rudeness.run(socket, question);
    });
    ::usleep(std::chrono::microseconds(kWarmUp).count());
    ask_politely(socket, question, beside[round]);
    most_kib = std::max(most_kib, resident_kib(process));
  }
  const Summary before = summarize(quiet);
  const Summary after = summarize(beside);
  std::printf("%-11s %-6s %7.0f %7.0f %7.0f   %7.0f %7.0f %7.0f   %5.1f", rudeness.name, server,
              before.p50, before.p99, before.max, after.p50, after.p99, after.max,
              after.p99 / before.p99);
  if (process != 0) std::printf("   %6ld %6ld", quiet_kib, most_kib);
  std::printf("\n");
  std::fflush(stdout);
}

int main_with(const std::string& only) {
  Stage stage;
  std::filesystem::permissions(stage.directory.path(), std::filesystem::perms(0755));
  stage.more_configuration = R"("gate": { "socket": ")" + stage.socket + R"(", "mode": "0666" })";
  stage.start_register();
  stage.start_agent();
  const std::string question = "CHECK " + stage.registered_record() + " data-type=HH-CONSUMPTION";
  std::printf("%s\n", stage.asker().ask(question).c_str());
  pin_all_threads(stage.agent().pid(), kServersCore);

  const std::string bare = stage.directory / "bare.sock";
  const Child bare_server([&] {
    pin(0, kServersCore);
    serve_bare(bare);
  });
  pin(0, kClientsCore);
  std::printf(
      "\n%-11s %-6s %23s   %23s   %5s   %13s\n%-18s %7s %7s %7s   %7s %7s %7s   %5s   %6s %6s\n",
      "", "", "quiet, µs", "beside it, µs", "p99", "agent, KiB", "", "p50", "p99", "max", "p50",
      "p99", "max", "ratio", "quiet", "beside");
  for (const Rudeness& rudeness : kRudenesses) {
    if (!only.empty() && only != rudeness.name) continue;
    measure("agent", stage.socket, question, rudeness, stage.agent().pid());
    measure("bare", bare, question, rudeness, 0);
  }
  return 0;
}

}  // namespace
}  // namespace akgate

int main(int argc, char** argv) { return akgate::main_with(argc > 1 ? argv[1] : ""); }
