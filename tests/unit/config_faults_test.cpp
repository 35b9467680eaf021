// SPDX-License-Identifier: Apache-2.0
//
// What is wrong in a configuration file is named by file, line and key, with what would be right.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/json_lines.hpp"

namespace akgate {
namespace {

std::string fault_in(std::string_view text) {
  const Result<Config> config = parse_config(text, "f", Credentials::required);
  return config.ok() ? "" : config.error().what();
}

struct Case {
  std::string line;      ///< Stands alone on line 3 of a configuration that is right otherwise.
  std::string expected;  ///< The whole complaint, behind `f:3: `.
};

std::string duration_from(const char* least, const char* greatest) {
  return std::string("must be a duration from \"") + least + "\" to \"" + greatest +
         "\": in quotes, a whole number and ms, s, m or h";
}

const std::string kText = "must be a text in quotes, not empty, without control characters";
const std::string kPath = "must be an absolute path in quotes, or \"$CREDENTIALS_DIRECTORY/…\"";
const std::string kMode =
    "must be four octal digits in quotes, such as \"0660\", that let the owner read and write";
const std::string kUsers =
    "gate.allow-uids: must be a list of users that exist here, by name in quotes or by number";
const std::string kListen =
    "must be null, \"unix:\" and an absolute path, or a loopback address and port";
const std::string kSections =
    "here may stand \"register\", \"cache\", \"freshness\", \"policy\", \"gate\", \"control\", "
    "\"http\", \"audit\", \"time\", \"log\"";

const std::vector<Case> kCases = {
    // Keys.
    {R"("colour": {})", "colour: there is no such key; " + kSections},
    {R"("Cache": {})", "Cache: there is no such key; did you mean \"cache\"?"},
    {R"("freshness": { "fresh-fro": "5m" })",
     "freshness.fresh-fro: there is no such key; did you mean \"fresh-for\"?"},
    {R"("control": { "group": "x" })",
     "control.group: there is no such key; here may stand \"socket\", \"mode\""},
    {R"("log": { "level": "info", "level": "debug" })", "log.level: stands twice: leave one"},
    {R"("register": {})", "register: stands twice: leave one"},
    {R"("freshness": { "grace-by-legal-basis": { "uk-consnt": "6h" } })",
     "freshness.grace-by-legal-basis.uk-consnt: there is no such key; did you mean "
     "\"uk-consent\"?"},
    {R"("\u001b[2J": 1)", "%1B[2J: there is no such key; " + kSections},
    // Types.
    {R"("cache": [])", "cache: must be an object: { … }"},
    {R"("cache": null)", "cache: must be an object: { … }"},
    {R"("freshness": { "keep-warm": "yes" })", "freshness.keep-warm: must be true or false"},
    {R"("freshness": { "keep-warm": null })", "freshness.keep-warm: must be true or false"},
    {R"("cache": { "directory": null })", "cache.directory: " + kPath},
    {R"("policy": { "controllers": "Bright" })",
     "policy.controllers: must be a list of names of controllers in quotes: [ … ]"},
    {R"("policy": { "controllers": [1] })",
     "policy.controllers: must be a list of names of controllers in quotes"},
    {R"("gate": { "group": "" })", "gate.group: " + kText},
    {R"("gate": { "group": "a\u0007b" })", "gate.group: " + kText},
    // Numbers.
    {R"("cache": { "max-records": 0 })",
     "cache.max-records: must be a whole number from 1 to 10000000"},
    {R"("cache": { "max-records": 10000001 })",
     "cache.max-records: must be a whole number from 1 to 10000000"},
    {R"("cache": { "max-records": -1 })",
     "cache.max-records: must be a whole number from 1 to 10000000"},
    {R"("cache": { "max-records": 1.5 })",
     "cache.max-records: must be a whole number from 1 to 10000000"},
    {R"("cache": { "max-records": 1e999 })",
     "cache.max-records: must be a whole number from 1 to 10000000"},
    {R"("cache": { "max-records": "10" })",
     "cache.max-records: must be a whole number from 1 to 10000000"},
    {R"("gate": { "max-connections": 0 })",
     "gate.max-connections: must be a whole number from 1 to 65535"},
    {R"("gate": { "max-connections-per-uid": 0 })",
     "gate.max-connections-per-uid: must be null or a whole number from 1 to 65535"},
    {R"("gate": { "max-connections-per-uid": "null" })",
     "gate.max-connections-per-uid: must be null or a whole number from 1 to 65535"},
    {R"("audit": { "max-bytes": 1 })",
     "audit.max-bytes: must be a whole number from 65536 to 1099511627776"},
    // Durations.
    {R"("freshness": { "fresh-for": "0s" })",
     "freshness.fresh-for: " + duration_from("100ms", "720h")},
    {R"("freshness": { "grace": "-1s" })", "freshness.grace: " + duration_from("0s", "8760h")},
    {R"("freshness": { "grace": 86400 })", "freshness.grace: " + duration_from("0s", "8760h")},
    {R"("gate": { "check-timeout": "61s" })", "gate.check-timeout: " + duration_from("1ms", "1m")},
    // Modes.
    {R"("gate": { "mode": 660 })", "gate.mode: " + kMode},
    {R"("gate": { "mode": "660" })", "gate.mode: " + kMode},
    {R"("gate": { "mode": "0680" })", "gate.mode: " + kMode},
    {R"("gate": { "mode": "4660" })", "gate.mode: " + kMode},
    {R"("gate": { "mode": "0060" })", "gate.mode: " + kMode},
    {R"("control": { "mode": "0666" })",
     "control.mode: must keep out others, such as \"0600\": the agent's own user and root alone "
     "are answered, whatever the mode"},
    // Users and groups.
    {R"("gate": { "allow-uids": ["root", "no-such-user-here"] })", kUsers},
    {R"("gate": { "allow-uids": [-1] })", kUsers},
    {R"("gate": { "allow-uids": [4294967294] })", kUsers},
    {R"("gate": { "allow-uids": [0.5] })", kUsers},
    {R"("gate": { "allow-uids": [""] })", kUsers},
    {R"("gate": { "allow-uids": ["0"] })", kUsers},
    {R"("gate": { "allow-uids": [[0]] })", kUsers},
    {R"("gate": { "allow-uids": 0 })", kUsers + ": [ … ]"},
    {R"("gate": { "allow-gids": ["no-such-group-here"] })",
     "gate.allow-gids: must be a list of groups that exist here, by name in quotes or by number"},
    // Words.
    {R"("policy": { "mpxn": "on" })",
     "policy.mpxn: must be one of \"off\", \"when-given\", \"required\""},
    {R"("policy": { "mpxn": true })",
     "policy.mpxn: must be one of \"off\", \"when-given\", \"required\""},
    {R"("policy": { "legal-bases": ["uk-consent", "consent"] })",
     "policy.legal-bases: must be a list of legal bases in quotes, such as \"uk-consent\""},
    {R"("policy": { "explicit-consent-data-types": ["HH-EXPORT", "hh-consumption"] })",
     "policy.explicit-consent-data-types: must be a list of data types in quotes, such as "
     "\"HH-CONSUMPTION\""},
    {R"("log": { "level": "loud" })",
     "log.level: must be one of \"error\", \"warning\", \"info\", \"debug\""},
    {R"("http": { "required-headers": ["X-Forwarded-For"] })",
     "http.required-headers: must be a list of question headers in quotes, such as \"X-MPxN\""},
    // Paths and addresses.
    {R"("cache": { "directory": "cache" })", "cache.directory: " + kPath},
    {R"("cache": { "directory": "$HOME/cache" })", "cache.directory: " + kPath},
    {R"("control": { "socket": "/run/akgate/gate.sock" })",
     "control.socket: must differ from gate.socket"},
    {R"("http": { "listen": "unix:http.sock" })", "http.listen: " + kListen},
    {R"("http": { "listen": "0.0.0.0:80", "allow-any-local-user": true })",
     "http.listen: " + kListen},
    {R"("http": { "listen": "127.0.0.1", "allow-any-local-user": true })",
     "http.listen: " + kListen},
    {R"("http": { "listen": "127.0.0.1:65536", "allow-any-local-user": true })",
     "http.listen: " + kListen},
    {R"("http": { "listen": "[::1]:80" })",
     "http.listen: a loopback address is open to every local user: use \"unix:/…\", or set "
     "\"allow-any-local-user\" to "
     "true"},
};

TEST(ConfigFaults, each_names_its_line_and_what_would_be_right) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.line);
    EXPECT_EQ(fault_in("{ \"register\": // https\n  { \"url\": \"https://register.example\" },\n" +
                       c.line + "\n}"),
              "f:3: " + c.expected);
  }
}

