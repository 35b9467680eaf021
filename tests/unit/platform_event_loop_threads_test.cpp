// SPDX-License-Identifier: Apache-2.0
//
// The event loop among other threads, and asleep.

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "platform/event_loop.hpp"
#include "platform/thread.hpp"

namespace akgate {
namespace {

using std::chrono::hours;

std::unique_ptr<EventLoop> make_loop() { return EventLoop::create().value(); }

TEST(EventLoopThreads, posts_wake_a_sleeping_loop_and_none_is_lost) {
  constexpr int kThreads = 4;
  constexpr int kPosts = 5000;
  const auto loop = make_loop();
  std::vector<int> next(kThreads);
  int run = 0;
  {
    std::vector<Thread> threads;
    for (std::size_t id = 0; id < kThreads; ++id) {
      auto started = Thread::start("poster", [&, id] {
        for (int i = 0; i < kPosts; ++i) {
          loop->post([&, id, i] {
            EXPECT_EQ(next[id]++, i) << "out of order";
            if (++run == kThreads * kPosts) loop->stop();
          });
        }
      });
      ASSERT_TRUE(started) << started.error().what();
      threads.push_back(std::move(*started));
    }
    loop->run();
  }
  EXPECT_EQ(run, kThreads * kPosts);
}

/// A loop on a thread of its own.
class RunningLoop {
 public:
  RunningLoop() : thread_(Thread::start("loop", [this] { loop_->run(); }).value()) {}
  ~RunningLoop() { loop_->stop(); }
  RunningLoop(const RunningLoop&) = delete;
  RunningLoop& operator=(const RunningLoop&) = delete;

  /// Runs the task on the loop and waits for it.
  void run(const std::function<void(EventLoop&)>& task) {
    std::promise<void> done;
    loop_->post([&] {
      task(*loop_);
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  std::unique_ptr<EventLoop> loop_ = make_loop();
  Thread thread_;
};

TEST(EventLoopThreads, stop_from_another_thread_ends_a_sleeping_loop) {
  RunningLoop running;
  running.run([](EventLoop&) {});
}

std::string line_of(const std::string& file, std::string_view start) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(start)) return line;
  }
  ADD_FAILURE() << "no line " << start << " in " << file;
  return {};
}

void wait_ms(int ms) { poll(nullptr, 0, ms); }

TEST(EventLoopIdle, costs_no_wake_ups) {
  RunningLoop running;
  pid_t thread = 0;
  running.run([&](EventLoop& loop) {
    thread = gettid();
    loop.at(loop.now() + hours(1), [] {});
    loop.cancel(loop.at(loop.now() + std::chrono::milliseconds(300), [] {}));
  });
  // Each time a thread goes to sleep again counts as one voluntary switch.
  const std::string status = "/proc/self/task/" + std::to_string(thread) + "/status";
  const auto switches = [&] { return line_of(status, "voluntary_ctxt_switches:"); };
  std::string before = switches();
  for (std::string last; last != before; before = switches()) {  // until it has fallen asleep
    last = before;
    wait_ms(20);
  }
  wait_ms(500);
  EXPECT_EQ(switches(), before);
}

/// Seconds until the process' one timer descriptor fires; 0 where it is disarmed.
long armed_for() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry, gone) != "anon_inode:[timerfd]") continue;
    const std::string info = "/proc/self/fdinfo/" + entry.path().filename().string();
    std::istringstream value(line_of(info, "it_value:").substr(std::string("it_value: (").size()));
    long seconds = -1;
    value >> seconds;
    return seconds;
  }
  ADD_FAILURE() << "no timer descriptor";
  return -1;
}

TEST(EventLoopIdle, timer_is_armed_for_the_earliest_only_and_disarmed_without) {
  const auto loop = make_loop();
  const auto turn = [&] {
    loop->stop();
    loop->run();
  };
  turn();
  EXPECT_EQ(armed_for(), 0);
  const auto second = loop->at(loop->now() + hours(2), [] {});
  const auto first = loop->at(loop->now() + hours(1), [] {});
  turn();
  EXPECT_NEAR(static_cast<double>(armed_for()), 3600, 60);
  loop->cancel(first);
  turn();
  EXPECT_NEAR(static_cast<double>(armed_for()), 7200, 60);
  loop->cancel(second);
  turn();
  EXPECT_EQ(armed_for(), 0);
  loop->at(BootTime(), [] {});
  turn();
  turn();
  EXPECT_EQ(armed_for(), 0) << "a timer that has fired leaves nothing armed";
}

}  // namespace
}  // namespace akgate
