// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "audit/audit_keys.hpp"
#include "audit/audit_trail.hpp"
#include "cache/store.hpp"
#include "daemon/agent.hpp"
#include "daemon/given_sockets.hpp"
#include "daemon/oversight.hpp"
#include "daemon/recorder.hpp"
#include "daemon/standing_news.hpp"
#include "daemon/watchdog.hpp"
#include "gate/control_dialogue.hpp"
#include "gate/gate_dialogue.hpp"
#include "gate/http_front.hpp"
#include "gate/server.hpp"
#include "platform/certificate_date.hpp"
#include "platform/event_loop.hpp"
#include "platform/process.hpp"
#include "platform/service_manager.hpp"
#include "platform/turn_clock.hpp"
#include "refresh/desk.hpp"
#include "refresh/register_clerk.hpp"
#include "register/account.hpp"
#include "register/authorized_transport.hpp"
#include "register/register_client.hpp"
#include "time/trusted_time.hpp"

namespace akgate {

/// The parts whose making can fail.
struct OpenedParts {
  ServiceManager service;
  std::unique_ptr<EventLoop> desk_loop;
  std::unique_ptr<EventLoop> clerk_loop;
  std::unique_ptr<Transport> transport;  ///< On the clerk's loop.
  Account account;
  DeviceKeys keys;
  std::unique_ptr<Store> store;
};

/// All parts of the agent, in the order in which they are made; they go in the reverse of it.
struct Agent::State {
  State(const LoadedConfig& loaded, ReadConfig read_config, const Log& log, OpenedParts opened);

  [[nodiscard]] Status listen(const ServerSettings& of_gate, GivenSockets given);
  void begin();
  void begin_trail();
  [[nodiscard]] std::string why_not_ready();
  /// What the operator is told: what needs a restart to count.
  [[nodiscard]] Result<std::string> reload();
  void reload_on_signal();
  void report_for_duty();
  void keep_audit_head(const AuditHead& head);
  void shut_down();
  void end();

  const Log& log;
  const ReadConfig read_config;
  const Config started_with;
  Config config;  ///< In force, as far as it needs no restart.
  std::string config_digest;
  ServiceManager service;
  DeviceKeys keys;
  SystemClock system_clock;
  std::unique_ptr<EventLoop> desk_loop;
  std::unique_ptr<EventLoop> clerk_loop;
  TurnClock desk_clock;
  std::unique_ptr<Store> store;
  std::unique_ptr<Transport> transport;
  TrustedTime time;
  CertificateDate certificate_date;
  AuthorizedTransport authorized;
  RegisterClient client;
  RegisterClerk clerk;
  Desk desk;
  AuditKeys audit_keys;
  AuditTrail trail;
  Recorder recorder;
  Oversight oversight;
  GateSettings gate_settings;
  GateDialogue gate_dialogue;
  ControlDialogue control_dialogue;
  HttpFront http_front;
  std::unique_ptr<GateServer> gate;
  std::unique_ptr<GateServer> control;
  std::unique_ptr<GateServer> http;  ///< Nothing where it is off.
  std::unique_ptr<Signals> signals;
  StandingNews standing_news;
  std::optional<Watchdog> watchdog;
  bool shutting_down = false;
};

}  // namespace akgate
