// SPDX-License-Identifier: Apache-2.0
// akregister: a sandbox of the register, to develop and test against.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/register/demo.hpp"
#include "tests/register/files.hpp"
#include "tests/register/router.hpp"
#include "tests/register/server.hpp"
#include "tests/register/settings.hpp"

namespace akgate::sandbox {
namespace {

constexpr int kExitStopped = 0;
constexpr int kExitCannot = 2;

/// How long to refuse connections when SIGUSR1 arrives; 0 is until SIGUSR2.
using Refusal = std::atomic<std::chrono::milliseconds::rep>;

Result<std::unique_ptr<Sandbox>> open_sandbox(const Settings& settings, Refusal& refuse_for) {
  Accounts accounts;
  if (settings.seed_demo) {
    if (auto seeded = seed_demo_accounts(accounts); !seeded) {
      return std::move(seeded).error();
    }
  }
  if (!settings.accounts.empty()) {
    auto text = read_file(settings.accounts);
    auto added = text ? accounts.add_from_json(*text) : Status(std::move(text).error());
    if (!added) {
      return std::move(added).error().within("--accounts " + settings.accounts);
    }
  }
  auto store = Store::open(settings.data);
  if (!store) {
    return std::move(store).error();
  }
  if (settings.seed_demo) {
    if (auto seeded = seed_demo_identity_records(*store); !seeded) {
      return std::move(seeded).error();
    }
  }
  const std::filesystem::path directory(settings.data);
  auto tokens = Tokens::open(directory.empty() ? directory : directory / "token-key",
                             settings.token_lifetime);
  if (!tokens) {
    return std::move(tokens).error();
  }
  const auto refuse = [&refuse_for](std::chrono::milliseconds time) {
    refuse_for = time.count();
    ::kill(::getpid(), SIGUSR1);
  };
  return std::unique_ptr<Sandbox>(new Sandbox{.clock = Clock(settings.time_offset),
                                              .accounts = std::move(accounts),
                                              .tokens = std::move(tokens).value(),
                                              .store = std::move(store).value(),
                                              .refuse_connections = refuse});
}

Result<TlsIdentity> read_identity(const Settings& settings) {
  TlsIdentity tls;
  if (settings.tls_cert.empty()) {
    return tls;
  }
  auto certificate = read_file(settings.tls_cert);
  auto key = read_file(settings.tls_key);
  for (auto* text : {&certificate, &key}) {
    if (!*text) {
      return std::move(*text).error();
    }
  }
  tls.certificate = std::move(certificate).value();
  tls.key = std::move(key).value();
  return tls;
}

/// The signals that main waits for, blocked in every thread.
sigset_t block_signals() {
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) {
    sigaddset(&awaited, signal);
  }
  pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return awaited;
}

/// Waits with the port held but nobody listening on it, so that connecting is refused.
/// True when it is time to listen again, false when it is time to stop.
bool refuse(const sigset_t& awaited, std::chrono::milliseconds time) {
  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + time;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now());
    if (time.count() > 0 && left.count() <= 0) {
      return true;
    }
    const timespec timeout{.tv_sec = left.count() / 1000,
                           .tv_nsec = left.count() % 1000 * 1'000'000};
    const int signal = sigtimedwait(&awaited, nullptr, time.count() > 0 ? &timeout : nullptr);
    if (signal == SIGUSR2) {
      return true;
    }
    if (signal == SIGTERM || signal == SIGINT) {
      return false;
    }
  }
}

/// The line that tests and scripts wait for.
void announce(const Settings& settings, std::uint16_t port) {
  const bool v6 = settings.host.find(':') != std::string::npos;
  std::printf("listening on %s://%s:%u/v1\n", settings.tls_cert.empty() ? "http" : "https",
              (v6 ? "[" + settings.host + "]" : settings.host).c_str(),
              static_cast<unsigned>(port));
  std::fflush(stdout);
}

/// SIGTERM, SIGINT or SIGUSR1; SIGUSR2 says nothing new while the server listens.
int wait_for_signal(const sigset_t& awaited) {
  int signal = SIGUSR2;
  while (signal == SIGUSR2 || signal < 0) {
    signal = sigwaitinfo(&awaited, nullptr);
  }
  return signal;
}

Status serve(const Settings& settings, const TlsIdentity& tls, Sandbox& sandbox,
             const sigset_t& awaited, Refusal& refuse_for) {
  Router router(sandbox, settings.verbose);
  const ServerCallbacks callbacks{
      .handle = [&](const Request& request) { return router.handle(request); },
      .connection_accepted = [&] { sandbox.statistics.connection_accepted(); }};
  auto listener = Listener::hold(settings.host, settings.port);
  if (!listener) {
    return std::move(listener).error();
  }
  const std::uint16_t port = listener->port();
  for (bool announced = false;; announced = true) {
    auto server = Server::start(std::move(listener).value(), tls, callbacks);
    if (!server) {
      return std::move(server).error();
    }
    if (!announced) {
      announce(settings, port);
    }
    const int signal = wait_for_signal(awaited);
    server->reset();
    if (signal != SIGUSR1) {
      return Done{};
    }
    listener = Listener::hold(settings.host, port);
    if (!listener) {
      return std::move(listener).error();
    }
    if (!refuse(awaited, std::chrono::milliseconds(refuse_for.exchange(0)))) {
      return Done{};
    }
  }
}

Status run(const Settings& settings) {
  const auto awaited = block_signals();
  Refusal refuse_for = 0;
  auto tls = read_identity(settings);
  if (!tls) {
    return std::move(tls).error();
  }
  auto sandbox = open_sandbox(settings, refuse_for);
  if (!sandbox) {
    return std::move(sandbox).error();
  }
  return serve(settings, *tls, **sandbox, awaited, refuse_for);
}

int main(const std::vector<std::string_view>& arguments) {
  const auto settings = read_settings(arguments);
  if (settings && settings->help) {
    std::fputs(help_text().c_str(), stdout);
    return kExitStopped;
  }
  if (settings && settings->version) {
    std::puts("akregister " AKGATE_VERSION);
    return kExitStopped;
  }
  const auto status = settings ? run(*settings) : Status(settings.error());
  if (!status) {
    std::fprintf(stderr, "akregister: %s\n", status.error().what().c_str());
    return kExitCannot;
  }
  return kExitStopped;
}

}  // namespace
}  // namespace akgate::sandbox

int main(int argc, char** argv) {
  return akgate::sandbox::main(std::vector<std::string_view>(argv + 1, argv + argc));
}
