// SPDX-License-Identifier: Apache-2.0
// The main job, with the real programs: asked, answered, remembered, and answered again when the
// register is gone.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <list>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

using std::chrono::seconds;

class MainJob : public ::testing::Test {
 protected:
  void SetUp() override {
    stage.start_register();
    key = stage.registered_record();
  }

  void short_freshness() {
    stage.more_configuration = R"("gate": { "socket": ")" + stage.socket +
                               R"(" }, "freshness": { "fresh-for": "1s", "grace": "1h" })";
  }

  Stage stage;
  std::string key;
};

TEST_F(MainJob, asked_of_the_register_then_answered_from_memory) {
  stage.start_agent();
  const std::string first = stage.ask(key);
  EXPECT_EQ(first.substr(0, 42), "ALLOW reason=active source=register age=0 ");
  EXPECT_NE(first.find(" expires=never txn=tid_"), std::string::npos) << first;
  EXPECT_EQ(stage.ask(key).substr(0, 33), "ALLOW reason=active source=cache ");
  EXPECT_EQ(stage.verify_calls(), 1);
  EXPECT_EQ(stage.verify_calls_with_credentials(), 0);
}

TEST_F(MainJob, I11_forty_simultaneous_askers_of_one_cold_key_cost_one_request) {
  stage.register_fault(R"("delay": "300ms")");
  stage.start_agent();
  std::list<Asker> askers;
  for (int i = 0; i < 40; ++i) {
    askers.push_back(stage.asker());
    askers.back().send("CHECK " + key + " data-type=HH-CONSUMPTION\n");
  }
  for (Asker& asker : askers) EXPECT_EQ(verdict_in(asker.line()), "ALLOW active");
  EXPECT_EQ(stage.verify_calls(), 1);
}

TEST_F(MainJob, many_keys_go_over_one_connection) {
  stage.start_agent();
  const int before = stage.connections();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(verdict_in(stage.ask("ak_00000000000000000000000" + std::to_string(i))),
              "DENY not-found");
  }
  EXPECT_EQ(stage.connections() - before, 2) << "the agent's one, and that of this question";
}

TEST_F(MainJob, a_revocation_is_learnt_once_freshness_is_over) {
  short_freshness();
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");
  stage.revoke(key);
  EXPECT_TRUE(comes_true([&] { return verdict_in(stage.ask(key)) == "DENY revoked"; }));
}

TEST_F(MainJob, I6_killed_at_once_and_restarted_while_offline_it_answers_as_before) {
  short_freshness();
  const std::string revoked = stage.registered_record();
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");
  EXPECT_EQ(verdict_in(stage.ask(revoked)), "ALLOW active");
  // First knowledge is on disk within two seconds. Not asked for, it is not kept fresh.
  std::this_thread::sleep_for(seconds(3));
  stage.revoke(revoked);
  EXPECT_EQ(verdict_in(stage.ask(revoked, "mode=fresh")), "DENY revoked");
  stage.kill_agent();
  stage.kill_register();
  stage.start_agent();
  EXPECT_EQ(stage.ask(key).substr(0, 33), "ALLOW reason=active source=grace ");
  EXPECT_EQ(verdict_in(stage.ask(revoked)), "DENY revoked");
  EXPECT_EQ(verdict_in(stage.ask("ak_000000000000000000000000")), "DENY register-unreachable");
}

TEST_F(MainJob, after_an_outage_the_register_is_asked_again) {
  short_freshness();
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");
  stage.kill_register();
  EXPECT_TRUE(comes_true([&] { return stage.ask(key).find("source=grace") != std::string::npos; }));
  stage.start_register();
  EXPECT_TRUE(comes_true([&] { return stage.ask(key).find("source=grace") == std::string::npos; }));
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");
}

TEST_F(MainJob, sigterm_answers_what_was_asked_and_leaves_no_socket) {
  stage.register_fault(R"("delay": "700ms")");
  stage.start_agent();
  Asker asker = stage.asker();
  asker.send("CHECK " + key + " data-type=HH-CONSUMPTION\n");
  ASSERT_TRUE(comes_true([&] { return stage.verify_calls() == 1; }));
  stage.agent().signal(SIGTERM);
  EXPECT_EQ(verdict_in(asker.line()), "ALLOW active");
  EXPECT_EQ(asker.line(), "(end)");
  EXPECT_EQ(stage.agent().wait(seconds(5)), 0);
  EXPECT_FALSE(std::filesystem::exists(stage.socket));
}

TEST_F(MainJob, a_second_agent_refuses_to_start_and_a_stale_socket_is_no_obstacle) {
  stage.start_agent();
  const Ended second = run_to_end({Stage::kAgent, "--config", stage.config});
  EXPECT_EQ(second.status, 2);
  EXPECT_NE(second.output.find("another"), std::string::npos) << second.output;
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active") << "the first is undisturbed";
  stage.kill_agent();
  EXPECT_TRUE(std::filesystem::exists(stage.socket)) << "killed: its socket is left behind";
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");
}

TEST_F(MainJob, the_socket_has_its_mode_from_the_first_moment) {
  stage.more_configuration = R"("gate": { "socket": ")" + stage.socket + R"(", "mode": "0600" })";
  stage.start_agent();
  EXPECT_EQ(std::filesystem::status(stage.socket).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace akgate
