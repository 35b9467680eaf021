// SPDX-License-Identifier: Apache-2.0
// Meter points and Data Users, from the socket to the register and back.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

const std::string kOwnMeterPoint =
    "1234567890123";  // Of the identity record in registered_record().
const std::string kOtherMeterPoint = "2000012345678";
const std::string kGood = "duid_b1b1b1b1b1b1b1b1b1b1b1b1";
const std::string kSuspended = "duid_1a1a1a1a1a1a1a1a1a1a1a1a";

class Proofs : public ::testing::Test {
 protected:
  void start_as(const std::string& account, const std::string& secret_key) {
    stage.account = account;
    stage.secret_key = secret_key;
    stage.start_register();
    key = stage.registered_record();
    stage.start_agent();
  }
  std::string ask(const std::string& more) {
    return verdict_in(stage.ask(key, "data-type=HH-CONSUMPTION " + more));
  }
  std::string control(const std::string& line) {
    return Asker(stage.control_socket).ask(line + "\n");
  }
  Ended operate(std::vector<std::string> arguments, const std::string& input = "/dev/null") {
    arguments.insert(arguments.begin(), Stage::kCli);
    arguments.insert(arguments.end(), {"--control-socket", stage.control_socket});
    return run_to_end(arguments, {}, input);
  }

  Stage stage;
  std::string key;
};

TEST_F(Proofs, I1_a_data_user_learns_meter_points_from_the_register) {
  start_as("bright-energy", "bright-energy-demo-key");
  EXPECT_EQ(ask("mpxn=" + kOwnMeterPoint), "ALLOW active");
  EXPECT_EQ(ask("mpxn=" + kOtherMeterPoint), "DENY mpxn-mismatch");
  EXPECT_EQ(ask("duid=" + kGood), "ALLOW active");
  EXPECT_EQ(ask("duid=" + kSuspended), "DENY data-user-suspended");
  EXPECT_EQ(ask("duid=duid_nobody"), "DENY data-user-unknown");
  EXPECT_EQ(ask("mpxn=" + kOwnMeterPoint + " duid=" + kGood), "ALLOW active");
  EXPECT_EQ(stage.verify_calls_with_credentials(), 0);
}

TEST_F(Proofs, I1_a_data_provider_takes_them_from_its_operator) {
  start_as("concentrator-17", "concentrator-demo-key");
  EXPECT_EQ(ask("mpxn=" + kOwnMeterPoint), "DENY mpxn-unverified");
  const Ended bound = operate({"bind", key, kOwnMeterPoint});
  EXPECT_EQ(bound.status, 0) << bound.output;
  EXPECT_EQ(bound.output.find(key), std::string::npos) << bound.output;
  EXPECT_EQ(ask("mpxn=" + kOwnMeterPoint), "ALLOW active");
  EXPECT_EQ(ask("mpxn=" + kOtherMeterPoint), "DENY mpxn-mismatch");
  stage.kill_agent();
  stage.start_agent();
  EXPECT_EQ(ask("mpxn=" + kOwnMeterPoint), "ALLOW active") << "what was bound survives a kill";
  EXPECT_EQ(operate({"unbind", key}).status, 0);
  EXPECT_EQ(ask("mpxn=" + kOwnMeterPoint), "DENY mpxn-unverified");
}

TEST_F(Proofs, keys_are_bound_from_a_file_of_thousands) {
  start_as("concentrator-17", "concentrator-demo-key");
  std::string lines = "# made by a test\n" + key + " " + kOwnMeterPoint + "\n";
  for (int i = 0; i < 3000; ++i) {
    const std::string digits = std::to_string(100000 + i);
    lines += "ak_000000000000000000" + digits + " 1234567" + digits + "\n";
  }
  const std::string file = stage.directory / "bindings";
  write_whole_file(file, lines);
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  const Ended bound = operate({"bind", "--file", file});
  EXPECT_EQ(bound.status, 0) << bound.output;
  // Time for a disk that still has others' writes to sync.
  EXPECT_EQ(ask("mpxn=" + kOwnMeterPoint + " timeout=20000"), "ALLOW active");
  write_whole_file(file, lines + "rubbish\n" + key + " x\n");
  const Ended refused = operate({"bind", "--file", file});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.output.find("3003"), std::string::npos) << refused.output;
}

TEST_F(Proofs, credentials_that_are_refused_show_in_status_and_deny) {
  start_as("concentrator-17", "not the key");
  EXPECT_EQ(ask("duid=" + kGood), "DENY data-user-unverified");
  EXPECT_NE(control("STATUS").find(R"("token":"refused")"), std::string::npos) << control("STATUS");
  EXPECT_EQ(ask(""), "ALLOW active") << "verifying needs no credentials";
}

TEST_F(Proofs, I9_neither_token_nor_secret_key_nor_meter_point_is_in_any_file_or_log) {
  start_as("bright-energy", "bright-energy-demo-key");
  EXPECT_EQ(ask("mpxn=" + kOwnMeterPoint + " duid=" + kGood), "ALLOW active");
  const Ended bound = operate({"bind", key, kOtherMeterPoint});
  EXPECT_EQ(bound.status, 0) << bound.output;
  stage.agent().signal(SIGTERM);
  EXPECT_EQ(stage.agent().wait(kPatience), 0);
  const std::string kept =
      stage.agent_log() + read_whole_file(stage.directory / "cache/cache/data.mdb");
  for (const std::string& secret :
       {key, kOwnMeterPoint, kOtherMeterPoint, std::string("bright-energy-demo-key"),
        std::string("eyJ"), kGood}) {
    EXPECT_EQ(kept.find(secret), std::string::npos) << secret;
  }
}

TEST_F(Proofs, prefetched_keys_are_answered_when_the_register_is_gone) {
  start_as("", "");
  const std::string file = stage.directory / "keys";
  const std::string second = stage.registered_record();
  write_whole_file(file, key + "\n" + second + "\nak_000000000000000000000001\n");
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  const Ended fetched = operate({"prefetch", file});
  EXPECT_EQ(fetched.status, 0) << fetched.output;
  stage.kill_register();
  EXPECT_EQ(ask(""), "ALLOW active");
  EXPECT_EQ(verdict_in(stage.ask(second, "data-type=HH-CONSUMPTION")), "ALLOW active");
}

}  // namespace
}  // namespace akgate
