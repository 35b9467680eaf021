// SPDX-License-Identifier: Apache-2.0
#include "platform/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "platform/fd.hpp"
#include "platform/linux/boot_clock.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

namespace {

constexpr int kEventsPerRound = 64;
constexpr BootTime kNever = BootTime::max();
constexpr BootTime kUnknown = BootTime::min();

// What epoll hands back for a descriptor: its number and the serial of the watch, so that an event
// that was collected before the watch ended is not taken for a later one's.
std::uint64_t ticket(int fd, std::uint32_t serial) {
  return std::uint64_t{serial} << 32U | static_cast<std::uint32_t>(fd);
}

// The loop's own descriptors. No watch has a negative descriptor.
constexpr std::uint64_t kWakeTicket = ~std::uint64_t{0};
constexpr std::uint64_t kTimerTicket = kWakeTicket - 1;

std::uint32_t interest(Readiness wanted) {
  return (wanted.readable ? std::uint32_t{EPOLLIN} : 0U) |
         (wanted.writable ? std::uint32_t{EPOLLOUT} : 0U);
}

Readiness readiness(std::uint32_t events) {
  const bool both = (events & (EPOLLERR | EPOLLHUP)) != 0;
  return {.readable = both || (events & EPOLLIN) != 0,
          .writable = both || (events & EPOLLOUT) != 0};
}

using Callback = std::unique_ptr<const EventLoop::OnReady>;

struct Watch {
  std::uint32_t serial = 0;
  bool in_epoll = false;
  bool patient = false;
  std::uint64_t last_round = 0;  ///< For a patient one: the loop's round in which it was served.
  Callback on_ready;             ///< Null: nothing is watched.
};

}  // namespace

struct EventLoop::State {
  Fd epoll;
  Fd timer;  ///< Armed for the earliest timer, and disarmed where there is none.
  Fd wake;   ///< Written to when there is news where there was none: the loop may be asleep.

  std::vector<Watch> watches;  ///< By descriptor.
  /// Of watches that have ended, until a turn does: one that ends its own must not be destroyed
  /// while it runs, and none but at the end of a turn or of the loop.
  std::vector<Callback> ended;
  std::uint32_t last_serial = 0;
  std::uint64_t round = 0;
  std::uint64_t turns = 0;
  bool in_turn = false;
  std::uint64_t read_in_turn = 0;  ///< When `now` was read.
  BootTime turn_began{};
  std::array<epoll_event, kEventsPerRound> reported{};

  std::map<std::pair<BootTime, TimerId>, Task> timers;
  std::unordered_map<TimerId, BootTime> times;  ///< By which cancel() finds a timer.
  TimerId last_timer = 0;
  BootTime armed_for = kNever;
  bool timer_fired = false;

  std::mutex mutex;  ///< Guards what follows.
  std::vector<Task> posted;
  bool stopping = false;
  std::atomic<bool> has_news = false;  ///< One of these: told without the mutex.

  Status add_own(const Fd& fd, std::uint64_t ticket) const;
  void note_news();
  void end(Callback on_ready);
  void arm_timer();
  void wait_and_dispatch();
  [[nodiscard]] Watch* watch_of(const epoll_event& event);
  void dispatch(std::span<const epoll_event> events);
  void run_due_timers();
  bool run_posted();

  template <typename Callback>
  void take_turn(const Callback& callback) {
    ++turns;
    in_turn = true;
    callback();
    // What they own may end others as it goes.
    while (!ended.empty()) std::exchange(ended, {}).clear();
    in_turn = false;
  }
};

Status EventLoop::State::add_own(const Fd& fd, std::uint64_t ticket) const {
  // An edge each time is enough, and spares reading them empty.
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.u64 = ticket}};
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd.get(), &event) == 0) return Done{};
  return os_error("cannot set up", "the event loop");
}

/// With the mutex held. Wakes a loop that sleeps, or is about to.
void EventLoop::State::note_news() {
  if (has_news.exchange(true)) return;
  constexpr std::uint64_t kOne = 1;
  AKGATE_ASSERT(::write(wake.get(), &kOne, sizeof kOne) == sizeof kOne);
}

