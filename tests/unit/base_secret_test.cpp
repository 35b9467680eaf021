// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "base/secret.hpp"

namespace akgate {
namespace {

constexpr std::string_view kShort = "Canary-7";  // Short enough to lie within the object itself.
constexpr std::string_view kLong = "a canary that is too long to lie within the object itself";

TEST(Wipe, clears_all_and_only_what_it_is_given) {
  std::string text = "beforeSECRETafter";
  wipe(text.data() + 6, 6);
  EXPECT_EQ(text, std::string("before\0\0\0\0\0\0after", 17));
}

TEST(ConstantTimeEquality, is_equality) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("same", "same"));
  EXPECT_FALSE(equal_in_constant_time("same", "samf"));
  EXPECT_FALSE(equal_in_constant_time("same", "tame"));
  EXPECT_FALSE(equal_in_constant_time("same", "sam"));
  EXPECT_FALSE(equal_in_constant_time("same", ""));
  // Differences must add up, not cancel out.
  EXPECT_FALSE(equal_in_constant_time("ab", "ba"));
  EXPECT_FALSE(equal_in_constant_time({"\x80\x00", 2}, {"\x00\x80", 2}));
}

TEST(Secret, gives_back_what_it_was_given) {
  const Secret secret = Secret::copy_of(kLong);
  EXPECT_EQ(secret.reveal(), kLong);
  EXPECT_EQ(std::string_view(secret.reveal_c_str()), kLong);
  EXPECT_FALSE(secret.empty());
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(secret == Secret::copy_of(kLong));
  EXPECT_FALSE(secret == Secret::copy_of(kShort));
}

TEST(Secret, joins_its_parts) {
  EXPECT_EQ(Secret::joined({"Bearer ", "", kLong}).reveal(), "Bearer " + std::string(kLong));
  EXPECT_TRUE(Secret::joined({}).empty());
}

TEST(Secret, I9_leaves_nothing_in_the_text_it_was_made_from) {
  std::string text(kLong);
  const char* const memory = text.data();
  const Secret secret(std::move(text));
  EXPECT_TRUE(std::all_of(memory, memory + kLong.size(), [](char c) { return c == 0; }));
}

TEST(Secret, I9_leaves_nothing_in_what_it_was_moved_from) {
  Secret source = Secret::copy_of(kLong);
  const char* const memory = source.reveal().data();
  Secret target = std::move(source);
  EXPECT_EQ(target.reveal(), kLong);
  EXPECT_TRUE(std::all_of(memory, memory + kLong.size(), [](char c) { return c == 0; }));

  const char* const again = target.reveal().data();
  Secret other;
  other = std::move(target);
  EXPECT_EQ(other.reveal(), kLong);
  EXPECT_TRUE(std::all_of(again, again + kLong.size(), [](char c) { return c == 0; }));
}

TEST(Secret, I9_a_shorter_one_leaves_nothing_of_the_longer_one_behind) {
  Secret secret = Secret::copy_of(kLong);
  const char* const memory = secret.reveal().data();
  const Secret shorter = Secret::copy_of(kShort);
  secret = shorter;
  EXPECT_EQ(secret.reveal(), kShort);
  EXPECT_EQ(secret.reveal().data(), memory);
  EXPECT_TRUE(
      std::all_of(memory + kShort.size(), memory + kLong.size(), [](char c) { return c == 0; }));
}

TEST(Secret, I9_is_wiped_when_it_goes) {
  alignas(Secret) std::array<std::byte, sizeof(Secret)> storage{};
  Secret* const secret = new (storage.data()) Secret(Secret::copy_of(kShort));
  std::destroy_at(secret);
  const std::string left(reinterpret_cast<const char*>(storage.data()), storage.size());
  EXPECT_EQ(left.find(kShort), std::string::npos);
}

TEST(Secret, survives_assignment_to_itself) {
  Secret secret = Secret::copy_of(kLong);
  Secret& same = secret;
  secret = same;
  EXPECT_EQ(secret.reveal(), kLong);
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), kLong);
}

}  // namespace
}  // namespace akgate
