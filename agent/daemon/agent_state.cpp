// SPDX-License-Identifier: Apache-2.0
#include "daemon/agent_state.hpp"

#include <chrono>
#include <utility>

#include "daemon/reloading.hpp"
#include "daemon/settings.hpp"
#include "platform/accounts.hpp"

namespace akgate {

namespace {

constexpr std::chrono::seconds kBeginTrailAgainAfter{5};

// Of several faults each has a line of its own; the log has one for them all.
std::string in_one_line(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
    text.replace(at, 1, "; ");
  }
  return text;
}

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

std::optional<AuditHead> kept_head(Store& store) {
  const std::optional<std::string> text = store.audit_head();
  return text ? AuditHead::parse(*text) : std::nullopt;
}

}  // namespace

Agent::State::State(const LoadedConfig& loaded, ReadConfig read, const Log& its_log,
                    OpenedParts opened)
    : log(its_log),
      read_config(std::move(read)),
      started_with(loaded.config),
      config(loaded.config),
      config_digest(loaded.digest),
      service(std::move(opened.service)),
      keys(opened.keys),
      desk_loop(std::move(opened.desk_loop)),
      clerk_loop(std::move(opened.clerk_loop)),
      desk_clock(system_clock, *desk_loop),
      store(std::move(opened.store)),
      transport(std::move(opened.transport)),
      time(make_time_settings(config), read_boot_id(), system_clock.read(), store->time_mark()),
      certificate_date([this] {
        return std::chrono::floor<std::chrono::seconds>(time.now(system_clock.read()).vouched);
      }),
      authorized(*transport, system_clock, std::move(opened.account)),
      client(*transport, authorized),
      clerk({.own = *clerk_loop,
             .desk = *desk_loop,
             .clock = system_clock,
             .time = time,
             .verifier = client,
             .store = *store,
             .log = log}),
      desk(make_desk_settings(config), {.loop = *desk_loop,
                                        .clock = desk_clock,
                                        .time = time,
                                        .store = *store,
                                        .keys = keys,
                                        .clerk = clerk,
                                        .log = log}),
      audit_keys(AuditKeys::derive(keys.audit())),
      trail(make_audit_settings(config),
            {.desk = *desk_loop,
             .writer = *clerk_loop,
             .keys = audit_keys,
             .log = log,
             .on_head = [this](const AuditHead& head) { keep_audit_head(head); }},
            kept_head(*store)),
      recorder({.desk = desk, .trail = trail, .keys = keys, .loop = *desk_loop}),
      oversight({.controls = desk,
                 .recorder = recorder,
                 .trail = trail,
                 .audit_keys = audit_keys,
                 .keys = keys,
                 .time = time,
                 .clock = desk_clock,
                 .token = [this] { return to_string(authorized.state()); },
                 .connections =
                     [this] {
                       return gate->connections() + control->connections() +
                              (http ? http->connections() : 0);
                     },
                 .reload = [this] { return reload(); },
                 .config_digest = [this] { return config_digest; },
                 .audit_required = [this] { return config.audit.required; }}),
      gate_settings(make_gate_settings(config)),
      gate_dialogue(recorder, desk_clock, *desk_loop, gate_settings),
      control_dialogue(desk, oversight),
      http_front({.answers = recorder,
                  .clock = desk_clock,
                  .loop = *desk_loop,
                  .gate = gate_settings,
                  .metrics = [this] { return metrics_text(oversight.overview()); },
                  .not_ready = [this] { return why_not_ready(); }},
                 make_http_settings(config)),
      standing_news(
          *desk_loop, desk_clock, [this] { return desk.register_standing(); },
          [this](const std::string& sentence) { service.status(sentence); }) {
  recorder.require_record(config.audit.required);
}

Status Agent::State::listen(const ServerSettings& of_gate, GivenSockets given) {
  const auto open = [this](std::unique_ptr<GateServer>& server, const ServerSettings& settings,
                           Reception& reception, Fd given_socket) -> Status {
    auto opened =
        GateServer::open(settings, {.loop = *desk_loop, .reception = reception, .log = log},
                         std::move(given_socket));
    if (!opened) return std::move(opened).error();
    server = *std::move(opened);
    return Done{};
  };
  Status opened = open(control, make_control_server_settings(config), control_dialogue,
                       std::move(given.control));
  if (opened && (given.http.valid() || !config.http.listen.empty())) {
    opened =
        open(http, make_http_server_settings(config, of_gate), http_front, std::move(given.http));
  }
  if (opened) opened = open(gate, of_gate, gate_dialogue, std::move(given.gate));
  return opened;
}

std::string Agent::State::why_not_ready() {
  if (!time.now(desk_clock.read()).trusted) return "the clock is not trusted";
  if (desk.has_lost_blocks()) return "what the operator has blocked cannot be read";
  if (recorder.denies_for_want_of_record()) return "the trail of decisions cannot be written";
  return "";
}

// Its disk may come late.
void Agent::State::begin_trail() {
  trail.flush([this](const Status& written) {
    if (written) return recorder.trail_has_begun();
    static_cast<void>(
        desk_loop->at(desk_loop->now() + kBeginTrailAgainAfter, [this] { begin_trail(); }));
  });
}

void Agent::State::begin() {
  oversight.note_start();
  begin_trail();
  log.info("answering");
  report_for_duty();
}

// A changed list of trusted certificates, a new secret and the like count from a restart on.
Result<std::string> Agent::State::reload() {
  Result<LoadedConfig> next = read_config();
  if (!next) return std::move(next).error();
  config = std::move(next->config);
  config_digest = std::move(next->digest);
  desk.reconfigure(make_desk_settings(config));
  gate_settings = make_gate_settings(config);
  recorder.require_record(config.audit.required);
  const std::string restart = needs_restart(started_with, config);
  log.info("the configuration was read again" + (restart.empty() ? "" : "; " + restart));
  return restart;
}

// The service manager waits for the end of it, also where there is nothing to it.
void Agent::State::reload_on_signal() {
  service.reloading();
  const Result<std::string> reloaded = oversight.reload(own_user());
  if (!reloaded) {
    log.error("the configuration stays as it was: " + in_one_line(reloaded.error().what()));
  }
  service.ready();
}

void Agent::State::report_for_duty() {
  if (!service.listens()) return;
  service.ready();
  standing_news.start();
  if (!service.watchdog_time()) return;
  watchdog.emplace(*desk_loop, *clerk_loop, *service.watchdog_time(),
                   [this] { service.feed_watchdog(); });
  watchdog->start();
}

// The next time mark takes it along.
void Agent::State::keep_audit_head(const AuditHead& head) {
  clerk_loop->post([this, text = head.to_text()] { store->keep_audit_head(text); });
}

// First the askers, then the disk, then the loops.
void Agent::State::shut_down() {
  if (std::exchange(shutting_down, true)) return;
  service.stopping();
  log.info("ending: answering what was asked");
  const Task end_control = [this] { control->drain([this] { end(); }); };
  gate->drain([this, end_control] { http ? http->drain(end_control) : end_control(); });
}

void Agent::State::end() {
  oversight.note_stop();
  trail.flush([this](const Status&) {
    clerk_loop->post([this] {
      clerk.flush();
      clerk_loop->stop();
      desk_loop->stop();
    });
  });
}

}  // namespace akgate
