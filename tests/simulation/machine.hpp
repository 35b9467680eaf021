// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cache/store.hpp"
#include "refresh/desk.hpp"
#include "refresh/register_clerk.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/simulated_loop.hpp"
#include "time/trusted_time.hpp"

namespace akgate {

/// The device: its clocks, and the real desk, clerk, verdict, trusted time and cache on it, which
/// can end at any moment and start again.
class Machine {
 public:
  struct Settings {
    Desk::Settings desk;
    TrustedTime::Settings time;
    std::size_t max_records = 1000;
    std::string directory;
  };

  Machine(SimulatedLoop& loop, World& world, Settings settings, const Log& log);

  /// False where the cache could not be opened; `why` says why.
  [[nodiscard]] bool start(std::string& why);
  /// The process is no more, without a last word. What it was about to do is never done.
  void stop();
  /// SIGTERM: what is held is written first.
  void flush() { clerk_->flush(); }
  [[nodiscard]] bool runs() const { return desk_ != nullptr; }

  /// The boot clock begins anew.
  void boot();

  [[nodiscard]] Desk& desk() { return *desk_; }
  SimulatedClock clock;

 private:
  SimulatedLoop& loop_;
  World& world_;
  const Settings settings_;
  const Log& log_;
  const DeviceKeys keys_ = DeviceKeys::derive(Key256(Key256::Bytes{7}));
  int boots_ = 0;
  std::unique_ptr<Store> store_;
  std::optional<TrustedTime> time_;
  std::unique_ptr<RegisterClerk> clerk_;
  std::unique_ptr<Desk> desk_;
};

}  // namespace akgate