void EventLoop::State::end(Callback on_ready) {
  if (on_ready) ended.push_back(std::move(on_ready));
}

void EventLoop::State::arm_timer() {
  const BootTime earliest = timers.empty() ? kNever : timers.begin()->first.first;
  if (earliest == armed_for) return;
  itimerspec when{};  // zero disarms
  if (earliest != kNever) {
    // Zero must not come from a timer in the past, which fires at once.
    const auto since_boot = std::max(earliest.time_since_epoch(), std::chrono::nanoseconds(1));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_boot);
    when.it_value.tv_sec = static_cast<time_t>(seconds.count());
    when.it_value.tv_nsec = static_cast<long>((since_boot - seconds).count());
  }
  AKGATE_ASSERT(timerfd_settime(timer.get(), TFD_TIMER_ABSTIME, &when, nullptr) == 0);
  armed_for = earliest;
  // A timer in the past fires soon, which is later than now.
  if (earliest != kNever && earliest <= read_boot_clock()) timer_fired = true;
}

void EventLoop::State::wait_and_dispatch() {
  const int timeout_ms = has_news || timer_fired ? 0 : -1;
  const int count = epoll_wait(epoll.get(), reported.data(), kEventsPerRound, timeout_ms);
  AKGATE_ASSERT(count >= 0 || errno == EINTR);
  if (count > 0) dispatch(std::span(reported).first(static_cast<std::size_t>(count)));
}

/// Null where the watch has ended meanwhile.
Watch* EventLoop::State::watch_of(const epoll_event& event) {
  const std::uint64_t got = event.data.u64;
  const std::size_t fd = got & 0xffffffffU;
  if (fd >= watches.size()) return nullptr;
  Watch& watch = watches[fd];
  return watch.on_ready && watch.serial == got >> 32U ? &watch : nullptr;
}

void EventLoop::State::dispatch(std::span<const epoll_event> events) {
  ++round;
  const auto serve = [this](const Watch& watch, const epoll_event& event) {
    take_turn([&] { (*watch.on_ready)(readiness(event.events)); });
  };
  // Epoll reports the others again, but always in the same order.
  const epoll_event* longest_waiting = nullptr;
  std::uint64_t its_last_round = round;
  for (const epoll_event& event : events) {
    timer_fired |= event.data.u64 == kTimerTicket;
    const Watch* const watch = watch_of(event);
    if (watch == nullptr) continue;
    if (!watch->patient) {
      serve(*watch, event);
    } else if (watch->last_round < its_last_round) {
      longest_waiting = &event;
      its_last_round = watch->last_round;
    }
  }
  if (longest_waiting == nullptr) return;
  Watch* const watch = watch_of(*longest_waiting);
  if (watch == nullptr) return;
  watch->last_round = round;
  serve(*watch, *longest_waiting);
}

void EventLoop::State::run_due_timers() {
  if (!std::exchange(timer_fired, false)) return;
  const BootTime now = read_boot_clock();
  armed_for = kUnknown;
  // Collected first: a timer that is set while these run waits for the next round, however late it
  // is already, so that descriptors get their turn.
  std::vector<std::pair<BootTime, TimerId>> due;
  for (const auto& [key, task] : timers) {
    if (key.first > now) break;
    due.push_back(key);
  }
  for (const auto& key : due) {
    const auto timer_node = timers.extract(key);
    if (timer_node.empty()) continue;  // cancelled by one before it
    times.erase(key.second);
    take_turn(timer_node.mapped());
  }
}

/// Runs what has been posted up to now; true when it is time to stop.
bool EventLoop::State::run_posted() {
  if (!has_news) return false;
  has_news = false;  // Before they are taken: what is posted after that makes it true again.
  std::vector<Task> tasks;
  bool stop = false;
  {
    const std::lock_guard lock(mutex);
    tasks.swap(posted);
    stop = std::exchange(stopping, false);
  }
  for (Task& task : tasks) take_turn(std::exchange(task, nullptr));
  return stop;
}