// What is wrong with a register section of these members; each on its line, from 2.
std::string fault_in_register(const std::string& members) {
  return fault_in("{ \"register\": {\n" + members + "\n} }");
}

TEST(ConfigFaults, the_register_must_be_named) {
  const std::string missing =
      ": register.url: is missing: it must name the register, such as "
      "\"https://api.central.consent/v1\"";
  EXPECT_EQ(fault_in("\n{}"), "f:2" + missing);
  EXPECT_EQ(fault_in("{\n \"register\": {} }"), "f:2" + missing);
}

TEST(ConfigFaults, the_register_is_reached_over_tls_or_on_this_machine) {
  for (const char* good : {"https://a", "https://a:1/b", "https://[2001:db8::1]:8443",
                           "http://localhost:1", "http://127.0.0.1/v1", "http://[::1]:8080"}) {
    EXPECT_EQ(fault_in_register("\"url\": \"" + std::string(good) + "\""), "") << good;
  }
  for (const char* bad : {"", "https://", "https:///v1", "a", "ftp://a", "HTTPS//a", "http://a",
                          "http://127.a.example", "http://localhost.a.example",
                          "https://user:word@a", "http://a@127.0.0.1", "https://a?b", "https://a#b",
                          "https://a b", "https://a:0", "https://a:port", "https://a:65536"}) {
    EXPECT_EQ(fault_in_register("\"url\": \"" + std::string(bad) + "\""),
              "f:2: register.url: must be an https URL in quotes (http for a loopback host only), "
              "without "
              "credentials, query or fragment")
        << bad;
  }
}

