// SPDX-License-Identifier: Apache-2.0
#include "tests/register/settings.hpp"

#include <array>
#include <optional>

#include "base/options.hpp"
#include "base/text.hpp"
#include "tests/register/help.hpp"
#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::uint64_t kLongestTokenLifetime = 31'536'000;

constexpr std::array<Option, 11> kOptions{{
    {"listen", "HOST:PORT", "where to listen (default 127.0.0.1:8443); port 0 takes a free one"},
    {"tls-cert", "FILE", "certificate chain, PEM; without it and --tls-key: plain http"},
    {"tls-key", "FILE", "its private key, PEM"},
    {"data", "DIR", "keep records and the token key there (default: in memory only)"},
    {"accounts", "FILE", "who may obtain a token; see below"},
    {"seed-demo", "", "the accounts and identity records below"},
    {"token-lifetime", "SECONDS", "how long a bearer token is valid (default 7200)"},
    {"time-offset", "DURATION", "move the sandbox's clock: 36h, -2d"},
    {"verbose", "", "a line on stderr for each request, without keys"},
    kHelpOption,
    kVersionOption,
}};

Error bad_value(const char* name, std::string_view value, const char* right) {
  return Error(std::string("--") + name + " " + std::string(value) + ": this must be " + right);
}

Status read_listen(std::string_view value, Settings& settings) {
  const auto colon = value.rfind(':');
  const auto port =
      colon != std::string_view::npos ? parse_number(value.substr(colon + 1)) : std::nullopt;
  if (!port || *port > 65535 || colon == 0) {
    return bad_value("listen", value, "HOST:PORT, like 127.0.0.1:8443 or [::1]:8443");
  }
  settings.host = value.substr(0, colon);
  if (settings.host.starts_with('[') && settings.host.ends_with(']')) {
    settings.host = settings.host.substr(1, settings.host.size() - 2);
  }
  settings.port = static_cast<std::uint16_t>(*port);
  return Done{};
}

Status read_times(const Options& options, Settings& settings) {
  if (const auto value = options.value("token-lifetime")) {
    const auto seconds = parse_number(*value);
    if (!seconds || *seconds == 0 || *seconds > kLongestTokenLifetime) {
      return bad_value("token-lifetime", *value, "a number of seconds, from 1 to 31536000");
    }
    settings.token_lifetime = std::chrono::seconds(*seconds);
  }
  if (const auto value = options.value("time-offset")) {
    const auto offset = parse_duration(*value, true);
    if (!offset) {
      return bad_value("time-offset", *value, "a duration like 36h or -2d");
    }
    settings.time_offset = *offset;
  }
  return Done{};
}

Status check(const Settings& settings) {
  if (settings.tls_cert.empty() != settings.tls_key.empty()) {
    return Error("--tls-cert and --tls-key are given together, or neither for plain http");
  }
  if (settings.accounts.empty() && !settings.seed_demo) {
    return Error(
        "nobody could obtain a token: give --accounts FILE, or --seed-demo for made-up accounts");
  }
  return Done{};
}

}  // namespace

Result<Settings> read_settings(const std::vector<std::string_view>& arguments) {
  const auto options = Options::parse(kOptions, arguments);
  if (!options) {
    return options.error();
  }
  if (!options->operands().empty()) {
    return Error("akregister takes options only; --help lists them");
  }
  Settings settings;
  settings.help = options->has("help");
  settings.version = options->has("version");
  if (settings.help || settings.version) {
    return settings;
  }
  settings.seed_demo = options->has("seed-demo");
  settings.verbose = options->has("verbose");
  settings.data = options->value("data").value_or("");
  settings.tls_cert = options->value("tls-cert").value_or("");
  settings.tls_key = options->value("tls-key").value_or("");
  settings.accounts = options->value("accounts").value_or("");
  if (const auto listen = options->value("listen")) {
    if (auto read = read_listen(*listen, settings); !read) {
      return std::move(read).error();
    }
  }
  if (auto read = read_times(*options, settings); !read) {
    return std::move(read).error();
  }
  if (auto sound = check(settings); !sound) {
    return std::move(sound).error();
  }
  return settings;
}

std::string help_text() {
  return std::string(kHelpBeforeOptions) + describe(kOptions) + std::string(kHelpAfterOptions);
}

}  // namespace akgate::sandbox
