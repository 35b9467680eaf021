// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "platform/clock.hpp"
#include "platform/process.hpp"
#include "platform/thread.hpp"

namespace akgate {
namespace {

constexpr uid_t kNobody = 65534;

/// Runs the body in a process of its own and gives back its exit status. _exit() spares it the
/// sanitizers' reports at the end, which a hardened process cannot write.
int in_child(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << status;
  return WEXITSTATUS(status);
}

TEST(Hardening, I9_leaves_no_core_dump) {
  const int findings = in_child([] {
    if (!harden_process()) return 1;
    rlimit core{};
    if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0) return 2;
    return prctl(PR_GET_DUMPABLE) == 0 ? 0 : 3;
  });
  EXPECT_EQ(findings, 0);
}

/// Whether another process of the same user may open this one's memory.
bool memory_is_open() {
  const std::string memory = "/proc/" + std::to_string(getpid()) + "/mem";
  return in_child([&] { return open(memory.c_str(), O_RDONLY | O_CLOEXEC) >= 0 ? 1 : 0; }) == 1;
}

TEST(Hardening, I9_closes_memory_to_the_same_users_other_processes) {
  enum Finding { closed, still_open, no_permission_to_tell };
  const int finding = in_child([]() -> int {
    // Root may read anybody's memory, so nobody plays the agent; a change of user closes the
    // memory, so it is opened again to see that it is hardening that closes it.
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) return no_permission_to_tell;
    if (prctl(PR_SET_DUMPABLE, 1) != 0 || !memory_is_open()) return no_permission_to_tell;
    return harden_process() && !memory_is_open() ? closed : still_open;
  });
  if (finding == no_permission_to_tell) GTEST_SKIP() << "this system closes it anyway";
  EXPECT_EQ(finding, closed);
}

TEST(Hardening, files_are_private_and_a_lost_reader_is_no_signal) {
  const int findings = in_child([] {
    if (!harden_process()) return 1;
    if (umask(0) != 077) return 2;
    raise(SIGPIPE);
    return 0;
  });
  EXPECT_EQ(findings, 0);
}

TEST(Hardening, closed_standard_streams_get_no_other_use) {
  const int findings = in_child([] {
    close(STDIN_FILENO);
    close(STDERR_FILENO);
    if (!harden_process()) return 1;
    return open("/dev/null", O_RDONLY | O_CLOEXEC) > STDERR_FILENO ? 0 : 2;
  });
  EXPECT_EQ(findings, 0);
}

/// Signals stay blocked after a test of them; this puts back what was.
class SignalDelivery : public testing::Test {
 protected:
  SignalDelivery() { EXPECT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &before_), 0); }
  ~SignalDelivery() override { EXPECT_EQ(pthread_sigmask(SIG_SETMASK, &before_, nullptr), 0); }

  Signals::Handlers handlers() {
    return {.terminate = [this] { heard_ += 't'; }, .reload = [this] { heard_ += 'r'; }};
  }
  void turn() {
    loop_->stop();
    loop_->run();
  }

  sigset_t before_{};
  std::string heard_;
  const std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
};

TEST_F(SignalDelivery, each_reaches_its_handler_on_the_loop) {
  const auto signals = Signals::watch(*loop_, handlers());
  ASSERT_TRUE(signals) << signals.error().what();
  turn();
  EXPECT_EQ(heard_, "");
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
    raise(signal);
    turn();
  }
  EXPECT_EQ(heard_, "trt");
}

TEST_F(SignalDelivery, works_among_threads_that_came_later) {
  const auto signals = Signals::watch(*loop_, handlers());
  ASSERT_TRUE(signals) << signals.error().what();
  loop_->at(BootTime::max(), [] {});
  const auto thread = Thread::start("bystander", [] { /* inherits the mask */ });
  ASSERT_TRUE(thread) << thread.error().what();
  // To the process, so that any thread that does not block it would die of it.
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  turn();
  EXPECT_EQ(heard_, "t");
}

TEST_F(SignalDelivery, second_one_does_not_kill_when_nobody_listens_any_more) {
  { const auto signals = Signals::watch(*loop_, handlers()); }
  raise(SIGTERM);
  turn();
  EXPECT_EQ(heard_, "");
  sigset_t pending{};
  sigemptyset(&pending);
  sigaddset(&pending, SIGTERM);
  const timespec now{};
  EXPECT_EQ(sigtimedwait(&pending, nullptr, &now), SIGTERM);
}

TEST(ThreadTest, bears_its_name_and_is_waited_for) {
  std::string name;
  {
    const auto thread = Thread::start("akgate-clerk", [&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // who does not wait sees no name
      std::array<char, 16> own{};
      pthread_getname_np(pthread_self(), own.data(), own.size());
      name = own.data();
    });
    ASSERT_TRUE(thread) << thread.error().what();
  }
  EXPECT_EQ(name, "akgate-clerk");
}

TEST(ThreadTest, assigned_over_is_waited_for) {
  bool first_done = false;
  Thread thread = Thread::start("first", [&] {
                    std::this_thread::sleep_for(std::chrono::milliseconds(20));
                    first_done = true;
                  }).value();
  thread = Thread::start("second", [] {}).value();
  EXPECT_TRUE(first_done);
}

TEST(ThreadTest, that_the_system_does_not_grant_is_an_error) {
  const int findings = in_child([] {
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) return 1;  // root has no limit
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_NPROC, &none) != 0) return 2;
    const auto thread = Thread::start("one too many", [] {});
    return !thread && thread.error().what().starts_with("cannot start thread") ? 0 : 3;
  });
  EXPECT_EQ(findings, 0);
}

TEST(Clock, boot_time_passes_and_wall_time_is_the_systems) {
  const SystemClock clock;
  const ClockReading first = clock.read();
  const auto wall = std::chrono::system_clock::now();
  const ClockReading second = clock.read();
  EXPECT_GT(second.boot, first.boot);
  EXPECT_GT(first.boot.time_since_epoch().count(), 0);
  EXPECT_LE(first.wall, wall);
  EXPECT_LE(std::chrono::floor<std::chrono::milliseconds>(wall), second.wall);
}

TEST(Clock, boot_has_one_name) {
  EXPECT_EQ(read_boot_id().size(), 36U);
  EXPECT_EQ(read_boot_id(), read_boot_id());
}

TEST(Environment, tells_unset_from_empty) {
  ASSERT_EQ(setenv("AKGATE_TEST", "", 1), 0);
  EXPECT_EQ(environment("AKGATE_TEST"), "");
  ASSERT_EQ(unsetenv("AKGATE_TEST"), 0);
  EXPECT_EQ(environment("AKGATE_TEST"), std::nullopt);
}

}  // namespace
}  // namespace akgate
