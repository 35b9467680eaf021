// SPDX-License-Identifier: Apache-2.0
// akgated: the agent.
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "base/options.hpp"
#include "cache/store.hpp"
#include "config/config.hpp"
#include "daemon/agent.hpp"
#include "daemon/settings.hpp"
#include "platform/crypto.hpp"
#include "platform/file.hpp"
#include "platform/process.hpp"
#include "register/transport.hpp"

namespace akgate {
namespace {

enum ExitCode { kDone = 0, kError = 2 };

constexpr std::array kOptions = {
    Option{.name = "config",
           .value = "FILE",
           .help = "the configuration (default /etc/akgate/akgated.json)"},
    Option{.name = "check-config",
           .value = "",
           .help = "say whether the configuration is good, and end"},
    kVersionOption,
    kHelpOption,
};

int fail(const Error& error) {
  static_cast<void>(std::fprintf(stderr, "akgated: %s\n", error.what().c_str()));
  return kError;
}

int say(const std::string& text) {
  return std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0 ? kError : kDone;
}

int print_help() {
  return say(
      "Usage: akgated [--config FILE] [--check-config]\n"
      "Answers local programs whether an access key allows the release of meter data.\n\n" +
      describe(kOptions) + "\nSIGTERM ends it: what was asked is still answered.\n");
}

int print_version() {
  return say("akgated " AKGATE_VERSION "\ncurl " + transport_version() + "\nMbed TLS " +
             crypto_version() + "\nLMDB " + lmdb_version() + "\n" AKGATE_DEPS_VERSIONS "\n");
}

// What starting would not find out by itself.
Status check_demands(const Config& config) {
  const std::string& secret_file = config.register_.secret_key_file;
  if (config.register_.account_id.empty() && !file_exists(secret_file)) return Done{};
  constexpr MaxBytes kMaxSecret{4096};
  if (auto secret = read_secret_file(secret_file, kMaxSecret); !secret)
    return std::move(secret).error();
  return Done{};
}

// Everything that can be found out without opening the cache or a socket.
Status check(const Config& config) {
  if (Status demands = check_demands(config); !demands) return demands;
  if (auto gate = make_gate_server_settings(config, make_log(config)); !gate)
    return std::move(gate).error();
  auto loop = EventLoop::create();
  if (!loop) return std::move(loop).error();
  if (auto transport = Transport::create(**loop, make_register_settings(config)); !transport) {
    return std::move(transport).error();
  }
  return Done{};
}

Result<LoadedConfig> read(const std::string& path) {
  return load_config(path, Credentials::required);
}

int run(const LoadedConfig& loaded, const std::string& path) {
  if (Status demands = check_demands(loaded.config); !demands) return fail(demands.error());
  const Log log = make_log(loaded.config);
  auto agent = Agent::create(
      loaded, [path] { return read(path); }, log);
  if (!agent) return fail(agent.error());
  if (Status ended = (*agent)->run(); !ended) return fail(ended.error());
  return kDone;
}

int main_with(const std::vector<std::string_view>& arguments) {
  const auto options = Options::parse(kOptions, arguments);
  if (!options) return fail(options.error());
  if (options->has("help")) return print_help();
  if (options->has("version")) return print_version();
  if (!options->operands().empty())
    return fail(Error("takes no arguments but options; see --help"));

  if (Status hardened = harden_process(); !hardened) return fail(hardened.error());
  const std::string path(options->value("config").value_or(kDefaultConfigFile));
  const auto loaded = read(path);
  if (!loaded) return fail(loaded.error());
  if (!options->has("check-config")) return run(*loaded, path);

  const Config& config = loaded->config;
  if (Status good = check(config); !good) return fail(good.error());
  return say(path + ": good\n" + worst_requests_per_second(config).sentence + "\n");
}

}  // namespace
}  // namespace akgate

int main(int argc, char** argv) {
  return akgate::main_with(std::vector<std::string_view>(argv + 1, argv + argc));
}
