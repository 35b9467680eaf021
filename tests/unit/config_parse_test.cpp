// SPDX-License-Identifier: Apache-2.0
//
// What the configuration file may say, and what it means then.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/duration.hpp"

namespace akgate {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// The configuration that the contract shows, where every value but the first is the default.
constexpr std::string_view kContract = R"({
  "register": {
    "url": "https://api.central.consent/v1",
    "ca-file": "/etc/ssl/certs/ca-certificates.crt",
    "account-id": "concentrator-17",              // only what needs a bearer token needs these two
    "secret-key-file": "/etc/akgate/secret-key",
    "client-cert-file": null, "client-key-file": null,
    "connect-timeout": "3s", "timeout": "10s",
    "max-requests-per-second": 20, "max-in-flight": 8
  },
  "cache": {
    "directory": "/var/lib/akgate",
    "max-records": 100000,
    "device-key-file": "/var/lib/akgate/device.key"   // made on first start, 0600
  },
  "freshness": {
    "fresh-for": "15m",
    "grace": "24h",
    "grace-by-legal-basis": { "uk-consent": "6h", "uk-explicit-consent": "6h" },
    "not-found-for": "1m", "denied-for": "1h",
    "keep-warm": true
  },
  "policy": {
    "require-data-type": true,
    "controllers": [],
    "legal-bases": [],
    "explicit-consent-data-types": [],
    "mpxn": "when-given",
    "data-user": "when-given"
  },
  "gate": { "socket": "/run/akgate/gate.sock", "mode": "0660", "group": "akgate",
            "max-connections": 256, "check-timeout": "2s" },
  "control": { "socket": "/run/akgate/control.sock", "mode": "0600" },
  "http": { "listen": null, "required-headers": [], "allow-any-local-user": false },   // "unix:/run/akgate/http.sock"
  "audit": { "directory": "/var/lib/akgate/audit", "max-bytes": 67108864, "sync": "5s", "required": false },
  "time": { "rtc": false, "unvouched-boot-costs": "2h" },
  "log": { "level": "info", "format": "auto" }
})";

// Every key of the contract, as `"key":`.
std::vector<std::string> contract_keys() {
  std::vector<std::string> keys;
  const std::string text(kContract);
  for (std::size_t end = text.find("\":"); end != std::string::npos;
       end = text.find("\":", end + 1)) {
    const std::size_t begin = text.rfind('"', end - 1);
    keys.push_back(text.substr(begin, end + 2 - begin));
  }
  return keys;
}

Config defaults() {
  Config config;
  config.register_.url = "https://api.central.consent/v1";
  return config;
}

Config parse(std::string_view text, Credentials credentials = Credentials::required) {
  Result<Config> config = parse_config(text, "akgated.json", credentials);
  EXPECT_TRUE(config.ok()) << config.error().what();
  return config.ok() ? *config : Config{};
}

