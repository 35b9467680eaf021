// SPDX-License-Identifier: Apache-2.0
// akgate, as an operator and a script use it.
#include <gtest/gtest.h>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

class CommandLine : public ::testing::Test {
 protected:
  void SetUp() override {
    stage.start_register();
    key = stage.registered_record();
    stage.start_agent();
  }

  Ended check(std::vector<std::string> more) {
    more.insert(more.begin(), {Stage::kCli, "check", "--socket", stage.socket});
    return run_to_end(more);
  }

  Stage stage;
  std::string key;
};

TEST_F(CommandLine, check_ends_with_0_for_allow_1_for_deny_2_for_error) {
  EXPECT_EQ(check({key, "--data-type", "HH-CONSUMPTION"}).status, 0);
  EXPECT_EQ(check({key, "--data-type", "TARIFF-IMPORT"}).status, 1);
  EXPECT_EQ(check({key}).status, 1);
  EXPECT_EQ(check({key, "--data-type", "HH-CONSUMPTION", "--mpxn", "1234567890123"}).status, 1);
  EXPECT_EQ(check({"rubbish"}).status, 1);
  EXPECT_EQ(check({key, "--timeout", "0"}).status, 2);
  EXPECT_EQ(check({key, "--no-such-option"}).status, 2);
  EXPECT_EQ(run_to_end({Stage::kCli, "check", key, "--socket", "/nowhere/gate.sock"}).status, 2);
}

TEST_F(CommandLine, check_json_has_the_names_of_the_reply_line_and_the_verdict) {
  const Ended allowed = check({key, "--data-type", "HH-CONSUMPTION", "--json"});
  for (const char* const name :
       {R"("verdict")", R"("reason")", R"("source")", R"("age")", R"("for")", R"("txn")"}) {
    EXPECT_NE(allowed.output.find(name), std::string::npos) << allowed.output;
  }
}

TEST_F(CommandLine, register_show_prints_the_record_and_never_the_key) {
  const Ended shown = run_to_end({Stage::kCli, "register", "show", key, "--config", stage.config});
  EXPECT_EQ(shown.status, 0) << shown.output;
  EXPECT_NE(shown.output.find("ACTIVE"), std::string::npos) << shown.output;
  EXPECT_NE(shown.output.find("Bright Energy Ltd"), std::string::npos) << shown.output;
  EXPECT_EQ(shown.output.find(key), std::string::npos) << shown.output;
  const Ended unknown = run_to_end(
      {Stage::kCli, "register", "show", "ak_000000000000000000000000", "--config", stage.config});
  EXPECT_EQ(unknown.status, 1) << unknown.output;
  stage.kill_register();
  EXPECT_EQ(run_to_end({Stage::kCli, "register", "show", key, "--config", stage.config}).status, 2);
}

}  // namespace
}  // namespace akgate