EventLoop::EventLoop(std::unique_ptr<State> state) : state_(std::move(state)) {}

EventLoop::~EventLoop() {
  // What tasks and callbacks own may call unwatch() or cancel() as it goes: the loop must still
  // stand.
  const auto watches = std::exchange(state_->watches, {});
  const auto ended = std::exchange(state_->ended, {});
  const auto timers = std::exchange(state_->timers, {});
  const auto posted = std::exchange(state_->posted, {});
}

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
  auto state = std::make_unique<State>();
  state->epoll = Fd(epoll_create1(EPOLL_CLOEXEC));
  if (!state->epoll.valid()) return os_error("cannot set up", "the event loop");
  state->timer = Fd(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!state->timer.valid()) return os_error("cannot set up", "the event loop");
  state->wake = Fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!state->wake.valid()) return os_error("cannot set up", "the event loop");
  Status added = state->add_own(state->timer, kTimerTicket);
  if (added) added = state->add_own(state->wake, kWakeTicket);
  if (!added) return std::move(added).error();
  return std::unique_ptr<EventLoop>(new EventLoop(std::move(state)));
}

void EventLoop::post(Task task) {
  const std::lock_guard lock(state_->mutex);
  state_->posted.push_back(std::move(task));
  state_->note_news();
}

Loop::TimerId EventLoop::at(BootTime when, Task task) {
  const TimerId id = ++state_->last_timer;
  state_->timers.emplace(std::pair(when, id), std::move(task));
  state_->times.emplace(id, when);
  return id;
}

void EventLoop::cancel(TimerId timer) {
  const auto time = state_->times.find(timer);
  if (time == state_->times.end()) return;
  // Taken out whole before it is destroyed: what the task owns may call back.
  const auto gone = state_->timers.extract(std::pair(time->second, timer));
  state_->times.erase(time);
}

BootTime EventLoop::now() const {
  if (!state_->in_turn) return read_boot_clock();
  if (std::exchange(state_->read_in_turn, state_->turns) != state_->turns) {
    state_->turn_began = read_boot_clock();
  }
  return state_->turn_began;
}

Status EventLoop::watch(int fd, Readiness wanted, OnReady on_ready) {
  AKGATE_ASSERT(fd >= 0 && on_ready != nullptr);
  const auto place = static_cast<std::size_t>(fd);
  if (place >= state_->watches.size()) state_->watches.resize(place + 1);
  Watch& watch = state_->watches[place];
  watch.serial = ++state_->last_serial;
  watch.patient = wanted.patient;
  state_->end(std::exchange(watch.on_ready, std::make_unique<OnReady>(std::move(on_ready))));
  // Out of epoll where nothing is wanted: it would report a hang-up without end.
  const bool wants = wanted.readable || wanted.writable;
  const bool was_in = std::exchange(watch.in_epoll, wants);
  if (!wants && !was_in) return Done{};
  const int operation = !wants ? EPOLL_CTL_DEL : was_in ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  epoll_event event{.events = interest(wanted), .data = {.u64 = ticket(fd, watch.serial)}};
  if (epoll_ctl(state_->epoll.get(), operation, fd, &event) == 0) return Done{};
  Error error = os_error("cannot wait for", "descriptor " + std::to_string(fd));
  unwatch(fd);
  return error;
}

void EventLoop::unwatch(int fd) {
  const auto place = static_cast<std::size_t>(fd);
  if (fd < 0 || place >= state_->watches.size()) return;
  Watch gone = std::exchange(state_->watches[place], Watch());
  state_->end(std::move(gone.on_ready));
  if (!gone.in_epoll) return;
  static_cast<void>(epoll_ctl(state_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr));
}

void EventLoop::run() {
  do {
    state_->arm_timer();
    state_->wait_and_dispatch();
    state_->run_due_timers();
  } while (!state_->run_posted());
}

void EventLoop::stop() {
  const std::lock_guard lock(state_->mutex);
  state_->stopping = true;
  state_->note_news();
}

}  // namespace akgate