// A configuration with this beside the URL that every one needs.
Config parse_with(const std::string& more) {
  return parse(R"({ "register": { "url": "https://register.example" }, )" + more + " }");
}

TEST(ConfigParse, one_line_is_a_working_configuration) {
  EXPECT_EQ(parse(R"({ "register": { "url": "https://api.central.consent/v1" } })"), defaults());
}

TEST(ConfigParse, the_contract_shows_the_defaults) {
  Config expected = defaults();
  expected.register_.account_id = "concentrator-17";
  expected.gate.group_was_set = true;
  EXPECT_EQ(parse(kContract), expected);
}

TEST(ConfigParse, the_example_file_shows_every_key_with_its_default) {
  std::ifstream file(AKGATE_SOURCE_DIR "/agent/config/akgated.json.example");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  Config expected = defaults();
  expected.gate.group_was_set = true;
  EXPECT_EQ(parse(text), expected);

  ASSERT_GT(contract_keys().size(), 50U);
  for (const std::string& key : contract_keys()) {
    EXPECT_NE(text.find(key), std::string::npos) << "the example does not show " << key;
  }
}

TEST(ConfigParse, every_value_arrives) {
  const Config config = parse(R"({
    "register": { "url": "http://127.0.0.1:8443/v1/", "ca-file": "/a", "account-id": "me", "secret-key-file": "/b",
                  "client-cert-file": "/c", "client-key-file": "/d", "connect-timeout": "250ms", "timeout": "2m",
                  "max-requests-per-second": 1, "max-in-flight": 2 },
    "cache": { "directory": "/e", "max-records": 10000000, "device-key-file": "/f" },
    "freshness": { "fresh-for": "2s", "grace": "0s", "grace-by-legal-basis": { "uk-contract": "3h" },
                   "not-found-for": "0s", "denied-for": "5s", "keep-warm": false },
    "policy": { "require-data-type": false, "controllers": ["Bright Energy Ltd", "// no comment"],
                "legal-bases": ["uk-contract", "uk-consent"], "explicit-consent-data-types": ["HH-CONSUMPTION"],
                "mpxn": "off", "data-user": "required" },
    "gate": { "socket": "/g", "mode": "0600", "group": "meters", "max-connections": 3, "max-connections-per-uid": 2,
              "allow-uids": ["root", 1000, 0], "allow-gids": [4294967293, "root"], "check-timeout": "60s" },
    "control": { "socket": "/h", "mode": "0660" },
    "http": { "listen": "127.0.0.1:8080", "required-headers": ["X-MPxN"], "allow-any-local-user": true },
    "audit": { "directory": "/i", "max-bytes": 65536, "sync": "1s", "required": true },
    "time": { "rtc": true, "unvouched-boot-costs": "0s" },
    "log": { "level": "debug", "format": "json" }
  })");
  Config expected;
  expected.register_ = {.url = "http://127.0.0.1:8443/v1",
                        .ca_file = "/a",
                        .account_id = "me",
                        .secret_key_file = "/b",
                        .client_cert_file = "/c",
                        .client_key_file = "/d",
                        .connect_timeout = milliseconds(250),
                        .timeout = minutes(2),
                        .max_requests_per_second = 1,
                        .max_in_flight = 2};
  expected.cache = {.directory = "/e",
                    .max_records = 10'000'000,
                    .max_in_memory = 2'048,
                    .device_key_file = "/f"};
  expected.freshness.fresh_for = seconds(2);
  expected.freshness.grace = seconds(0);
  expected.freshness.grace_by_legal_basis = {};
  const auto own_grace = [&](LegalBasis basis) -> std::optional<milliseconds>& {
    return expected.freshness.grace_by_legal_basis[static_cast<std::size_t>(basis)];
  };
  own_grace(LegalBasis::uk_consent) = seconds(0);
  own_grace(LegalBasis::uk_explicit_consent) = seconds(0);
  own_grace(LegalBasis::uk_contract) = hours(3);
  expected.freshness.not_found_for = seconds(0);
  expected.freshness.denied_for = seconds(5);
  expected.freshness.keep_warm = false;
  expected.policy.require_data_type = false;
  expected.policy.controllers = {"Bright Energy Ltd", "// no comment"};
  expected.policy.legal_bases = {LegalBasis::uk_contract, LegalBasis::uk_consent};
  ASSERT_TRUE(expected.policy.explicit_consent_data_types.add("HH-CONSUMPTION"));
  expected.policy.mpxn = Config::Check::off;
  expected.policy.data_user = Config::Check::required;
  expected.gate = {.socket = "/g",
                   .mode = 0600,
                   .group = "meters",
                   .group_was_set = true,
                   .max_connections = 3,
                   .max_connections_per_uid = 2,
                   .allow_uids = {0, 1000, 0},
                   .allow_gids = {4294967293, 0},
                   .check_timeout = minutes(1)};
  expected.control = {.socket = "/h", .mode = 0660};
  expected.http = {
      .listen = "127.0.0.1:8080", .required_headers = {"X-MPxN"}, .allow_any_local_user = true};
  expected.audit = {.directory = "/i", .max_bytes = 65536, .sync = seconds(1), .required = true};
  expected.time = {.rtc = true, .unvouched_boot_costs = seconds(0)};
  expected.log = {.level = LogLevel::debug, .format = LogFormat::json};
  EXPECT_EQ(config, expected);
}

// The grace of a basis under `freshness` as given.
milliseconds grace_of(const std::string& freshness, LegalBasis basis) {
  const Config config = parse_with(R"("freshness": )" + freshness);
  return config.freshness.grace_by_legal_basis[static_cast<std::size_t>(basis)].value_or(
      config.freshness.grace);
}

TEST(ConfigParse, I4_a_default_grace_never_outlasts_the_grace_that_was_set) {
  EXPECT_EQ(grace_of(R"({ "grace": "0s" })", LegalBasis::uk_consent), seconds(0));
  EXPECT_EQ(grace_of(R"({ "grace": "1h" })", LegalBasis::uk_explicit_consent), hours(1));
  EXPECT_EQ(grace_of(R"({ "grace": "48h" })", LegalBasis::uk_consent), hours(6));
}

TEST(ConfigParse, I4_naming_one_basis_leaves_the_others_their_short_grace) {
  const std::string freshness =
      R"({ "grace-by-legal-basis": { "uk-consent": "12h", "uk-contract": "72h" } })";
  EXPECT_EQ(grace_of(freshness, LegalBasis::uk_consent), hours(12));
  EXPECT_EQ(grace_of(freshness, LegalBasis::uk_explicit_consent), hours(6));
  EXPECT_EQ(grace_of(freshness, LegalBasis::uk_contract), hours(72));
  EXPECT_EQ(grace_of(freshness, LegalBasis::uk_public_task), hours(24));
}

TEST(ConfigParse, comments_are_none_within_texts) {
  const Config config = parse(
      "// { \"register\"\n"
      "{ \"register\": { // \"url\": \"https://wrong.example\",\n"
      "  \"url\": \"https://right.example\" }, \"policy\": { \"controllers\": [\"a \\\" // b\"] } "
      "} // \"");
  EXPECT_EQ(config.register_.url, "https://right.example");
  EXPECT_EQ(config.policy.controllers, std::vector<std::string>{"a \" // b"});
}

TEST(ConfigParse, a_unix_path_for_http_needs_no_leave) {
  EXPECT_EQ(parse_with(R"("http": { "listen": "unix:/run/h.sock" })").http.listen,
            "unix:/run/h.sock");
}

class CredentialsDirectory : public testing::Test {
 protected:
  void TearDown() override { unsetenv("CREDENTIALS_DIRECTORY"); }
  static constexpr std::string_view kText = R"({ "register": { "url": "https://register.example",
    "secret-key-file": "$CREDENTIALS_DIRECTORY/secret" } })";
};

