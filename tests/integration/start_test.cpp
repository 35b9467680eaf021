// SPDX-License-Identifier: Apache-2.0
// Programs that cannot start say so in one sentence, name what is wrong, and end with 2.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

class Start : public ::testing::Test {
 protected:
  void SetUp() override {
    stage.url = "https://localhost:1/v1";
    stage.write_configuration();
  }

  /// Starts the agent, which must refuse, and say so in one line that holds all of these.
  void refused(const std::vector<std::string>& said) {
    const Ended ended = run_to_end({Stage::kAgent, "--config", stage.config});
    EXPECT_EQ(ended.status, 2);
    const auto sentence = ended.output.find("akgated: ");
    ASSERT_NE(sentence, std::string::npos) << ended.output;
    const std::string line = ended.output.substr(sentence);
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
    for (const std::string& words : said) EXPECT_NE(line.find(words), std::string::npos) << line;
  }

  void configuration(const std::string& content) { write_whole_file(stage.config, content); }

  Stage stage;
};

TEST_F(Start, unknown_key) {
  configuration(
      "{\n  \"register\": { \"url\": \"https://localhost:1/v1\" },\n  \"gate\": { \"sokket\": "
      "\"/x\" }\n}");
  refused({stage.config + ":3", "gate.sokket", "socket"});
}

TEST_F(Start, impossible_value) {
  configuration(
      "{ \"register\": { \"url\": \"https://localhost:1/v1\",\n \"timeout\": \"soon\" } }");
  refused({stage.config + ":2", "register.timeout", "duration"});
}

TEST_F(Start, http_to_another_host) {
  configuration(R"({ "register": { "url": "http://register.example/v1" } })");
  refused({"register.url", "https"});
}

TEST_F(Start, configuration_that_others_may_write) {
  std::filesystem::permissions(stage.config, std::filesystem::perms(0666));
  refused({stage.config, "chmod"});
}

TEST_F(Start, secret_that_others_may_read) {
  const std::string secret = stage.directory / "secret";
  write_whole_file(secret, "s3cret-canary\n");
  std::filesystem::permissions(secret, std::filesystem::perms(0644));
  configuration(R"({ "register": { "url": "https://localhost:1/v1", "ca-file": ")" +
                (stage.directory / "ca.pem") +
                R"(", "account-id": "concentrator-17", "secret-key-file": ")" + secret +
                R"(" } })");
  refused({secret, "chmod 600"});
}

TEST_F(Start, missing_certificate_file) {
  stage.ca = "nowhere.pem";
  stage.write_configuration();
  refused({stage.directory / "nowhere.pem"});
}

TEST_F(Start, cache_directory_that_cannot_be_made) {
  write_whole_file(stage.directory / "cache", "a file where the directory should be");
  refused({stage.directory / "cache"});
}

TEST_F(Start, something_else_where_the_socket_should_be) {
  write_whole_file(stage.socket, "precious");
  refused({stage.socket});
  EXPECT_EQ(read_whole_file(stage.socket), "precious");
}

TEST_F(Start, missing_configuration) {
  std::filesystem::remove(stage.config);
  refused({stage.config});
}

TEST_F(Start, group_that_was_named_and_does_not_exist) {
  stage.more_configuration =
      R"("gate": { "socket": ")" + stage.socket + R"(", "group": "no-such-group-here" })";
  stage.write_configuration();
  refused({"gate.group", "no-such-group-here"});
}

TEST_F(Start, check_config_says_what_the_settings_would_need) {
  const Ended ended = run_to_end({Stage::kAgent, "--check-config", "--config", stage.config});
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_NE(ended.output.find("requests a second"), std::string::npos) << ended.output;
  EXPECT_FALSE(std::filesystem::exists(stage.directory / "cache")) << "it only looks";
}

TEST_F(Start, sandbox_register_whose_port_is_in_use) {
  stage.start_register();
  const std::string port = stage.url.substr(stage.url.find(':', 8));
  const Ended second = run_to_end(
      {Stage::kRegister, "--seed-demo", "--listen", "localhost" + port.substr(0, port.find('/'))});
  EXPECT_EQ(second.status, 2);
  EXPECT_NE(second.output.find("in use"), std::string::npos) << second.output;
}

}  // namespace
}  // namespace akgate
