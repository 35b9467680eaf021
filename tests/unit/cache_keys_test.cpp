// SPDX-License-Identifier: Apache-2.0
#include "cache/keys.hpp"

#include <sys/stat.h>

#include "cache_support.hpp"

namespace akgate {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  EXPECT_EQ(stat(path.c_str(), &facts), 0);
  return facts.st_mode & 0777U;
}

std::string refusal(const std::string& path) {
  const Result<DeviceKeys> keys = DeviceKeys::load_or_make(path);
  return keys ? "" : keys.error().what();
}

TEST(DeviceKeys, are_made_once_for_the_owner_only_and_stay) {
  const TempDirectory directory;
  const std::string path = directory.path("new/device.key");
  const Result<DeviceKeys> made = DeviceKeys::load_or_make(path);
  ASSERT_TRUE(made) << made.error().what();
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(mode_of(directory.path("new")), 0700U);
  EXPECT_EQ(directory.names(), std::vector<std::string>{"new"});

  const Result<DeviceKeys> again = DeviceKeys::load_or_make(path);
  ASSERT_TRUE(again) << again.error().what();
  EXPECT_EQ(made->index_of(access_key(1)), again->index_of(access_key(1)));

  const Result<DeviceKeys> other = DeviceKeys::load_or_make(directory.path("other.key"));
  ASSERT_TRUE(other);
  EXPECT_NE(made->index_of(access_key(1)), other->index_of(access_key(1)));
}

TEST(DeviceKeys, file_says_what_it_is) {
  const TempDirectory directory;
  const std::string path = directory.path("device.key");
  ASSERT_TRUE(DeviceKeys::load_or_make(path));
  const std::string content = read_all(path);
  EXPECT_TRUE(content.starts_with("akgate-device-key-1 "));
  EXPECT_EQ(content.size(), 20U + 64U + 1U);
  EXPECT_EQ(content.back(), '\n');
}

TEST(DeviceKeys, damaged_file_is_refused_and_left_alone) {
  const std::string start = "akgate-device-key-1 ";
  const std::string digits(64, 'a');
  for (const std::string& content :
       {std::string("x"), start, start + digits.substr(1), start + digits + "a", digits,
        start + std::string(64, 'A'), start + std::string(64, 'g'), start + digits + "\n" + digits,
        "akgate-device-key-2 " + digits, std::string(4096, 'a')}) {
    const TempDirectory directory;
    const std::string path = directory.path("device.key");
    write_all(path, content);
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
    EXPECT_NE(refusal(path).find(path), std::string::npos) << content;
    EXPECT_EQ(refusal(path).find(digits), std::string::npos) << "the key is in the error (I9)";
    EXPECT_EQ(read_all(path), content);
  }
}

TEST(DeviceKeys, file_that_others_may_read_is_refused_with_the_remedy) {
  const TempDirectory directory;
  const std::string path = directory.path("device.key");
  ASSERT_TRUE(DeviceKeys::load_or_make(path));
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_NE(refusal(path).find("chmod"), std::string::npos) << refusal(path);
}

TEST(DeviceKeys, place_that_cannot_be_written_is_one_sentence) {
  const TempDirectory directory;
  write_all(directory.path("file"), "");
  EXPECT_NE(refusal(directory.path("file/device.key")).find("no device key: "), std::string::npos);
}

// The values on every device's disk hang on these: a change here orphans all caches.
TEST(DeviceKeys, derivation_never_changes) {
  const IndexKey index = device_keys().index_of(*AccessKey::parse("ak_0123456789abcdef01234567"));
  EXPECT_EQ(index.fingerprint(), "fp_32c0b783185147bc");
}

TEST(IndexKey, I9_tells_nothing_without_the_device_key) {
  EXPECT_NE(device_keys(1).index_of(access_key(7)), device_keys(2).index_of(access_key(7)));
  EXPECT_NE(device_keys(1).index_of(access_key(7)), device_keys(1).index_of(access_key(8)));
  EXPECT_EQ(device_keys(1).index_of(access_key(7)).fingerprint().size(), 3U + 16U);
}

}  // namespace
}  // namespace akgate
