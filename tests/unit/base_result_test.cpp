// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace akgate {
namespace {

TEST(Result, holds_a_value_that_can_be_taken_out) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(**result, 7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Result, holds_an_error_that_gathers_context) {
  const Result<int> result = Error("the file is empty").within("reading the key");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what(), "reading the key: the file is empty");
}

TEST(Status, is_done_or_an_error) {
  EXPECT_TRUE(Status(Done{}).ok());
  EXPECT_FALSE(Status(Error("no")).ok());
}

TEST(ResultDeathTest, looking_at_the_wrong_side_ends_the_program) {
  const Result<int> good(1);
  const Result<int> bad(Error("no"));
  EXPECT_DEATH(static_cast<void>(good.error()), "broken invariant");
  EXPECT_DEATH(static_cast<void>(bad.value()), "broken invariant");
}

}  // namespace
}  // namespace akgate
