// SPDX-License-Identifier: Apache-2.0
// What operators and watchers see of the running agent, on its sockets and in its trail.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

using std::chrono::seconds;

constexpr const char* kHomeOfBlocked = "1200034567890";
constexpr const char* kQuickly = R"("freshness": {"fresh-for": "2s", "denied-for": "2s"})";

class Operator : public ::testing::Test {
 protected:
  void SetUp() override { stage.start_register(); }

  /// What the control socket says to it.
  [[nodiscard]] std::string order(const std::string& line) const {
    return Asker(stage.control_socket).ask(line);
  }
  [[nodiscard]] std::string verdict(const std::string& key, const std::string& more = "") const {
    return verdict_in(stage.ask(key, "data-type=HH-CONSUMPTION timeout=20000 " + more));
  }
  /// Of the trail, whose agent has ended.
  [[nodiscard]] Ended audit(const std::string& command) const {
    return run_to_end({Stage::kCli, "audit", command, "--config", stage.config});
  }
  [[nodiscard]] bool ends_well() {
    stage.agent().signal(SIGTERM);
    return stage.agent().wait(seconds(20)) == 0;
  }

  /// To be put before the agent starts, or reads its configuration again.
  void configure(const std::string& section) {
    stage.more_configuration = R"("gate": {"socket": ")" + stage.socket + "\"}, " + section;
  }

  Stage stage;
};

TEST_F(Operator, a_watcher_hears_of_a_revocation_and_of_a_block) {
  configure(kQuickly);
  stage.start_agent();
  const std::string key = stage.registered_record();
  Asker watcher = stage.asker();
  EXPECT_EQ(verdict_in(watcher.ask("WATCH " + key + " data-type=HH-CONSUMPTION id=w")),
            "ALLOW active");
  stage.revoke(key);
  const std::string news = watcher.line();
  EXPECT_TRUE(news.starts_with("CHANGED DENY reason=revoked ")) << news;
  EXPECT_TRUE(news.ends_with(" id=w")) << news;
  EXPECT_EQ(order("BLOCK " + key).substr(0, 15), "OK fingerprint=");
  EXPECT_EQ(watcher.line().substr(0, 27), "CHANGED DENY reason=blocked");
  EXPECT_EQ(watcher.ask("UNWATCH id=w"), "OK id=w");
}

TEST_F(Operator, I6_what_is_blocked_is_denied_by_an_agent_that_was_killed_at_once) {
  stage.start_agent();
  const std::string key = stage.registered_record();
  EXPECT_EQ(verdict(key), "ALLOW active");
  EXPECT_EQ(order("BLOCK " + key).substr(0, 3), "OK ");
  EXPECT_EQ(order(std::string("BLOCK ") + kHomeOfBlocked).substr(0, 3), "OK ");
  stage.kill_agent();
  stage.start_agent();
  EXPECT_EQ(verdict(key), "DENY blocked");
  EXPECT_EQ(verdict(stage.registered_record(), std::string("mpxn=") + kHomeOfBlocked),
            "DENY blocked");
  EXPECT_EQ(order("UNBLOCK " + key).substr(0, 3), "OK ");
  EXPECT_EQ(verdict(key), "ALLOW active");
}

TEST_F(Operator, what_is_forgotten_is_denied_while_the_register_is_gone) {
  stage.start_agent();
  const std::string key = stage.registered_record();
  const std::string other = stage.registered_record();
  EXPECT_EQ(verdict(key), "ALLOW active");
  EXPECT_EQ(verdict(other), "ALLOW active");
  EXPECT_EQ(order("SHOW " + key).substr(0, 3), "OK ");
  stage.kill_register();
  EXPECT_EQ(order("FORGET " + key).substr(0, 3), "OK ");
  EXPECT_EQ(order("SHOW " + key).substr(0, 23), "ERROR reason=not-cached");
  EXPECT_EQ(verdict(key, "mode=cached"), "DENY not-cached");
  EXPECT_EQ(verdict(other, "mode=cached"), "ALLOW active");
  EXPECT_EQ(order("FORGET all"), "OK");
  EXPECT_EQ(verdict(other, "mode=cached"), "DENY not-cached");
}

