// SPDX-License-Identifier: Apache-2.0
#include "daemon/agent.hpp"

#include <utility>

#include "daemon/agent_state.hpp"
#include "daemon/settings.hpp"
#include "platform/thread.hpp"

namespace akgate {

namespace {

// Only our own build heeds a better date than the system clock's.
void warn_of_early_clock(const Clock& clock, const Log& log) {
  if (CertificateDate::is_heeded() || clock.read().wall >= CertificateDate::of_build()) return;
  log.warning(
      "the system clock is behind the date of this build, and this build's TLS library judges "
      "certificates by it: they may count as not valid yet, and the register as unreachable, until "
      "the clock is set");
}

Result<OpenedParts> open_parts(const Config& config, const Log& log) {
  auto service = ServiceManager::from_environment(log);
  if (!service) return std::move(service).error();
  auto desk_loop = EventLoop::create();
  if (!desk_loop) return std::move(desk_loop).error();
  auto clerk_loop = EventLoop::create();
  if (!clerk_loop) return std::move(clerk_loop).error();
  auto transport = Transport::create(**clerk_loop, make_register_settings(config));
  if (!transport) return std::move(transport).error();
  auto account = read_account(config.register_.account_id, config.register_.secret_key_file);
  if (!account) return std::move(account).error();
  auto keys = DeviceKeys::load_or_make(config.cache.device_key_file);
  if (!keys) return std::move(keys).error();
  auto store = Store::open(
      {.directory = config.cache.directory, .max_records = config.cache.max_records}, *keys, log);
  if (!store) return std::move(store).error();
  return OpenedParts{.service = *std::move(service),
                     .desk_loop = *std::move(desk_loop),
                     .clerk_loop = *std::move(clerk_loop),
                     .transport = *std::move(transport),
                     .account = *std::move(account),
                     .keys = *keys,
                     .store = *std::move(store)};
}

}  // namespace

Result<std::unique_ptr<Agent>> Agent::create(const LoadedConfig& loaded, ReadConfig read_config,
                                             const Log& log) {
  const Config& config = loaded.config;
  auto inherited = take_inherited_sockets();
  if (!inherited) return std::move(inherited).error();
  auto given = tell_apart(*std::move(inherited), config);
  if (!given) return std::move(given).error();
  auto gate_settings = make_gate_server_settings(config, log);
  if (!gate_settings) return std::move(gate_settings).error();
  auto opened = open_parts(config, log);
  if (!opened) return std::move(opened).error();

  auto state = std::make_unique<State>(loaded, std::move(read_config), log, *std::move(opened));
  warn_of_early_clock(state->system_clock, log);
  // Before any other thread, so that all of them leave these signals alone.
  auto signals = Signals::watch(*state->desk_loop,
                                {.terminate = [parts = state.get()] { parts->shut_down(); },
                                 .reload = [parts = state.get()] { parts->reload_on_signal(); }});
  if (!signals) return std::move(signals).error();
  state->signals = *std::move(signals);
  // Last: once a socket can be reached, everything behind it is ready.
  if (Status listening = state->listen(*gate_settings, *std::move(given)); !listening) {
    return std::move(listening).error();
  }
  return std::unique_ptr<Agent>(new Agent(std::move(state)));
}

Agent::Agent(std::unique_ptr<State> state) : state_(std::move(state)) {}
Agent::~Agent() = default;

Status Agent::run() {
  auto clerk_thread = Thread::start("akgate-clerk", [loop = state_->clerk_loop.get()] {
    give_way_to_others();  // The desk has somebody who waits.
    loop->run();
  });
  if (!clerk_thread) return std::move(clerk_thread).error();
  state_->begin();
  state_->desk_loop->run();
  return Done{};
}

}  // namespace akgate
