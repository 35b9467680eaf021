// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/event_loop.hpp"
#include "platform/fd.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

struct Pair {
  Fd here;
  Fd there;

  Pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    here = Fd(ends[0]);
    there = Fd(ends[1]);
  }
  void make_readable() const { EXPECT_EQ(write(there.get(), "x", 1), 1); }
  void drain() const {
    char byte = 0;
    EXPECT_EQ(read(here.get(), &byte, 1), 1);
  }
};

class Loops : public testing::Test {
 protected:
  /// One turn: descriptors that are ready, timers that are due, tasks that are posted; no waiting.
  void turn() {
    loop_.stop();
    loop_.run();
  }
  void watch(const Fd& fd, Readiness wanted, EventLoop::OnReady on_ready) {
    const Status watched = loop_.watch(fd.get(), wanted, std::move(on_ready));
    ASSERT_TRUE(watched) << watched.error().what();
  }

  const std::unique_ptr<EventLoop> owned_ = EventLoop::create().value();
  EventLoop& loop_ = *owned_;
};

using EventLoopTasks = Loops;
using EventLoopDescriptors = Loops;
using EventLoopTimers = Loops;

TEST_F(EventLoopTasks, run_in_the_order_posted_and_before_stop_ends_the_run) {
  std::string order;
  loop_.post([&] { order += 'a'; });
  loop_.post([&] { order += 'b'; });
  loop_.stop();
  loop_.run();
  EXPECT_EQ(order, "ab");
}

TEST_F(EventLoopTasks, posted_by_a_task_run_in_a_later_turn) {
  std::string order;
  loop_.post([&] {
    loop_.post([&] { order += 'c'; });
    order += 'a';
  });
  loop_.post([&] { order += 'b'; });
  turn();
  EXPECT_EQ(order, "ab");
  turn();
  EXPECT_EQ(order, "abc");
}

TEST_F(EventLoopTasks, that_post_themselves_for_ever_starve_nobody) {
  std::string served;
  std::function<void()> again = [&] { loop_.post(again); };
  loop_.post(again);
  const Pair pair;
  watch(pair.here, {.readable = true}, [&](Readiness) {
    served += 'd';
    loop_.unwatch(pair.here.get());
    if (served.size() == 2) loop_.stop();
  });
  loop_.at(loop_.now() + milliseconds(1), [&] {
    served += 't';
    if (served.size() == 2) loop_.stop();
  });
  pair.make_readable();
  loop_.run();
  EXPECT_EQ(served.size(), 2U);
}

TEST_F(EventLoopTasks, give_up_what_they_own_as_soon_as_they_have_run) {
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> seen = owned;
  bool gone = false;
  loop_.post([owned = std::move(owned)] {});
  loop_.post([&] { gone = seen.expired(); });
  turn();
  EXPECT_TRUE(gone);
}

TEST_F(EventLoopDescriptors, are_reported_until_they_are_read) {
  const Pair pair;
  int calls = 0;
  watch(pair.here, {.readable = true}, [&](Readiness ready) {
    EXPECT_EQ(ready, (Readiness{.readable = true}));
    ++calls;
  });
  turn();
  EXPECT_EQ(calls, 0);
  pair.make_readable();
  turn();
  turn();
  EXPECT_EQ(calls, 2);
  pair.drain();
  turn();
  EXPECT_EQ(calls, 2);
}

TEST_F(EventLoopDescriptors, watched_again_change_callback_and_wish) {
  const Pair pair;
  std::string calls;
  watch(pair.here, {.readable = true}, [&](Readiness) { calls += 'r'; });
  watch(pair.here, {.writable = true}, [&](Readiness ready) {
    EXPECT_EQ(ready, (Readiness{.writable = true}));
    calls += 'w';
  });
  pair.make_readable();
  turn();
  EXPECT_EQ(calls, "w");
}

TEST_F(EventLoopDescriptors, hang_up_shows_as_both) {
  Pair pair;
  Readiness seen;
  watch(pair.here, {.readable = true}, [&](Readiness ready) { seen = ready; });
  pair.there.close();
  turn();
  EXPECT_EQ(seen, (Readiness{.readable = true, .writable = true}));
}

