// SPDX-License-Identifier: Apache-2.0
#include "cli/status.hpp"

#include <gtest/gtest.h>

#include <string>

namespace akgate {
namespace {

using namespace std::chrono_literals;

std::string line(const std::string& state, const std::string& since, int waiting,
                 const std::string& token) {
  return R"({"version":"1.2.3","uptime-seconds":277200,"register":{"state":")" + state +
         R"(","seconds-since-last-answer":)" + since + R"(,"waiting":)" + std::to_string(waiting) +
         R"(},"token":")" + token + R"("})";
}

std::string describe(const std::string& text) {
  const Result<AgentStatus> status = parse_status(text);
  EXPECT_TRUE(status.ok());
  if (!status) return "";
  return describe_status(*status, parse_timestamp("2026-11-22T03:10:00Z").value());
}

bool is_troubled(const std::string& text) { return is_troubled(parse_status(text).value()); }

TEST(AgentStatus, all_is_well) {
  EXPECT_EQ(describe(line("answers", "12", 0, "held")),
            "akgated 1.2.3 is working. It started 3 days 5 hours ago; the register last answered "
            "12 seconds ago.\n");
  EXPECT_EQ(describe(line("answers", "null", 1, "no-account")),
            "akgated 1.2.3 is working. It started 3 days 5 hours ago; the register has not been "
            "asked yet.\n1 question waits for the register.\n");
  EXPECT_FALSE(is_troubled(line("answers", "12", 0, "held")));
  EXPECT_FALSE(is_troubled(line("answers", "null", 0, "none")));
  EXPECT_FALSE(is_troubled(line("answers", "null", 0, "no-account")));
}

TEST(AgentStatus, a_silent_register_is_trouble_and_says_since_when_and_what_to_do) {
  const std::string told = describe(line("silent", "2400", 7, "unreachable"));
  EXPECT_TRUE(
      told.starts_with("akgated 1.2.3 is running, but the register does not answer: it "
                       "last did 40 minutes ago (2026-11-22T02:30:00Z).\n"))
      << told;
  EXPECT_NE(told.find("7 questions wait"), std::string::npos) << told;
  EXPECT_NE(told.find("What to do: "), std::string::npos) << told;
  EXPECT_NE(describe(line("silent", "null", 0, "none")).find("not since the agent started, 3 days"),
            std::string::npos);
  EXPECT_TRUE(is_troubled(line("silent", "2400", 0, "held")));
}

TEST(AgentStatus, a_register_that_may_not_be_asked_as_often_as_it_takes_is_trouble) {
  const auto needing = [](const std::string& needed) {
    return R"({"version":"1.2.3","uptime-seconds":60,"register":{"state":"answers",)"
           R"("seconds-since-last-answer":1,"waiting":0,"requests-per-second-needed":)" +
           needed + R"(,"requests-per-second-allowed":20},"token":"none"})";
  };
  EXPECT_FALSE(is_troubled(needing("20.0")));
  EXPECT_TRUE(is_troubled(needing("20.1")));
  const std::string told = describe(needing("20.1"));
  EXPECT_NE(told.find("takes 21 requests a second"), std::string::npos) << told;
  EXPECT_NE(told.find("allows 20:"), std::string::npos) << told;
}

TEST(AgentStatus, trouble_with_the_token_is_named_with_its_remedy) {
  const std::string told = describe(line("answers", "1", 0, "refused"));
  EXPECT_NE(told.find("refuses the credentials"), std::string::npos) << told;
  EXPECT_NE(told.find("register.secret-key-file"), std::string::npos) << told;
  EXPECT_TRUE(is_troubled(line("answers", "1", 0, "refused")));
  EXPECT_TRUE(is_troubled(line("answers", "1", 0, "unreachable")));
}

TEST(AgentStatus, members_of_later_versions_are_passed_over) {
  std::string more = line("answers", "1", 0, "held");
  more.insert(1, R"("cache":{"records":7},)");
  EXPECT_TRUE(parse_status(more).ok());
}

TEST(AgentStatus, I1_nonsense_is_never_taken_for_health) {
  EXPECT_FALSE(parse_status("").ok());
  EXPECT_FALSE(parse_status("OK").ok());
  EXPECT_FALSE(parse_status("{}").ok());
  EXPECT_FALSE(parse_status(line("fine", "1", 0, "held")).ok());
  EXPECT_FALSE(parse_status(line("answers", "1", -1, "held")).ok());
}

}  // namespace
}  // namespace akgate