TEST_F(CredentialsDirectory, is_put_into_paths) {
  setenv("CREDENTIALS_DIRECTORY", "/run/credentials/akgated.service", 1);
  EXPECT_EQ(parse(kText).register_.secret_key_file, "/run/credentials/akgated.service/secret");
}

TEST_F(CredentialsDirectory, must_be_set_for_the_agent) {
  unsetenv("CREDENTIALS_DIRECTORY");
  const Result<Config> config = parse_config(kText, "akgated.json", Credentials::required);
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(
      config.error().what(),
      "akgated.json:2: register.secret-key-file: $CREDENTIALS_DIRECTORY is not set: start the "
      "agent from its service with LoadCredential=, or give an absolute path");
}

TEST_F(CredentialsDirectory, may_be_missing_on_a_command_line) {
  unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(parse(kText, Credentials::where_there).register_.secret_key_file,
            "$CREDENTIALS_DIRECTORY/secret");
}

TEST(Duration, is_a_whole_number_and_one_unit) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("0s"), seconds(0));
  EXPECT_EQ(parse_duration("5m"), minutes(5));
  EXPECT_EQ(parse_duration("24h"), hours(24));
  for (const char* wrong :
       {"", "5", "m", "5 m", " 5m", "5m ", "5M", "2d", "1.5h", "-1s", "+1s", "1h30m", "0x5s",
        "87601h", "99999999999999999999ms", "18446744073709551615ms"}) {
    EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
  }
}

TEST(Duration, is_written_in_the_largest_unit_that_fits) {
  for (const char* text : {"0s", "1ms", "1500ms", "90s", "15m", "24h"}) {
    EXPECT_EQ(format_duration(parse_duration(text).value()), text);
  }
}

TEST(RequestNeed, counts_a_refresh_of_every_record_each_four_fifths_of_its_freshness) {
  const RequestNeed need = worst_requests_per_second(defaults());
  EXPECT_NEAR(need.per_second, 100'000 / 720.0, 0.01);
  EXPECT_EQ(need.sentence,
            "Were all 100000 records of cache.max-records in use, keeping each younger than "
            "freshness.fresh-for (15m) would need 139 requests a second at worst; "
            "register.max-requests-per-second allows 20, enough for 14400 keys in use.");
}

TEST(RequestNeed, says_no_more_where_enough_is_allowed) {
  Config config = defaults();
  config.cache.max_records = 10;
  EXPECT_TRUE(worst_requests_per_second(config).sentence.ends_with(
      "would need 1 requests a second at worst; register.max-requests-per-second allows 20."));
}

}  // namespace
}  // namespace akgate