TEST_F(EventLoopDescriptors, of_which_nothing_is_wanted_are_left_alone_even_when_hung_up) {
  Pair pair;
  int calls = 0;
  const auto count = [&](Readiness) { ++calls; };
  watch(pair.here, {}, count);
  pair.there.close();
  turn();
  EXPECT_EQ(calls, 0);
  watch(pair.here, {.readable = true}, count);
  turn();
  EXPECT_EQ(calls, 1);
  watch(pair.here, {}, count);
  turn();
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopDescriptors, may_end_their_own_watch_and_begin_another) {
  const Pair pair;
  std::string calls;
  pair.make_readable();
  // The captured text is longer than a std::function holds by itself: a callback destroyed while it
  // runs would read freed memory.
  watch(pair.here, {.readable = true}, [&, text = std::string(100, 'a')](Readiness) {
    loop_.unwatch(pair.here.get());
    watch(pair.here, {.readable = true}, [&](Readiness) { calls += 'b'; });
    calls += text.back();
  });
  turn();
  EXPECT_EQ(calls, "a");
  turn();
  EXPECT_EQ(calls, "ab");
}

TEST_F(EventLoopDescriptors, get_no_callback_after_unwatch_in_the_same_turn) {
  const Pair one;
  const Pair two;
  int calls = 0;
  const auto end_both = [&](Readiness) {
    ++calls;
    loop_.unwatch(one.here.get());
    loop_.unwatch(two.here.get());
  };
  for (const Pair* pair : {&one, &two}) {
    pair->make_readable();
    watch(pair->here, {.readable = true}, end_both);
  }
  turn();
  EXPECT_EQ(calls, 1);
}

TEST_F(EventLoopDescriptors, are_not_mistaken_for_a_closed_one_of_the_same_number) {
  std::array<Pair, 2> pairs;
  const Pair quiet;
  int calls = 0;
  int mistaken = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i].make_readable();
    watch(pairs[i].here, {.readable = true}, [&, i](Readiness) {
      ++calls;
      // The other one was ready in the same turn. A quiet descriptor now takes its number.
      const int number = pairs[1 - i].here.get();
      loop_.unwatch(number);
      ASSERT_EQ(dup2(quiet.here.get(), number), number);
      watch(pairs[1 - i].here, {.readable = true}, [&](Readiness) { ++mistaken; });
    });
  }
  turn();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(mistaken, 0);
}

TEST_F(EventLoopDescriptors, all_get_their_turn_however_many_are_ready) {
  std::vector<Pair> pairs(200);
  std::vector<int> calls(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i].make_readable();
    watch(pairs[i].here, {.readable = true}, [&calls, i](Readiness) { ++calls[i]; });
  }
  for (int i = 0; i < 4; ++i) turn();
  for (std::size_t i = 0; i < pairs.size(); ++i) EXPECT_GE(calls[i], 1) << i;
}

// Epoll alone would report, and so serve, the same one first for ever.
TEST_F(EventLoopDescriptors, I12_patient_ones_take_turns_one_at_a_time_after_the_others) {
  std::array<Pair, 100> patient;  // More than one call to the system reports.
  std::string order;
  std::array<int, 100> served{};
  for (std::size_t i = 0; i < patient.size(); ++i) {
    watch(patient[i].here, {.writable = true, .patient = true}, [&, i](Readiness) {
      ++served[i];
      order += 'p';
    });
  }
  const Pair other;
  watch(other.here, {.readable = true}, [&](Readiness) {
    other.drain();
    order += 'o';
  });
  for (int i = 0; i < 500; ++i) turn();
  EXPECT_EQ(order, std::string(500, 'p'));
  for (const int times : served) EXPECT_NEAR(times, 5, 2);

  order.clear();
  other.make_readable();
  turn();
  turn();
  EXPECT_LE(order.find('o'), 1U) << order;
}

TEST_F(EventLoopDescriptors, a_patient_one_may_be_unwatched_by_another_in_the_same_turn) {
  const Pair patient;
  const Pair other;
  watch(patient.here, {.writable = true, .patient = true},
        [](Readiness) { FAIL() << "its watch has ended"; });
  watch(other.here, {.writable = true}, [&](Readiness) { loop_.unwatch(patient.here.get()); });
  turn();
  turn();
}

