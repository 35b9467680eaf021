// SPDX-License-Identifier: Apache-2.0
//
// What the cache keeps beside records: bindings to meter points, and Data Users.
#include "cache_support.hpp"

namespace akgate {
namespace {

Binding bound(const char* mpxn, Binding::Word word = Binding::Word::by_operator) {
  return {.mpxn = *Mpxn::parse(mpxn),
          .word = word,
          .identity_record_ref = "ir_a3c5e7f9b1d3a3c5e7f9b1d3",
          .as_of = minute(1),
          .transaction_id = "tid_1"};
}

Store::Entry binding_entry(std::uint64_t number, const Binding& binding) {
  return {.index = index_of(number),
          .record = {.key = access_key(number), .knowledge = {}, .binding = binding}};
}

StoredDataUser data_user(std::uint64_t number, DataUserStatus status) {
  return {.duid = *Duid::parse("duid_" + std::to_string(number)),
          .standing = {.status = status, .as_of = minute(1), .transaction_id = "tid_1"}};
}

class ProofsTest : public testing::Test {
 protected:
  void reopen() {
    store.reset();
    store = open_store(directory, log);
  }
  Status put(const Store::Entry& entry) { return store->put({&entry, 1}); }
  Status put(const StoredDataUser& data_user) {
    return store->put_data_user(device_keys().index_of(data_user.duid), data_user);
  }
  std::optional<StoredDataUser> find(const StoredDataUser& data_user) {
    return store->find_data_user(device_keys().index_of(data_user.duid));
  }

  const TempDirectory directory;
  const LogFile log;
  std::unique_ptr<Store> store = open_store(directory, log);
};

TEST_F(ProofsTest, what_an_entry_lacks_is_left_as_it_stands) {
  ASSERT_TRUE(put(binding_entry(1, bound("1234567890123"))));
  ASSERT_TRUE(put(entry(active(1))));
  ASSERT_TRUE(put(binding_entry(2, bound("87654321"))));
  reopen();
  const auto both = store->find(index_of(1));
  ASSERT_TRUE(both && both->knowledge && both->binding);
  EXPECT_EQ(*both->knowledge, *active(1).knowledge);
  EXPECT_EQ(*both->binding, bound("1234567890123"));
  const auto binding_alone = store->find(index_of(2));
  ASSERT_TRUE(binding_alone && !binding_alone->knowledge);
  EXPECT_EQ(*binding_alone->binding, bound("87654321"));

  ASSERT_TRUE(put(binding_entry(1, bound("2000012345678", Binding::Word::listed))));
  EXPECT_EQ(store->find(index_of(1))->binding->mpxn.text(), "1234567890123")
      << "the operator's word stays";
  ASSERT_TRUE(put(binding_entry(1, bound("2000012345678"))));
  EXPECT_EQ(store->find(index_of(1))->binding->mpxn.text(), "2000012345678");
  EXPECT_TRUE(store->find(index_of(1))->knowledge);
  EXPECT_EQ(store->size(), 2U) << "a key takes one place, whatever is known of it";
}

TEST_F(ProofsTest, unbind_forgets_the_binding_and_nothing_else) {
  ASSERT_TRUE(put(entry(active(1))));
  ASSERT_TRUE(put(binding_entry(1, bound("1234567890123"))));
  ASSERT_TRUE(put(binding_entry(2, bound("87654321"))));
  for (const std::uint64_t number : {1U, 2U, 3U}) ASSERT_TRUE(store->unbind(index_of(number)));
  reopen();
  EXPECT_EQ(store->find(index_of(1)), active(1));
  EXPECT_FALSE(store->find(index_of(2))) << "nothing was left of it";
  EXPECT_FALSE(store->find(index_of(3)));
}

TEST_F(ProofsTest, data_users_are_kept_through_a_restart_and_replaced) {
  const StoredDataUser good = data_user(1, DataUserStatus::active);
  ASSERT_TRUE(put(good));
  ASSERT_TRUE(put(data_user(2, DataUserStatus::active)));
  ASSERT_TRUE(put(data_user(2, DataUserStatus::suspended)));
  reopen();
  ASSERT_TRUE(find(good));
  EXPECT_EQ(find(good)->standing, good.standing);
  EXPECT_EQ(find(data_user(2, {}))->standing.status, DataUserStatus::suspended);
  EXPECT_FALSE(find(data_user(3, {})));
  EXPECT_EQ(store->size(), 0U) << "they take no record's place";
}

TEST_F(ProofsTest, I12_there_is_room_for_so_many_data_users_and_no_more) {
  constexpr std::size_t kMany = Store::kMaxDataUsers + 20;
  for (std::size_t i = 0; i < kMany; ++i) {
    ASSERT_TRUE(put(data_user(i, DataUserStatus::active)));
    ASSERT_TRUE(find(data_user(i, {}))) << "the newest is there";
  }
  reopen();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < kMany; ++i) kept += find(data_user(i, {})) ? 1U : 0U;
  EXPECT_EQ(kept, Store::kMaxDataUsers);
  EXPECT_EQ(log.text(), "");
}

}  // namespace
}  // namespace akgate