TEST(ConfigFaults, I9_a_secret_written_inline_is_refused_with_the_remedy_and_not_repeated) {
  const std::string url = "\"url\": \"https://a\",\n";
  EXPECT_EQ(
      fault_in_register(url + "\"secret-key\": \"canary\""),
      "f:3: register.secret-key: a key or certificate is never written here: name a file that "
      "holds it with \"secret-key-file\"");
  EXPECT_EQ(fault_in_register(url + "\"secret-key-file\": \"canary\""),
            "f:3: register.secret-key-file: " + kPath);
}

TEST(ConfigFaults, a_client_certificate_and_its_key_go_together) {
  const std::string url = "\"url\": \"https://a\",\n";
  const std::string together =
      "\"client-cert-file\" and \"client-key-file\" must both be there, or neither";
  EXPECT_EQ(fault_in_register(url + "\"client-cert-file\": \"/c\""),
            "f:3: register.client-cert-file: " + together);
  EXPECT_EQ(fault_in_register(url + "\"client-cert-file\": null,\n\"client-key-file\": \"/k\""),
            "f:4: register.client-key-file: " + together);
}

TEST(ConfigFaults, all_are_told_at_once_by_line) {
  EXPECT_EQ(fault_in("{ \"log\": { \"level\": 1 },\n"
                     "  \"cache\": {\n"
                     "    \"max-records\": 0,\n"
                     "    \"dirctory\": \"/x\" } }"),
            "f:1: register.url: is missing: it must name the register, such as "
            "\"https://api.central.consent/v1\"\n"
            "f:1: log.level: must be one of \"error\", \"warning\", \"info\", \"debug\"\n"
            "f:3: cache.max-records: must be a whole number from 1 to 10000000\n"
            "f:4: cache.dirctory: there is no such key; did you mean \"directory\"?");
}

TEST(ConfigFaults, no_more_are_told_than_a_person_reads) {
  std::string text = "{ \"register\": { \"url\": \"https://a\" }";
  for (int i = 0; i < 25; ++i) text += ",\n\"x" + std::to_string(i) + "\": 0";
  const std::string told = fault_in(text + "}");
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 20);
  EXPECT_TRUE(told.starts_with("f:2: x0: ")) << told;
  EXPECT_TRUE(told.ends_with("\nand 5 more")) << told;
}

TEST(ConfigFaults, what_is_no_json_object_is_told_with_its_line) {
  EXPECT_EQ(fault_in("// nothing\n[]"), "f:2: the file: must hold one object: { … }");
  for (const char* text :
       {"{\n\"register\": {,}\n}", "{\n\"register\": { /* */ }}", "{\n'register': {}}"}) {
    EXPECT_TRUE(fault_in(text).starts_with("f: line 2: ")) << fault_in(text);
  }
  EXPECT_NE(fault_in(""), "");
  EXPECT_NE(fault_in("{} {}"), "");
}

TEST(ConfigFaults, a_file_that_others_may_write_is_refused) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "config_faults_test.json";
  std::ofstream(path) << R"({ "register": { "url": "https://a" } })";
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
  EXPECT_TRUE(read_config(path, Credentials::required).ok());
  std::filesystem::permissions(path, perms::others_write, std::filesystem::perm_options::add);
  const Result<Config> refused = read_config(path, Credentials::required);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what().find(path.string()), std::string::npos);
  std::filesystem::remove(path);
  EXPECT_FALSE(read_config(path, Credentials::required).ok());
}

TEST(JsonLines, follow_positions_through_nesting_and_texts) {
  const std::string_view json =
      "{ \"a]\": [ 1,\n"
      "    \"}\\\",\", {\n"
      "      \"b\":\n"
      "        { \"c\": [] },\n"
      "      \"d\": 2 } ],\n"
      "  \"e\"  : null }";
  using Path = std::vector<std::size_t>;
  EXPECT_EQ(line_of(json, Path{}), 1U);
  EXPECT_EQ(line_of(json, Path{0}), 1U);
  EXPECT_EQ(line_of(json, Path{0, 1}), 2U);
  EXPECT_EQ(line_of(json, Path{0, 2}), 2U);
  EXPECT_EQ(line_of(json, Path{0, 2, 0}), 3U);
  EXPECT_EQ(line_of(json, Path{0, 2, 0, 0}), 4U);
  EXPECT_EQ(line_of(json, Path{0, 2, 1}), 5U);
  EXPECT_EQ(line_of(json, Path{1}), 6U);
}

TEST(JsonLines, text_that_ends_anywhere_is_survived) {
  const std::string json = "{ \"a\\\"\": [ 1, \"b\" ], // c\n \"d\": { \"e\": 2 } }";
  for (std::size_t length = 0; length <= json.size(); ++length) {
    const std::string cut = json.substr(0, length);
    EXPECT_EQ(blank_comments(cut).size(), length);
    EXPECT_LE(line_of(cut, std::vector<std::size_t>{1, 0, 3}), 2U);
  }
}

}  // namespace
}  // namespace akgate
