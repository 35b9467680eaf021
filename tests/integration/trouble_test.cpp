// SPDX-License-Identifier: Apache-2.0
// Everything that can be wrong with the register or the way to it, each with the reply that the
// protocol names, within the question's timeout plus 50 ms.
#include <gtest/gtest.h>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr milliseconds kAllowance{500};  // A sanitizer's own time is not the agent's.
#else
constexpr milliseconds kAllowance{50};
#endif
constexpr milliseconds kTimeout{1000};
const std::string kKey = "ak_691df0c788ca043403b7fa90";

class Trouble : public ::testing::Test {
 protected:
  /// The verdict on a cold key, which must come in time.
  std::string ask(const std::string& key = kKey) {
    Asker asker = stage.asker();
    const auto began = Clock::now();
    asker.send("CHECK " + key +
               " data-type=HH-CONSUMPTION timeout=" + std::to_string(kTimeout.count()) + "\n");
    const std::string reply = asker.line();
    took = std::chrono::ceil<milliseconds>(Clock::now() - began);
    EXPECT_LE(took, kTimeout + kAllowance) << reply;
    return verdict_in(reply);
  }

  std::string with_fault(const std::string& members) {
    stage.start_register();
    stage.register_fault(members);
    stage.start_agent();
    return ask();
  }

  Stage stage;
  milliseconds took{};
};

TEST_F(Trouble, dead) {
  stage.start_register();
  stage.kill_register();
  stage.start_agent();
  EXPECT_EQ(ask(), "DENY register-unreachable");
}

TEST_F(Trouble, hanging) {
  EXPECT_EQ(with_fault(R"("hang": true)"), "DENY timeout");
  EXPECT_GE(took, kTimeout);
}

TEST_F(Trouble, server_error) {
  EXPECT_EQ(with_fault(R"("status": 500)"), "DENY register-unreachable");
}
TEST_F(Trouble, overloaded) {
  EXPECT_EQ(with_fault(R"("status": 429)"), "DENY register-unreachable");
}
TEST_F(Trouble, out_of_service) {
  EXPECT_EQ(with_fault(R"("status": 503, "retry-after": 3600)"), "DENY register-unreachable");
}
TEST_F(Trouble, dropped) { EXPECT_EQ(with_fault(R"("drop": true)"), "DENY register-unreachable"); }
TEST_F(Trouble, cut_in_mid_body) {
  EXPECT_EQ(with_fault(
                R"("cut": true, "body": "{\"response\": {\"resource\": \"/v1/access-records\"}}")"),
            "DENY register-unreachable");
}

TEST_F(Trouble, rubbish) {
  EXPECT_EQ(with_fault(R"("body": "rubbish")"), "DENY register-malformed");
}
TEST_F(Trouble, huge_body) {
  EXPECT_EQ(with_fault(R"("body": "0123456789", "repeat": 100000)"), "DENY register-malformed");
}
TEST_F(Trouble, a_gateways_own_404_says_nothing_about_the_key) {
  EXPECT_EQ(
      with_fault(R"("status": 404, "body": "<html>Not Found</html>", "content-type": "text/html")"),
      "DENY register-malformed");
}
TEST_F(Trouble, a_captive_portals_redirect_is_not_followed) {
  EXPECT_EQ(
      with_fault(
          R"("status": 302, "headers": {"Location": "/v1/access-records/ak_0"}, "body": "moved")"),
      "DENY register-malformed");
  EXPECT_EQ(stage.verify_calls(), 1);
}
TEST_F(Trouble, an_answer_from_a_cache_in_between) {
  stage.start_register();
  const std::string key = stage.registered_record();
  stage.register_fault(R"("headers": {"Age": "7"})");
  stage.start_agent();
  EXPECT_EQ(ask(key), "DENY register-malformed");
}
TEST_F(Trouble, refused) { EXPECT_EQ(with_fault(R"("status": 403)"), "DENY register-refused"); }

TEST_F(Trouble, certificate_of_an_unknown_authority) {
  stage.ca = "other-ca.pem";
  stage.start_register();
  stage.start_agent();
  EXPECT_EQ(ask(), "DENY register-unreachable");
  EXPECT_EQ(stage.verify_calls(), 0);
}

TEST_F(Trouble, certificate_for_another_host) {
  stage.start_register("other-host");
  stage.start_agent();
  EXPECT_EQ(ask(), "DENY register-unreachable");
  EXPECT_EQ(stage.verify_calls(), 0);
}

TEST_F(Trouble, no_proxy_and_no_key_log_from_the_environment) {
  const std::string key_log = stage.directory / "tls-keys";
  const std::string nowhere = "http://127.0.0.1:1";
  stage.agent_environment = {"https_proxy=" + nowhere, "HTTPS_PROXY=" + nowhere,
                             "ALL_PROXY=" + nowhere, "all_proxy=" + nowhere,
                             "SSLKEYLOGFILE=" + key_log};
  stage.start_register();
  const std::string key = stage.registered_record();
  stage.start_agent();
  EXPECT_EQ(ask(key), "ALLOW active");
  EXPECT_EQ(read_whole_file(key_log), "");
}

TEST_F(Trouble, malformed_keys_are_not_sent) {
  stage.start_register();
  stage.start_agent();
  for (const char* const key :
       {"ak_not-a-key", "ak_691DF0C788CA043403B7FA90", "ak_691df0c788ca043403b7fa9",
        "ak_691df0c788ca043403b7fa900", "691df0c788ca043403b7fa90"}) {
    EXPECT_EQ(ask(key), "DENY malformed-key");
  }
  EXPECT_EQ(stage.verify_calls(), 0);
}

}  // namespace
}  // namespace akgate
