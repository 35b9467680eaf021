// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "gate/overview.hpp"

namespace akgate {
namespace {

Overview busy() {
  Overview overview;
  Verdict verdict;
  verdict.reason = Reason::active;
  verdict.source = Source::cache;
  overview.answers.note(verdict, std::chrono::microseconds(7));
  overview.answers.note(verdict, std::chrono::milliseconds(2));
  verdict.reason = Reason::revoked;
  verdict.source = Source::grace;
  overview.answers.note(verdict, std::chrono::seconds(40));
  overview.register_.since_last_answer = std::chrono::seconds(3);
  overview.register_.requests[0] = {.what = "found", .count = 5};
  overview.register_.requests_per_second_needed = 0.04;
  overview.records.counted_ago = std::chrono::seconds(1);
  overview.records.by_state[0] = {.what = "ACTIVE", .count = 9};
  overview.device_bytes_written = 4096;
  return overview;
}

bool has_line(std::string_view text, std::string_view line) {
  return ("\n" + std::string(text)).find("\n" + std::string(line) + "\n") != std::string::npos;
}

TEST(Metrics, count_answers_by_reason_and_source) {
  const std::string text = metrics_text(busy());
  EXPECT_TRUE(
      has_line(text, R"(akgate_answers_total{verdict="allow",reason="active",source="cache"} 2)"));
  EXPECT_TRUE(
      has_line(text, R"(akgate_answers_total{verdict="deny",reason="revoked",source="grace"} 1)"));
}

TEST(Metrics, buckets_of_a_histogram_add_up) {
  const std::string text = metrics_text(busy());
  EXPECT_TRUE(has_line(text, R"(akgate_answer_duration_seconds_bucket{le="0.000010"} 1)"));
  EXPECT_TRUE(has_line(text, R"(akgate_answer_duration_seconds_bucket{le="0.001000"} 1)"));
  EXPECT_TRUE(has_line(text, R"(akgate_answer_duration_seconds_bucket{le="0.005000"} 2)"));
  EXPECT_TRUE(has_line(text, R"(akgate_answer_duration_seconds_bucket{le="30.000000"} 2)"));
  EXPECT_TRUE(has_line(text, R"(akgate_answer_duration_seconds_bucket{le="+Inf"} 3)"));
  EXPECT_TRUE(has_line(text, "akgate_answer_duration_seconds_sum 40.002007"));
  EXPECT_TRUE(has_line(text, "akgate_answer_duration_seconds_count 3"));
}

TEST(Metrics, tell_the_need_rounded_up_and_the_register) {
  const std::string text = metrics_text(busy());
  EXPECT_TRUE(has_line(text, "akgate_register_requests_needed_per_second 0.1"));
  EXPECT_TRUE(has_line(text, "akgate_register_up 1"));
  EXPECT_TRUE(has_line(text, R"(akgate_register_requests_total{outcome="found"} 5)"));
}

// As a scraper reads it: each sample belongs to a family that was described just before, once.
TEST(Metrics, are_well_formed) {
  std::string_view rest;
  const std::string text = metrics_text(busy());
  ASSERT_TRUE(text.ends_with("\n# EOF\n"));
  std::set<std::string, std::less<>> seen;
  std::string family;
  for (rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    if (line == "# EOF") continue;
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(seen.insert(family).second) << family << " stands twice";
      EXPECT_TRUE(family.starts_with("akgate_"));
      continue;
    }
    if (line.starts_with("# TYPE ")) {
      EXPECT_TRUE(line.substr(7).starts_with(family + " ")) << line;
      EXPECT_EQ(line.ends_with(" counter"), family.ends_with("_total")) << line;
      continue;
    }
    EXPECT_TRUE(line.starts_with(family)) << line;
  }
}

}  // namespace
}  // namespace akgate
