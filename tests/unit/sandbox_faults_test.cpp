// SPDX-License-Identifier: Apache-2.0
#include "tests/register/faults.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace akgate::sandbox {
namespace {

std::vector<Fault> faults_of(std::string_view json) {
  auto faults = read_faults(parse_json(json).get());
  EXPECT_TRUE(faults.ok()) << (faults.ok() ? "" : faults.error().what());
  return faults.ok() ? std::move(faults).value() : std::vector<Fault>{};
}

TEST(SandboxFaults, the_first_that_matches_path_and_method_is_taken) {
  FaultTable table;
  table.replace(faults_of(R"([{"path": "/v1/records", "method": "GET", "status": 500},
                              {"path": "/v1/", "status": 503}])"));
  EXPECT_EQ(table.take("GET", "/v1/records")->status, 500);
  EXPECT_EQ(table.take("PUT", "/v1/records")->status, 503);
  EXPECT_EQ(table.take("GET", "/v1/access-records/x")->status, 503);
  EXPECT_EQ(table.take("GET", "/other"), std::nullopt);
  table.replace({});
  EXPECT_EQ(table.take("GET", "/v1/records"), std::nullopt);
}

TEST(SandboxFaults, a_fault_for_some_times_makes_room_for_the_next) {
  FaultTable table;
  table.replace(faults_of(R"([{"status": 429, "times": 2}, {"status": 500}])"));
  for (const int expected : {429, 429, 500, 500}) {
    EXPECT_EQ(table.take("GET", "/")->status, expected);
  }
}

TEST(SandboxFaults, what_it_says_is_what_is_answered) {
  const auto fault =
      faults_of(R"({"status": 503, "body": "ab", "repeat": 3, "retry-after": 5, "cut": true,
                                   "content-type": "text/html", "headers": {"Age": "7"}, "delay": "1s"})")
          .front();
  ASSERT_TRUE(fault.replaces_answer());
  auto response = fault_answer(fault);
  apply(fault, response);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "ababab");
  EXPECT_EQ(response.delay, std::chrono::seconds(1));
  EXPECT_EQ(response.delivery, Delivery::cut);
  const Fields expected{{"Retry-After", "5"}, {"Content-Type", "text/html"}, {"Age", "7"}};
  EXPECT_EQ(response.headers, expected);
}

TEST(SandboxFaults, only_some_take_the_place_of_the_operation) {
  for (const char* instead :
       {R"({"status": 200})", R"({"body": ""})", R"({"drop": true})", R"({"hang": true})"}) {
    EXPECT_TRUE(faults_of(instead).front().replaces_answer()) << instead;
  }
  for (const char* after :
       {"{}", R"({"delay": "1s"})", R"({"cut": true})", R"({"headers": {"Age": "7"}})"}) {
    EXPECT_FALSE(faults_of(after).front().replaces_answer()) << after;
  }
}

TEST(SandboxFaults, a_misspelt_fault_is_refused) {
  for (const char* bad :
       {"", "7", "[7]", R"({"latency": "1s"})", R"({"path": "v1"})", R"({"status": 99})",
        R"({"status": "503"})", R"({"delay": 500})", R"({"times": 0})", R"({"times": 1.5})",
        R"({"body": 7})", R"({"cut": 1})", R"({"cut": true, "drop": true})",
        R"({"headers": {"Age": 7}})", R"({"body": "0123456789", "repeat": 67108864})"}) {
    EXPECT_FALSE(read_faults(parse_json(bad).get()).ok()) << bad;
  }
}

}  // namespace
}  // namespace akgate::sandbox
