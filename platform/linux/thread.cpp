// SPDX-License-Identifier: Apache-2.0
#include "platform/thread.hpp"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/assert.hpp"
#include "platform/posix/os_error.hpp"

namespace akgate {

// pthread_create() and not std::thread, which would say by an exception that there is no thread to
// be had.
struct Thread::State {
  std::string name;
  std::function<void()> body;
  pthread_t thread{};

  static void* run(void* state) {
    const auto& self = *static_cast<const State*>(state);
    static_cast<void>(prctl(PR_SET_NAME, self.name.c_str(), 0, 0, 0));
    self.body();
    return nullptr;
  }
};

Result<Thread> Thread::start(const std::string& name, std::function<void()> body) {
  auto state = std::make_unique<State>(State{.name = name, .body = std::move(body)});
  const int error = pthread_create(&state->thread, nullptr, &State::run, state.get());
  if (error != 0) {
    errno = error;
    return os_error("cannot start thread", name);
  }
  return Thread(std::move(state));
}

Thread::Thread(std::unique_ptr<State> state) : state_(std::move(state)) {}
Thread::Thread(Thread&&) noexcept = default;

Thread& Thread::operator=(Thread&& other) noexcept {
  if (this != &other) {
    join();
    state_ = std::move(other.state_);
  }
  return *this;
}

Thread::~Thread() { join(); }

void Thread::join() {
  if (state_ == nullptr) return;  // moved from
  AKGATE_ASSERT(pthread_join(state_->thread, nullptr) == 0);
  state_.reset();
}

// On Linux each thread has a niceness of its own; five steps leave it a quarter beside a busy one.
void give_way_to_others() {
  constexpr int kSteps = 5;
  const auto thread = static_cast<id_t>(gettid());
  static_cast<void>(setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + kSteps));
}

}  // namespace akgate
