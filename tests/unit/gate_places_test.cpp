// SPDX-License-Identifier: Apache-2.0
#include "gate/places.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace akgate {
namespace {

using Room = Places::Room;

void take(Places& places, Uid uid, int times) {
  for (int i = 0; i < times; ++i) places.take(uid);
}

TEST(Places, I12_one_user_may_hold_all_that_nobody_else_wants) {
  Places places(4, std::nullopt);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(places.room_for(1), Room::free);
    places.take(1);
  }
  EXPECT_EQ(places.room_for(1), Room::none);
}

TEST(Places, I12_a_newcomer_gets_one_of_who_holds_most) {
  Places places(4, std::nullopt);
  take(places, 1, 3);
  take(places, 2, 1);
  EXPECT_EQ(places.room_for(3), Room::of_another);
  EXPECT_EQ(places.holder_of_most(), 1U);
  EXPECT_EQ(places.room_for(2), Room::of_another) << "one of four, among two: less than its share";
  EXPECT_EQ(places.room_for(1), Room::none);
}

TEST(Places, I12_who_has_a_fair_share_gets_no_more) {
  Places places(4, std::nullopt);
  take(places, 1, 2);
  take(places, 2, 2);
  EXPECT_EQ(places.room_for(1), Room::none);
  EXPECT_EQ(places.room_for(2), Room::none);
  EXPECT_EQ(places.room_for(3), Room::of_another) << "four among three is one each";
}

TEST(Places, I12_more_users_than_places_wait) {
  Places places(2, std::nullopt);
  take(places, 1, 1);
  take(places, 2, 1);
  EXPECT_EQ(places.room_for(3), Room::none);
}

TEST(Places, I12_the_hard_cap_holds_where_there_is_room_too) {
  Places places(4, 2);
  take(places, 1, 2);
  EXPECT_EQ(places.room_for(1), Room::none);
  EXPECT_EQ(places.room_for(2), Room::free);
  places.leave(1);
  EXPECT_EQ(places.room_for(1), Room::free);
}

// Whatever comes and goes: never too many, nobody at or above the share takes from others, whoever
// is below it gets a place, and only from one who holds more than the share.
TEST(Places, I12_random_comings_and_goings_stay_fair) {
  std::minstd_rand random(5);
  const std::size_t most = 12;
  Places places(most, std::nullopt);
  std::map<Uid, std::size_t> held;
  std::size_t taken = 0;
  const auto let_go = [&](Uid uid) {
    places.leave(uid);
    --taken;
    if (--held[uid] == 0) held.erase(uid);
  };
  std::size_t displaced = 0;
  for (int step = 0; step < 100'000; ++step) {
    const auto uid = static_cast<Uid>(random() % 6);
    if (random() % 3 == 0 && held.contains(uid)) {
      let_go(uid);
      continue;
    }
    const std::size_t own = held.contains(uid) ? held[uid] : 0;
    const std::size_t share = most / (held.size() + (own == 0 ? 1 : 0));
    const Room room = places.room_for(uid);
    ASSERT_EQ(room == Room::free, taken < most);
    if (taken == most) {
      ASSERT_EQ(room == Room::of_another, own < share);
    }
    if (room == Room::none) continue;
    if (room == Room::of_another) {
      const Uid loser = places.holder_of_most();
      ASSERT_NE(loser, uid);
      ASSERT_GT(held[loser], share);
      let_go(loser);
      ++displaced;
    }
    places.take(uid);
    ++held[uid];
    ASSERT_LE(++taken, most);
  }
  EXPECT_GT(displaced, 1000U) << "or it proves little";
}

}  // namespace
}  // namespace akgate