TEST_F(EventLoopDescriptors, that_cannot_be_waited_for_are_an_error) {
  FILE* const file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  EXPECT_FALSE(loop_.watch(fileno(file), {.readable = true}, [](Readiness) {}));
  std::fclose(file);
}

TEST_F(EventLoopTimers, fire_in_the_order_of_their_times_and_never_early) {
  std::string order;
  const BootTime start = loop_.now();
  const auto set = [&](int ms, char name) {
    const BootTime when = start + milliseconds(ms);
    return loop_.at(when, [&, when, name] {
      EXPECT_GE(loop_.now(), when);
      order += name;
      if (order.size() == 3) loop_.stop();
    });
  };
  EXPECT_NE(set(9, 'c'), 0U);
  set(3, 'a');
  set(6, 'b');
  loop_.run();
  EXPECT_EQ(order, "abc");
}

TEST_F(EventLoopTimers, in_the_past_fire_in_the_next_turn) {
  bool fired = false;
  loop_.at(BootTime(), [&] { fired = true; });
  EXPECT_FALSE(fired);
  turn();
  EXPECT_TRUE(fired);
}

TEST_F(EventLoopTimers, set_again_for_the_same_past_time_fire_again) {
  const BootTime when = loop_.now();
  int fired = 0;
  loop_.at(when, [&] {
    ++fired;
    loop_.at(when, [&] {
      ++fired;
      loop_.stop();
    });
  });
  loop_.run();
  EXPECT_EQ(fired, 2);
}

TEST_F(EventLoopTimers, always_in_the_past_starve_nobody) {
  std::function<void()> again = [&] { loop_.at(BootTime(), again); };
  again();
  const Pair pair;
  pair.make_readable();
  watch(pair.here, {.readable = true}, [&](Readiness) { loop_.post([&] { loop_.stop(); }); });
  loop_.run();
}

TEST_F(EventLoopTimers, cancelled_never_fire_even_when_due_in_the_same_turn) {
  std::string fired;
  const auto early = loop_.at(BootTime(milliseconds(1)), [&] { fired += 'a'; });
  Loop::TimerId late = 0;
  loop_.at(BootTime(milliseconds(2)), [&] {
    fired += 'b';
    loop_.cancel(late);
  });
  late = loop_.at(BootTime(milliseconds(3)), [&] { fired += 'c'; });
  loop_.cancel(early);
  turn();
  turn();
  EXPECT_EQ(fired, "b");
}

TEST_F(EventLoopTimers, cancelled_twice_or_after_they_fired_is_nothing) {
  int fired = 0;
  Loop::TimerId timer = 0;
  timer = loop_.at(BootTime(), [&] {
    ++fired;
    loop_.cancel(timer);
  });
  turn();
  loop_.cancel(timer);
  loop_.cancel(timer);
  loop_.cancel(0);
  const auto other = loop_.at(BootTime(), [&] { ++fired; });
  EXPECT_NE(other, timer);
  turn();
  EXPECT_EQ(fired, 2);
}

TEST_F(EventLoopTimers, far_beyond_any_uptime_can_be_set) {
  loop_.at(BootTime::max(), [] { FAIL(); });
  loop_.at(BootTime::max() - hours(1), [] { FAIL(); });
  turn();
}

/// Something a callback may own, and that tidies up when it goes, as sessions do.
struct Tidy {
  EventLoop& loop;
  int fd;
  Loop::TimerId timer;
  ~Tidy() {
    loop.unwatch(fd);
    loop.cancel(timer);
    loop.post([] {});
  }
};

TEST(EventLoop, may_go_while_callbacks_own_what_calls_back) {
  const Pair pair;
  std::unique_ptr<EventLoop> loop = EventLoop::create().value();
  const auto timer = loop->at(loop->now() + hours(1), [] {});
  const auto owned = [&] {
    return std::make_shared<Tidy>(Tidy{.loop = *loop, .fd = pair.here.get(), .timer = timer});
  };
  ASSERT_TRUE(loop->watch(pair.here.get(), {.readable = true}, [own = owned()](Readiness) {}));
  loop->at(loop->now() + hours(1), [own = owned()] {});
  loop->post([own = owned()] {});
  loop.reset();
}

}  // namespace
}  // namespace akgate
