// SPDX-License-Identifier: Apache-2.0
// libakgate and its examples, asking the real agent.
#include <akgate/akgate.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

class ClientLibrary : public ::testing::Test {
 protected:
  void SetUp() override {
    stage.start_register();
    key = stage.registered_record();
    stage.start_agent();
    client = akgate_open(stage.socket.c_str(), 0);
    ASSERT_NE(client, nullptr);
  }
  ~ClientLibrary() override { akgate_close(client); }

  akgate_answer ask(const std::string& access_key, const char* type = "HH-CONSUMPTION",
                    akgate_mode mode = AKGATE_NORMAL) {
    const char* const types[] = {type, nullptr};
    akgate_question question{};
    question.access_key = access_key.c_str();
    question.data_types = types;
    question.mode = mode;
    akgate_answer answer;
    akgate_check(client, &question, 5000, &answer);
    return answer;
  }

  /// An example's exit status and what it said, asked about a key through its standard input.
  Ended run_example(std::vector<std::string> command, const std::string& access_key,
                    const std::string& type = "HH-CONSUMPTION") {
    const std::string input = stage.directory / "key";
    write_whole_file(input, access_key + "\n");
    command.insert(command.end(), {type, stage.socket});
    return run_to_end(command, {"LIBAKGATE=" AKGATE_SHARED_LIBRARY}, input);
  }

  Stage stage;
  std::string key;
  akgate_client* client = nullptr;
};

TEST_F(ClientLibrary, hears_of_allowance_denial_and_revocation) {
  const akgate_answer asked = ask(key);
  EXPECT_TRUE(asked.allowed);
  EXPECT_STREQ(asked.reason, "active");
  EXPECT_STREQ(asked.source, "register");
  EXPECT_STREQ(asked.expires, "never");
  EXPECT_NE(std::string(asked.transactions), "");
  EXPECT_GT(asked.good_until_ms, 0);
  EXPECT_STREQ(ask(key).source, "cache");
  EXPECT_STREQ(ask(key, "TARIFF-IMPORT").reason, "data-type-not-covered");
  EXPECT_STREQ(ask("ak_000000000000000000000000").reason, "not-found");
  EXPECT_STREQ(ask("ak_not a key").reason, "malformed-key");
  EXPECT_STREQ(ask(key, "").reason, "bad-request");
  stage.revoke(key);
  const akgate_answer revoked = ask(key, "HH-CONSUMPTION", AKGATE_FRESH);
  EXPECT_FALSE(revoked.allowed);
  EXPECT_TRUE(revoked.answered);
  EXPECT_STREQ(revoked.reason, "revoked");
}

TEST_F(ClientLibrary, outlives_the_agent_and_a_silent_register) {
  EXPECT_TRUE(ask(key).allowed);
  stage.kill_agent();
  EXPECT_STREQ(ask(key).reason, "agent-unreachable");
  stage.start_agent();
  EXPECT_TRUE(ask(key).allowed);
  stage.register_fault(R"("delay": "30s")");
  akgate_question question{};
  question.access_key = "ak_000000000000000000000000";
  akgate_answer answer;
  EXPECT_FALSE(akgate_check(client, &question, 500, &answer));
  EXPECT_TRUE(answer.answered) << "the agent's own word comes in time: " << answer.detail;
  EXPECT_STREQ(answer.reason, "timeout");
}

TEST_F(ClientLibrary, its_examples_run) {
  const std::string examples = AKGATE_SOURCE_DIR "/agent/client/examples/";
  std::vector<std::vector<std::string>> commands = {{AKGATE_EXAMPLE},
                                                    {"sh", examples + "check.sh"}};
#if !defined( \
    AKGATE_SANITIZED)  // An interpreter without the sanitizer cannot load a library with it.
  commands.push_back({"python3", examples + "check.py"});
#endif
  for (const auto& command : commands) {
    const Ended allowed = run_example(command, key);
    EXPECT_EQ(allowed.status, 0) << command.back() << allowed.output;
    EXPECT_NE(allowed.output.find("allowed active"), std::string::npos) << allowed.output;
    const Ended denied = run_example(command, key, "TARIFF-IMPORT");
    EXPECT_EQ(denied.status, 1) << command.back() << denied.output;
    EXPECT_NE(denied.output.find("denied data-type-not-covered"), std::string::npos)
        << denied.output;
    EXPECT_EQ(run_example(command, "").status, 2) << command.back();
  }
  stage.kill_agent();
  for (const auto& command : commands) {
    const Ended unanswered = run_example(command, key);
    EXPECT_EQ(unanswered.status, 2) << command.back() << unanswered.output;
    EXPECT_NE(unanswered.output.find("denied agent-unreachable"), std::string::npos)
        << unanswered.output;
  }
}

}  // namespace
}  // namespace akgate
