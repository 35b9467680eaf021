// SPDX-License-Identifier: Apache-2.0
#include "daemon/agent.hpp"

#include <utility>

#include "cache/store.hpp"
#include "daemon/settings.hpp"
#include "gate/server.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"
#include "platform/thread.hpp"
#include "refresh/desk.hpp"
#include "refresh/register_clerk.hpp"
#include "register/register_client.hpp"
#include "time/trusted_time.hpp"

namespace akgate {

namespace {

// The parts whose making can fail.
struct Opened {
  std::unique_ptr<EventLoop> desk_loop;
  std::unique_ptr<EventLoop> clerk_loop;
  std::unique_ptr<Transport> transport;  // On the clerk's loop.
  DeviceKeys keys;
  std::unique_ptr<Store> store;
};

}  // namespace

// In the order in which the parts are made; they go in the reverse of it.
struct Agent::State {
  State(const Config& config, const Log& its_log, Opened opened)
      : log(its_log),
        keys(opened.keys),
        desk_loop(std::move(opened.desk_loop)),
        clerk_loop(std::move(opened.clerk_loop)),
        store(std::move(opened.store)),
        transport(std::move(opened.transport)),
        time(make_time_settings(config), read_boot_id(), clock.read(), store->time_mark()),
        client(*transport),
        clerk({.own = *clerk_loop,
               .desk = *desk_loop,
               .clock = clock,
               .time = time,
               .verifier = client,
               .store = *store,
               .log = log}),
        desk(make_desk_settings(config), {.loop = *desk_loop,
                                          .clock = clock,
                                          .time = time,
                                          .store = *store,
                                          .keys = keys,
                                          .clerk = clerk,
                                          .log = log}) {}

  void shut_down();

  const Log& log;
  DeviceKeys keys;
  SystemClock clock;
  std::unique_ptr<EventLoop> desk_loop;
  std::unique_ptr<EventLoop> clerk_loop;
  std::unique_ptr<Store> store;
  std::unique_ptr<Transport> transport;
  TrustedTime time;
  RegisterClient client;
  RegisterClerk clerk;
  Desk desk;
  std::unique_ptr<GateServer> gate;
  std::unique_ptr<Signals> signals;
  bool shutting_down = false;
};

Result<std::unique_ptr<Agent>> Agent::create(const Config& config, const Log& log) {
  auto gate_settings = make_gate_settings(config, log);
  if (!gate_settings) return std::move(gate_settings).error();
  auto desk_loop = EventLoop::create();
  if (!desk_loop) return std::move(desk_loop).error();
  auto clerk_loop = EventLoop::create();
  if (!clerk_loop) return std::move(clerk_loop).error();
  auto transport = Transport::create(**clerk_loop, make_register_settings(config));
  if (!transport) return std::move(transport).error();
  auto keys = DeviceKeys::load_or_make(config.cache.device_key_file);
  if (!keys) return std::move(keys).error();
  auto store = Store::open(
      {.directory = config.cache.directory, .max_records = config.cache.max_records}, *keys, log);
  if (!store) return std::move(store).error();

  auto state = std::make_unique<State>(config, log,
                                       Opened{.desk_loop = *std::move(desk_loop),
                                              .clerk_loop = *std::move(clerk_loop),
                                              .transport = *std::move(transport),
                                              .keys = *keys,
                                              .store = *std::move(store)});
  // Before any other thread, so that all of them leave these signals alone.
  auto signals =
      Signals::watch(*state->desk_loop,
                     {.terminate = [parts = state.get()] { parts->shut_down(); },
                      .reload = [&log] { log.warning("SIGHUP: this version does not reload"); }});
  if (!signals) return std::move(signals).error();
  state->signals = *std::move(signals);
  // Last: once the socket can be reached, everything behind it is ready.
  auto gate = GateServer::open(
      *std::move(gate_settings),
      {.loop = *state->desk_loop, .answers = state->desk, .clock = state->clock, .log = log});
  if (!gate) return std::move(gate).error();
  state->gate = *std::move(gate);
  return std::unique_ptr<Agent>(new Agent(std::move(state)));
}

Agent::Agent(std::unique_ptr<State> state) : state_(std::move(state)) {}
Agent::~Agent() = default;

// First the askers, then the disk, then the loops.
void Agent::State::shut_down() {
  if (std::exchange(shutting_down, true)) return;
  log.info("ending: answering what was asked");
  gate->drain([this] {
    clerk_loop->post([this] {
      clerk.flush();
      clerk_loop->stop();
      desk_loop->stop();
    });
  });
}

Status Agent::run() {
  auto clerk_thread =
      Thread::start("akgate-clerk", [loop = state_->clerk_loop.get()] { loop->run(); });
  if (!clerk_thread) return std::move(clerk_thread).error();
  state_->log.info("answering");
  state_->desk_loop->run();
  return Done{};
}

}  // namespace akgate