TEST_F(Operator, a_policy_that_is_read_again_counts_at_once_and_a_bad_one_not_at_all) {
  configure(R"("policy": {"controllers": ["Somebody Else"]})");
  stage.start_agent();
  const std::string key = stage.registered_record();
  EXPECT_EQ(verdict(key), "DENY controller-not-accepted");

  configure(R"("policy": {"controllers": []})");
  stage.write_configuration();
  EXPECT_EQ(order("RELOAD"), "OK");
  EXPECT_EQ(verdict(key), "ALLOW active");

  configure(R"("policy": {"controlers": []})");
  stage.write_configuration();
  const std::string refused = order("RELOAD");
  EXPECT_EQ(refused.substr(0, 31), "ERROR reason=bad-configuration ");
  EXPECT_NE(refused.find("controlers"), std::string::npos) << refused;
  EXPECT_EQ(verdict(key), "ALLOW active") << "as before";

  configure(R"("policy": {"controllers": []})");
  stage.more_register_configuration = R"(, "timeout": "9s")";
  stage.write_configuration();
  const std::string restart = order("RELOAD");
  EXPECT_NE(restart.find("counts%20from%20the%20next%20start"), std::string::npos) << restart;
}

TEST_F(Operator, I13_every_verdict_and_order_is_in_the_trail_once_and_no_key) {
  stage.start_agent();
  const std::string key = stage.registered_record();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(verdict(key), "ALLOW active");
  EXPECT_EQ(order("BLOCK " + key).substr(0, 3), "OK ");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(verdict(key), "DENY blocked");
  EXPECT_EQ(order("UNBLOCK " + key).substr(0, 3), "OK ");
  EXPECT_EQ(order("RELOAD"), "OK");
  ASSERT_TRUE(ends_well()) << stage.agent_log();

  const Ended verified = audit("verify");
  EXPECT_EQ(verified.status, 0) << verified.output;
  const std::string trail = audit("export").output;
  const auto count = [&](const std::string& what) {
    std::size_t found = 0;
    for (std::size_t at = trail.find(what); at != std::string::npos; at = trail.find(what, at + 1))
      ++found;
    return found;
  };
  EXPECT_EQ(count(R"("verdict":"ALLOW")"), 3U) << trail;
  EXPECT_EQ(count(R"("reason":"blocked")"), 2U) << trail;
  for (const char* const once : {R"("event":"start")", R"("event":"block")", R"("event":"unblock")",
                                 R"("event":"reload")", R"("event":"stop")"}) {
    EXPECT_EQ(count(once), 1U) << once << "\n" << trail;
  }
  EXPECT_EQ(count(key), 0U);
}

TEST_F(Operator, status_says_that_it_does_not_work_while_the_register_is_gone) {
  configure(kQuickly);
  stage.start_agent();
  const std::string key = stage.registered_record();
  EXPECT_EQ(verdict(key), "ALLOW active");
  EXPECT_NE(order("STATUS").find(R"("working":true)"), std::string::npos);
  stage.kill_register();
  EXPECT_TRUE(comes_true([&] {
    static_cast<void>(verdict(key));
    return order("STATUS").find(R"("working":false)") != std::string::npos;
  })) << order("STATUS");
}

TEST_F(Operator, metrics_are_what_prometheus_reads) {
  stage.start_agent();
  EXPECT_EQ(verdict(stage.registered_record()), "ALLOW active");
  Asker control(stage.control_socket);
  control.send("METRICS\n");
  std::string text;
  for (std::string line; line != "# EOF"; text += line + "\n") {
    line = control.line();
    ASSERT_NE(line, "(end)");
    ASSERT_NE(line, "(nothing)");
  }
  const std::string file = stage.directory / "metrics";
  write_whole_file(file, text);
  EXPECT_NE(text.find("akgate_answers_total{"), std::string::npos) << text;
  if (run_to_end({"sh", "-c", "command -v promtool"}).status != 0) {
    GTEST_SKIP() << "there is no promtool here (Debian's package prometheus)";
  }
  const Ended checked = run_to_end({"promtool", "check", "metrics"}, {}, file);
  EXPECT_EQ(checked.status, 0) << checked.output << text;
}

}  // namespace
}  // namespace akgate
