// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

#include "refresh/index_memo.hpp"

namespace akgate {

namespace {

AccessKey key_number(std::uint32_t number) {
  std::array<std::uint8_t, AccessKey::kBytes> bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return AccessKey::from_bytes(bytes);
}

DeviceKeys some_keys() {
  Key256::Bytes bytes{};
  bytes.fill(7);
  return DeviceKeys::derive(Key256(bytes));
}

// More keys than it has places for, over and over.
TEST(IndexMemo, I7_gives_each_key_its_own_names_however_many_there_are) {
  const DeviceKeys keys = some_keys();
  IndexMemo memo(keys, 17);
  for (const std::uint32_t step : {1U, 1U, 7U}) {
    for (std::uint32_t i = 0; i < 12'000; i += step) {
      const AccessKey key = key_number(i);
      const IndexMemo::Names names = memo.of(key);
      ASSERT_EQ(names.record, keys.index_of(key));
      ASSERT_EQ(names.binding, keys.binding_index_of(key));
      ASSERT_EQ(memo.of(key).record, names.record);
    }
  }
}

TEST(IndexMemo, and_each_data_user) {
  const DeviceKeys keys = some_keys();
  IndexMemo memo(keys, 17);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 40; ++i) {
      const Duid duid = *Duid::parse("duid_" + std::to_string(i));
      ASSERT_EQ(memo.of(duid), keys.index_of(duid));
    }
  }
}

}  // namespace

}  // namespace akgate
