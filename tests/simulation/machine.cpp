// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/machine.hpp"

#include <utility>

namespace akgate {

Machine::Machine(SimulatedLoop& loop, World& world, Settings settings, const Log& log)
    : clock(loop, Timestamp{}),
      loop_(loop),
      world_(world),
      settings_(std::move(settings)),
      log_(log) {}

bool Machine::start(std::string& why) {
  auto opened = Store::open(
      {.directory = settings_.directory, .max_records = settings_.max_records}, keys_, log_);
  if (!opened) {
    why = opened.error().what();
    return false;
  }
  store_ = *std::move(opened);
  time_.emplace(settings_.time, "boot " + std::to_string(boots_), clock.read(),
                store_->time_mark());
  clerk_ = std::make_unique<RegisterClerk>(RegisterClerk::Parts{.own = loop_,
                                                                .desk = loop_,
                                                                .clock = clock,
                                                                .time = *time_,
                                                                .verifier = world_,
                                                                .store = *store_,
                                                                .log = log_});
  desk_ = std::make_unique<Desk>(settings_.desk, Desk::Parts{.loop = loop_,
                                                             .clock = clock,
                                                             .time = *time_,
                                                             .store = *store_,
                                                             .keys = keys_,
                                                             .clerk = *clerk_,
                                                             .log = log_});
  return true;
}

void Machine::stop() {
  loop_.forget_everything();
  desk_.reset();
  clerk_.reset();
  time_.reset();
  store_.reset();
}

void Machine::boot() {
  ++boots_;
  clock.boot();
}

}  // namespace akgate
