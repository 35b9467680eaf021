// SPDX-License-Identifier: Apache-2.0
#include "daemon/agent.hpp"

#include <utility>

#include "cache/store.hpp"
#include "daemon/settings.hpp"
#include "gate/control_dialogue.hpp"
#include "gate/gate_dialogue.hpp"
#include "gate/http_front.hpp"
#include "gate/server.hpp"
#include "platform/certificate_date.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"
#include "platform/thread.hpp"
#include "refresh/desk.hpp"
#include "refresh/register_clerk.hpp"
#include "register/account.hpp"
#include "register/authorized_transport.hpp"
#include "register/register_client.hpp"
#include "time/trusted_time.hpp"

namespace akgate {

namespace {

std::string_view to_string(TokenState state) {
  switch (state) {
    case TokenState::no_account:
      return "no-account";
    case TokenState::none:
      return "none";
    case TokenState::held:
      return "held";
    case TokenState::refused:
      return "refused";
    case TokenState::unreachable:
      break;
  }
  return "unreachable";
}

// Only our own build heeds a better date than the system clock's.
void warn_of_early_clock(const Clock& clock, const Log& log) {
  if (CertificateDate::is_heeded() || clock.read().wall >= CertificateDate::of_build()) return;
  log.warning(
      "the system clock is behind the date of this build, and this build's TLS library judges "
      "certificates by it: they may count as not valid yet, and the register as unreachable, until "
      "the clock is set");
}

// The parts whose making can fail.
struct Opened {
  std::unique_ptr<EventLoop> desk_loop;
  std::unique_ptr<EventLoop> clerk_loop;
  std::unique_ptr<Transport> transport;  // On the clerk's loop.
  Account account;
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
        certificate_date([this] {
          return std::chrono::floor<std::chrono::seconds>(time.now(clock.read()).vouched);
        }),
        authorized(*transport, clock, std::move(opened.account)),
        client(*transport, authorized),
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
                                          .log = log}),
        gate_settings(make_gate_settings(config)),
        gate_dialogue(desk, clock, gate_settings),
        control_dialogue(desk, clock, [this] { return to_string(authorized.state()); }),
        http_front({.answers = desk,
                    .clock = clock,
                    .gate = gate_settings,
                    .metrics = [] { return std::string("# EOF\n"); },
                    .not_ready = [this] { return why_not_ready(); }},
                   make_http_settings(config)) {}

  [[nodiscard]] Status listen(const Config& config, const ServerSettings& of_gate);
  [[nodiscard]] std::string why_not_ready();
  void shut_down();

  const Log& log;
  DeviceKeys keys;
  SystemClock clock;
  std::unique_ptr<EventLoop> desk_loop;
  std::unique_ptr<EventLoop> clerk_loop;
  std::unique_ptr<Store> store;
  std::unique_ptr<Transport> transport;
  TrustedTime time;
  CertificateDate certificate_date;
  AuthorizedTransport authorized;
  RegisterClient client;
  RegisterClerk clerk;
  Desk desk;
  GateSettings gate_settings;
  GateDialogue gate_dialogue;
  ControlDialogue control_dialogue;
  HttpFront http_front;
  std::unique_ptr<GateServer> gate;
  std::unique_ptr<GateServer> control;
  std::unique_ptr<GateServer> http;  ///< Nothing where it is off.
  std::unique_ptr<Signals> signals;
  bool shutting_down = false;
};

Result<std::unique_ptr<Agent>> Agent::create(const Config& config, const Log& log) {
  auto gate_settings = make_gate_server_settings(config, log);
  if (!gate_settings) return std::move(gate_settings).error();
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

  auto state = std::make_unique<State>(config, log,
                                       Opened{.desk_loop = *std::move(desk_loop),
                                              .clerk_loop = *std::move(clerk_loop),
                                              .transport = *std::move(transport),
                                              .account = *std::move(account),
                                              .keys = *keys,
                                              .store = *std::move(store)});
  warn_of_early_clock(state->clock, log);
  // Before any other thread, so that all of them leave these signals alone.
  auto signals =
      Signals::watch(*state->desk_loop,
                     {.terminate = [parts = state.get()] { parts->shut_down(); },
                      .reload = [&log] { log.warning("SIGHUP: this version does not reload"); }});
  if (!signals) return std::move(signals).error();
  state->signals = *std::move(signals);
  // Last: once a socket can be reached, everything behind it is ready.
  if (Status listening = state->listen(config, *gate_settings); !listening)
    return std::move(listening).error();
  return std::unique_ptr<Agent>(new Agent(std::move(state)));
}

Agent::Agent(std::unique_ptr<State> state) : state_(std::move(state)) {}
Agent::~Agent() = default;

Status Agent::State::listen(const Config& config, const ServerSettings& of_gate) {
  const auto open = [this](std::unique_ptr<GateServer>& server, const ServerSettings& settings,
                           Reception& reception) -> Status {
    auto opened =
        GateServer::open(settings, {.loop = *desk_loop, .reception = reception, .log = log});
    if (!opened) return std::move(opened).error();
    server = *std::move(opened);
    return Done{};
  };
  Status opened = open(control, make_control_server_settings(config), control_dialogue);
  if (opened && !config.http.listen.empty())
    opened = open(http, make_http_server_settings(config, of_gate), http_front);
  if (opened) opened = open(gate, of_gate, gate_dialogue);
  return opened;
}

std::string Agent::State::why_not_ready() {
  return time.now(clock.read()).trusted ? "" : "the clock is not trusted";
}

// First the askers, then the disk, then the loops.
void Agent::State::shut_down() {
  if (std::exchange(shutting_down, true)) return;
  log.info("ending: answering what was asked");
  const Task end = [this] {
    clerk_loop->post([this] {
      clerk.flush();
      clerk_loop->stop();
      desk_loop->stop();
    });
  };
  const Task end_control = [this, end] { control->drain(end); };
  gate->drain([this, end_control] { http ? http->drain(end_control) : end_control(); });
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
