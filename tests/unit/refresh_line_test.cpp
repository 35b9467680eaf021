// SPDX-License-Identifier: Apache-2.0
#include "refresh/line.hpp"

#include <gtest/gtest.h>

namespace akgate {
namespace {

using Rank = Line::Rank;

IndexKey key(int number) {
  IndexKey key;
  key.bytes[0] = static_cast<std::uint8_t>(number);
  return key;
}

TEST(Line, users_take_turns_and_each_ones_questions_keep_their_order) {
  Line line;
  for (const int number : {1, 2, 3}) line.join(key(number), Rank::other, 7);
  line.join(key(10), Rank::other, 8);
  line.join(key(20), Rank::other, 9);
  line.join(key(11), Rank::other, 8);
  for (const int number : {1, 10, 20, 2, 11, 3}) {
    EXPECT_EQ(line.take(Rank::other), key(number));
  }
  EXPECT_EQ(line.take(Rank::other), std::nullopt);
  EXPECT_TRUE(line.empty());
}

TEST(Line, ranks_wait_apart) {
  Line line;
  line.join(key(1), Rank::known, 7);
  line.join(key(2), Rank::proof, 7);
  EXPECT_FALSE(line.has(Rank::other));
  EXPECT_EQ(line.take(Rank::other), std::nullopt);
  EXPECT_EQ(line.take(Rank::proof), key(2));
  EXPECT_TRUE(line.has(Rank::known));
}

TEST(Line, who_leaves_is_not_called) {
  Line line;
  line.join(key(1), Rank::other, 7);
  line.join(key(2), Rank::other, 7);
  line.leave(key(1));
  line.leave(key(9));
  EXPECT_EQ(line.all(), std::vector{key(2)});
  EXPECT_EQ(line.waiting_for(7), 1U);
  EXPECT_EQ(line.waiting_for(8), 0U);
  EXPECT_EQ(line.take(Rank::other), key(2));
  EXPECT_TRUE(line.empty());
}

}  // namespace
}  // namespace akgate
