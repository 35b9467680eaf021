// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace akgate {

/// A thread that is waited for when this goes: whoever owns it first tells its body to end.
class Thread {
 public:
  /// Runs `body` on a thread of its own. `name`, at most 15 bytes, is what `top -H` and a debugger
  /// show. An error where the system has no more threads for us.
  [[nodiscard]] static Result<Thread> start(const std::string& name, std::function<void()> body);
  Thread(Thread&&) noexcept;
  Thread& operator=(Thread&&) noexcept;
  ~Thread();

 private:
  struct State;
  explicit Thread(std::unique_ptr<State> state);
  void join();

  std::unique_ptr<State> state_;
};

/// Lets others run first where they and the calling thread want the same processor: what somebody
/// waits for is not to stand behind what nobody does. It still gets a good part of it, so that a
/// busy neighbour delays its work but cannot starve it. Where the system does not allow it, nothing
/// changes.
void give_way_to_others();

}  // namespace akgate
