// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "config/address.hpp"
#include "config/duration.hpp"
#include "config/json_lines.hpp"
#include "config/section.hpp"
#include "platform/accounts.hpp"
#include "platform/crypto.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr MaxBytes kLargestFile{65'536};

constexpr Range<milliseconds> kForARequest{milliseconds(1), std::chrono::minutes(5)};
// As a question's own `timeout`.
constexpr Range<milliseconds> kForACheck{milliseconds(1), seconds(60)};
constexpr Range<milliseconds> kUpToAYear{milliseconds::zero(), hours(365 * 24)};
constexpr Range<milliseconds> kFresh{milliseconds(100), hours(30 * 24)};
constexpr Range<milliseconds> kBetweenSyncs{milliseconds(100), hours(1)};

constexpr Range<std::uint32_t> kConnections{1, 65'535};

constexpr std::array kChecks = {
    Word<Config::Check>{"off", Config::Check::off},
    Word<Config::Check>{"when-given", Config::Check::when_given},
    Word<Config::Check>{"required", Config::Check::required},
};

constexpr std::array kLevels = {
    Word<LogLevel>{"error", LogLevel::error},
    Word<LogLevel>{"warning", LogLevel::warning},
    Word<LogLevel>{"info", LogLevel::info},
    Word<LogLevel>{"debug", LogLevel::debug},
};

constexpr std::array kFormats = {
    Word<std::optional<LogFormat>>{"auto", std::nullopt},
    Word<std::optional<LogFormat>>{"text", LogFormat::text},
    Word<std::optional<LogFormat>>{"journald", LogFormat::journald},
    Word<std::optional<LogFormat>>{"json", LogFormat::json},
};

constexpr std::array kLegalBases = {
    LegalBasis::uk_consent,
    LegalBasis::uk_explicit_consent,
    LegalBasis::uk_legitimate_interests,
    LegalBasis::uk_public_task,
    LegalBasis::uk_legal_obligation,
    LegalBasis::uk_contract,
};

constexpr std::array<std::string_view, 5> kQuestionHeaders = {
    "X-Access-Key", "X-Data-Type", "X-MPxN", "X-Controller", "X-DUID",
};

void read_register(Section in, Config::Register& out) {
  in.take("url",
          "an https URL in quotes (http for a loopback host only), without credentials, query or "
          "fragment",
          [&](JsonView value) {
            const std::string_view url = value.string().value_or("");
            out.url = url.substr(0, url.find_last_not_of('/') + 1);
            return is_register_url(url);
          });
  if (!in.has("url")) {
    in.fault("url",
             "is missing: it must name the register, such as \"https://api.central.consent/v1\"");
  }
  in.path("ca-file", out.ca_file);
  in.text("account-id", out.account_id);
  if (out.account_id.find(':') != std::string::npos) {
    in.fault("account-id", "must not hold a colon");  // It would end there: RFC 7617, section 2.
  }
  in.path("secret-key-file", out.secret_key_file);
  in.path_or_null("client-cert-file", out.client_cert_file);
  in.path_or_null("client-key-file", out.client_key_file);
  if (out.client_cert_file.empty() != out.client_key_file.empty()) {
    in.fault(out.client_cert_file.empty() ? "client-key-file" : "client-cert-file",
             R"("client-cert-file" and "client-key-file" must both be there, or neither)");
  }
  in.duration("connect-timeout", out.connect_timeout, kForARequest);
  in.duration("timeout", out.timeout, kForARequest);
  in.number("max-requests-per-second", out.max_requests_per_second, {1, 100'000});
  in.number("max-in-flight", out.max_in_flight, {1, 1'000});
  in.finish();
}

void read_cache(Section in, Config::Cache& out) {
  in.path("directory", out.directory);
  in.number("max-records", out.max_records, {1, 10'000'000});
  in.number_or_null("max-in-memory", out.max_in_memory, {16, 20'000'000});
  in.path("device-key-file", out.device_key_file);
  in.finish();
}

void read_freshness(Section in, Config::Freshness& out) {
  in.duration("fresh-for", out.fresh_for, kFresh);
  in.duration("grace", out.grace, kUpToAYear);
  Section by_basis = in.section("grace-by-legal-basis");
  for (const LegalBasis basis : kLegalBases) {
    std::optional<milliseconds>& own = out.grace_by_legal_basis[static_cast<std::size_t>(basis)];
    if (own) own = std::min(*own, out.grace);
    milliseconds given = out.grace;
    by_basis.duration(to_string(basis), given, kUpToAYear);
    if (by_basis.has(to_string(basis))) own = given;
  }
  by_basis.finish();
  in.duration("not-found-for", out.not_found_for, kUpToAYear);
  in.duration("denied-for", out.denied_for, kUpToAYear);
  in.boolean("keep-warm", out.keep_warm);
  in.finish();
}

void read_policy(Section in, Config::Policy& out) {
  in.boolean("require-data-type", out.require_data_type);
  in.list("controllers", "names of controllers in quotes", [&](std::string_view name) {
    out.controllers.emplace_back(name);
    return true;
  });
  in.list("legal-bases", "legal bases in quotes, such as \"uk-consent\"",
          [&](std::string_view text) {
            const std::optional<LegalBasis> basis = parse_legal_basis(text);
            if (basis) out.legal_bases.push_back(*basis);
            return basis.has_value();
          });
  // New types may come, but not in small letters: a demand that matches nothing would be none.
  in.list("explicit-consent-data-types", "data types in quotes, such as \"HH-CONSUMPTION\"",
          [&](std::string_view text) {
            constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
            return text.find_first_not_of(kLetters) == std::string_view::npos &&
                   out.explicit_consent_data_types.add(text);
          });
  in.word<Config::Check>("mpxn", out.mpxn, kChecks);
  in.word<Config::Check>("data-user", out.data_user, kChecks);
  in.finish();
}

void read_socket_path(Section& in, std::string& out) {
  in.path("socket", out);
  if (!is_socket_path(out)) in.fault("socket", "is too long for the name of a socket");
}

// By number, or by the name that the system knows. The last two numbers mean nobody in particular.
void read_ids(Section& in, std::string_view key, std::string_view right,
              std::optional<std::uint32_t> (*find)(const std::string& name),
              std::vector<std::uint32_t>& out) {
  constexpr double kGreatest = UINT32_MAX - 2;
  in.list_of_values(key, right, [&](JsonView value) {
    std::optional<std::uint32_t> id;
    if (const auto name = value.string()) id = find(std::string(*name));
    const double number = value.number().value_or(-1);
    if (number >= 0 && number <= kGreatest && std::floor(number) == number) {
      id = static_cast<std::uint32_t>(number);
    }
    if (id) out.push_back(*id);
    return id.has_value();
  });
}

void read_gate(Section in, Config::Gate& out) {
  read_socket_path(in, out.socket);
  in.mode("mode", out.mode);
  in.text("group", out.group);
  out.group_was_set = in.has("group");
  in.number("max-connections", out.max_connections, kConnections);
  in.number_or_null("max-connections-per-uid", out.max_connections_per_uid, kConnections);
  read_ids(in, "allow-uids", "users that exist here, by name in quotes or by number", find_user,
           out.allow_uids);
  read_ids(in, "allow-gids", "groups that exist here, by name in quotes or by number", find_group,
           out.allow_gids);
  in.number("max-pending", out.max_pending, {1, 65'536});
  in.number("max-queued-bytes", out.max_queued_bytes, {1'024, 1U << 24U});
  in.number("max-waiting", out.max_waiting, {1, 1'000'000});
  in.number("max-watches", out.max_watches, {0, 1'000'000});
  in.number("answers-at-hand", out.answers_at_hand, {0, 65'536});
  in.duration("check-timeout", out.check_timeout, kForACheck);
  in.finish();
}

void read_control(Section in, Config::Control& out, const Config::Gate& gate) {
  read_socket_path(in, out.socket);
  if (out.socket == gate.socket) in.fault("socket", "must differ from gate.socket");
  in.mode("mode", out.mode);
  if ((out.mode & 07U) != 0) {
    in.fault("mode",
             "must keep out others, such as \"0600\": the agent's own user and root alone are "
             "answered, whatever the mode");
  }
  in.finish();
}

void read_http(Section in, Config::Http& out) {
  in.take("listen", "null, \"unix:\" and an absolute path, or a loopback address and port",
          [&](JsonView value) {
            if (value.is_null()) return true;
            constexpr std::string_view kUnix = "unix:";
            const std::string_view where = value.string().value_or("");
            out.listen = where;
            return where.starts_with(kUnix) ? is_socket_path(where.substr(kUnix.size()))
                                            : is_loopback_address(where);
          });
  in.list("required-headers", "question headers in quotes, such as \"X-MPxN\"",
          [&](std::string_view name) {
            const auto* const known =
                std::find(kQuestionHeaders.begin(), kQuestionHeaders.end(), name);
            if (known != kQuestionHeaders.end()) out.required_headers.emplace_back(name);
            return known != kQuestionHeaders.end();
          });
  in.boolean("allow-any-local-user", out.allow_any_local_user);
  if (is_loopback_address(out.listen) && !out.allow_any_local_user) {
    in.fault("listen",
             "a loopback address is open to every local user: use \"unix:/…\", or set "
             "\"allow-any-local-user\" to true");
  }
  in.finish();
}

void read_audit(Section in, Config::Audit& out) {
  in.path("directory", out.directory);
  in.number("max-bytes", out.max_bytes, {64ULL * 1024, 1ULL << 40U});
  in.duration("sync", out.sync, kBetweenSyncs);
  in.boolean("required", out.required);
  in.finish();
}

void read_time(Section in, Config::Time& out) {
  in.boolean("rtc", out.rtc);
  in.duration("unvouched-boot-costs", out.unvouched_boot_costs, kUpToAYear);
  in.finish();
}

void read_log(Section in, Config::Log& out) {
  in.word<LogLevel>("level", out.level, kLevels);
  in.word<std::optional<LogFormat>>("format", out.format, kFormats);
  in.finish();
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view file_name,
                            Credentials credentials) {
  const std::string json = blank_comments(text);
  Result<JsonDocument> document = JsonDocument::parse(json);
  if (!document) return std::move(document).error().within(file_name);
  Faults faults(file_name, json);
  if (!document->root().is_object()) {
    faults.add({}, "the file", "must hold one object: { … }");
    return faults.report();
  }
  Config config;
  Section root(document->root(), credentials, faults);
  read_register(root.section("register"), config.register_);
  read_cache(root.section("cache"), config.cache);
  read_freshness(root.section("freshness"), config.freshness);
  read_policy(root.section("policy"), config.policy);
  read_gate(root.section("gate"), config.gate);
  read_control(root.section("control"), config.control, config.gate);
  read_http(root.section("http"), config.http);
  read_audit(root.section("audit"), config.audit);
  read_time(root.section("time"), config.time);
  read_log(root.section("log"), config.log);
  root.finish();
  if (!faults.none()) return faults.report();
  return config;
}

Result<Config> read_config(const std::string& path, Credentials credentials) {
  Result<LoadedConfig> loaded = load_config(path, credentials);
  if (!loaded) return std::move(loaded).error();
  return std::move(loaded->config);
}

Result<LoadedConfig> load_config(const std::string& path, Credentials credentials) {
  Result<std::string> text = read_trusted_file(path, kLargestFile);
  if (!text) return std::move(text).error();
  Result<Config> config = parse_config(*text, path, credentials);
  if (!config) return std::move(config).error();
  return LoadedConfig{.config = *std::move(config), .digest = "sha256:" + to_hex(sha256_of(*text))};
}

}  // namespace akgate
