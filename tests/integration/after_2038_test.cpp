// SPDX-License-Identifier: Apache-2.0
// On 2038-01-19 a count of seconds since 1970 no longer fits into 32 bits. Devices that are made
// now will see that day.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/integration/stage.hpp"
#include "tests/integration/wrong_clock.hpp"

namespace akgate {
namespace {

using namespace std::chrono;

constexpr sys_days kIn2040 = 2040y / January / 10;

class After2038 : public ::testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer has clock functions of its own, which take no other's place";
#endif
  }

  /// The register shows a certificate that is good for twenty years from that date on.
  void certified_at(sys_seconds date) {
    const Ended made = run_to_end({"sh", "-c", "cd " + stage.directory.path() + R"( && set -e
new_key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
openssl req -x509 $new_key -subj /CN=ca -days 7300 -keyout late-ca.key -out late-ca.pem
openssl req $new_key -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout late.key -out late.csr
openssl x509 -req -copy_extensions copy -CA late-ca.pem -CAkey late-ca.key -CAcreateserial -in late.csr -out late.pem -days 7300)"},
                                  clock_at(date));
    ASSERT_EQ(made.status, 0) << made.output;
    stage.ca = "late-ca.pem";
  }

  void everybody_lives_at(sys_seconds date) {
    stage.register_environment = clock_at(date);
    stage.agent_environment = clock_at(date);
    stage.start_register("late");
  }

  Stage stage;
};

TEST_F(After2038, a_certificate_that_ends_after_2038_is_good_today) {
  certified_at(floor<seconds>(system_clock::now()));
  stage.start_register("late");
  const std::string key = stage.registered_record();
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");
}

TEST_F(After2038, in_2040_certificates_of_that_time_are_good_and_those_of_today_are_not) {
  certified_at(kIn2040 - days(1));
  everybody_lives_at(kIn2040);
  const std::string key = stage.registered_record();
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");

  stage.kill_register();
  stage.ca = "ca.pem";
  stage.start_register("good");
  stage.kill_agent();
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key, "mode=fresh")), "DENY register-unreachable");
}

TEST_F(After2038, I2_a_record_that_ends_in_2040_is_allowed_until_then_and_no_longer) {
  certified_at(kIn2040 - days(1));
  everybody_lives_at(kIn2040 - seconds(10));
  const std::string key = stage.registered_record(R"("2040-01-10T00:00:00Z")");
  stage.start_agent();
  const std::string allowed = stage.ask(key);
  EXPECT_EQ(verdict_in(allowed), "ALLOW active");
  EXPECT_NE(allowed.find(" expires=2040-01-10T00:00:00Z"), std::string::npos) << allowed;
  EXPECT_TRUE(comes_true([&] { return verdict_in(stage.ask(key)) == "DENY expired"; }));

  stage.kill_agent();
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key, "mode=cached")), "DENY expired");
}

TEST_F(After2038, a_record_that_ends_in_2050_is_allowed_today_and_after_a_restart) {
  stage.start_register();
  const std::string key = stage.registered_record(R"("2050-01-01T00:00:00Z")");
  stage.start_agent();
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active");
  stage.agent().signal(SIGTERM);
  ASSERT_EQ(stage.agent().wait(kPatience), 0);
  stage.start_agent();
  const std::string allowed = stage.ask(key, "mode=cached");
  EXPECT_NE(allowed.find(" expires=2050-01-01T00:00:00Z"), std::string::npos) << allowed;
}

}  // namespace
}  // namespace akgate
