// SPDX-License-Identifier: Apache-2.0
// At which date TLS judges certificates, on machines whose system clock is wrong.
#include <gtest/gtest.h>

#include "platform/certificate_date.hpp"
#include "tests/integration/stage.hpp"
#include "tests/integration/wrong_clock.hpp"

namespace akgate {
namespace {

using std::chrono::days;
using Date = CertificateDate::Date;

constexpr Date k1970{};

class TlsDate : public ::testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer has clock functions of its own, which take no other's place";
#endif
    made_at(k1970,
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 100000"
            " -subj /CN=dated-ca -keyout dated-ca.key -out dated-ca.pem");
    stage.ca = "dated-ca.pem";
  }

  void certificate(const std::string& name, Date from, Date to) {
    made_at(from,
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost"
            " -addext subjectAltName=DNS:localhost -keyout " +
                name + ".key -out " + name +
                ".csr && openssl x509 -req -copy_extensions copy -CA dated-ca.pem"
                " -CAkey dated-ca.key -CAcreateserial -in " +
                name + ".csr -out " + name + ".pem -days " +
                std::to_string(std::chrono::floor<days>(to - from).count()));
  }

  void agent_boots_at(Date clock) {
    stage.kill_agent();
    stage.agent_environment = clock_at(clock);
    stage.start_agent();
  }

  std::string ask(const std::string& key) { return verdict_in(stage.ask(key, "mode=fresh")); }

  const Date build = CertificateDate::of_build();
  Stage stage;

 private:
  void made_at(Date clock, const std::string& command) {
    const Ended made = run_to_end({"sh", "-c", "cd " + stage.directory.path() + " && " + command},
                                  clock_at(clock));
    ASSERT_EQ(made.status, 0) << made.output;
  }
};

#define SKIP_ON_ANOTHER_TLS_LIBRARY() \
  if (!CertificateDate::is_heeded())  \
  GTEST_SKIP() << "this build's TLS library goes by the system clock alone"

TEST_F(TlsDate, a_device_that_boots_in_1970_reaches_the_register_and_learns_the_time) {
  SKIP_ON_ANOTHER_TLS_LIBRARY();
  certificate("current", build - days(10), build + days(1000));
  stage.start_register("current");
  const std::string key = stage.registered_record();
  agent_boots_at(k1970);
  EXPECT_EQ(ask(key), "ALLOW active");
  EXPECT_EQ(verdict_in(stage.ask(key)), "ALLOW active") << "from memory, so time is trusted now";

  const Ended shown =
      run_to_end({Stage::kCli, "register", "show", key, "--config", stage.config}, clock_at(k1970));
  EXPECT_EQ(shown.status, 0) << shown.output;
}

TEST_F(TlsDate, another_tls_library_goes_by_the_system_clock_and_the_log_says_so) {
  if (CertificateDate::is_heeded()) GTEST_SKIP() << "this build's TLS library is our own";
  certificate("current", build - days(10), build + days(1000));
  stage.start_register("current");
  const std::string key = stage.registered_record();
  agent_boots_at(k1970);
  EXPECT_EQ(ask(key), "DENY register-unreachable");
  EXPECT_NE(stage.agent_log().find("system clock is behind the date of this build"),
            std::string::npos)
      << stage.agent_log();
}

TEST_F(TlsDate, I8_a_certificate_that_had_ended_when_this_was_built_is_not_revived_in_1970) {
  SKIP_ON_ANOTHER_TLS_LIBRARY();
  certificate("ended", k1970, build - days(1));
  stage.start_register("ended");
  const std::string key = stage.registered_record();
  agent_boots_at(k1970 + days(10));
  EXPECT_EQ(ask(key), "DENY register-unreachable");
}

TEST_F(TlsDate, I8_certificates_are_judged_at_the_time_that_the_register_attested) {
  SKIP_ON_ANOTHER_TLS_LIBRARY();
  certificate("both", build - days(1), build + days(1000));
  certificate("ended", build - days(1), build + days(300));
  certificate("renewed", build + days(300), build + days(600));
  stage.register_environment = clock_at(build + days(400));
  stage.start_register("both");
  const std::string key = stage.registered_record();
  agent_boots_at(k1970);
  EXPECT_EQ(ask(key), "ALLOW active");

  stage.kill_register();
  stage.start_register("ended");
  agent_boots_at(k1970);
  EXPECT_EQ(ask(key), "DENY register-unreachable");

  stage.kill_register();
  stage.start_register("renewed");
  EXPECT_TRUE(comes_true([&] { return ask(key) == "ALLOW active"; }));
}

TEST_F(TlsDate, a_certificate_that_has_ended_by_the_system_clock_is_refused) {
  certificate("ended", build - days(1), build + days(300));
  stage.start_register("ended");
  const std::string key = stage.registered_record();
  agent_boots_at(build + days(200));
  EXPECT_EQ(ask(key), "ALLOW active");
  agent_boots_at(build + days(400));
  EXPECT_EQ(ask(key), "DENY register-unreachable");
}

}  // namespace
}  // namespace akgate
