// SPDX-License-Identifier: Apache-2.0
#include "cache/blocks.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "cache_support.hpp"

namespace akgate {
namespace {

IndexKey numbered(std::uint8_t number) {
  IndexKey index;
  index.bytes.fill(number);
  return index;
}

class BlocksFile : public testing::Test {
 protected:
  void keep(const Blocks& blocks) {
    const Status kept = write_blocks(directory_.path(), blocks, sealer_);
    ASSERT_TRUE(kept) << kept.error().what();
  }
  Blocks read() { return read_blocks(directory_.path(), sealer_, log_); }

  /// Turns one bit of the file.
  void damage(const std::string& name, std::size_t at) {
    std::fstream file(directory_.path(name), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 1));
  }

  TempDirectory directory_;
  Sealer sealer_{DeviceKeys::derive(Key256(Key256::Bytes{7}))};
  Log log_{LogLevel::error, LogFormat::text, -1};
};

TEST_F(BlocksFile, keeps_what_is_blocked) {
  EXPECT_TRUE(read().empty());
  Blocks blocks;
  ASSERT_TRUE(blocks.add(numbered(1)));
  ASSERT_TRUE(blocks.add(numbered(2)));
  blocks.remove(numbered(1));
  keep(blocks);
  const Blocks again = read();
  EXPECT_FALSE(again.contains(numbered(1)));
  EXPECT_TRUE(again.contains(numbered(2)));
  EXPECT_EQ(again.size(), 1U);
}

TEST_F(BlocksFile, I7_any_bit_of_one_file_costs_nothing) {
  Blocks blocks;
  ASSERT_TRUE(blocks.add(numbered(1)));
  keep(blocks);
  const auto size = std::filesystem::file_size(directory_.path("blocked.1"));
  for (const char* const name : {"blocked.1", "blocked.2"}) {
    for (std::size_t at = 0; at < size; ++at) {
      damage(name, at);
      const Blocks read_back = read();
      EXPECT_FALSE(read_back.is_lost());
      EXPECT_TRUE(read_back.contains(numbered(1)));
      damage(name, at);
    }
  }
}

TEST_F(BlocksFile, I7_where_neither_file_can_be_read_everything_is_blocked) {
  Blocks blocks;
  ASSERT_TRUE(blocks.add(numbered(1)));
  keep(blocks);
  damage("blocked.1", 20);
  std::filesystem::remove(directory_.path("blocked.2"));
  EXPECT_TRUE(read().is_lost());
  EXPECT_TRUE(read().contains(numbered(77)));
}

TEST_F(BlocksFile, the_newer_of_two_counts) {
  Blocks blocks;
  ASSERT_TRUE(blocks.add(numbered(1)));
  keep(blocks);
  std::filesystem::copy_file(directory_.path("blocked.2"), directory_.path("older"));
  ASSERT_TRUE(blocks.add(numbered(2)));
  keep(blocks);
  std::filesystem::rename(directory_.path("older"), directory_.path("blocked.2"));
  EXPECT_TRUE(read().contains(numbered(2)));
}

TEST_F(BlocksFile, I12_has_an_end) {
  Blocks blocks;
  for (std::size_t i = 0; i < Blocks::kMost; ++i) {
    IndexKey index;
    std::memcpy(index.bytes.data(), &i, sizeof i);
    ASSERT_TRUE(blocks.add(index));
  }
  EXPECT_FALSE(blocks.add(numbered(255)));
  keep(blocks);
  EXPECT_EQ(read().size(), Blocks::kMost);
}

}  // namespace
}  // namespace akgate
