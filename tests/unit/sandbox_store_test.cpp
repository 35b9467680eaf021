// SPDX-License-Identifier: Apache-2.0
#include "tests/register/store.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace akgate::sandbox {
namespace {

namespace fs = std::filesystem;

class SandboxStore : public testing::Test {
 protected:
  SandboxStore() { fs::remove_all(directory_); }
  ~SandboxStore() override { fs::remove_all(directory_); }

  [[nodiscard]] Store open() const {
    auto store = Store::open(directory_);
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().what());
    return std::move(store).value();
  }

  const fs::path directory_ =
      fs::path(testing::TempDir()) /
      (std::string("sandbox-") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

AccessRecord record(const std::string& ak, const std::string& mpxn, const std::string& state) {
  return {.ak = ak,
          .duid = "duid_1",
          .mpxn = mpxn,
          .document = R"({"processing":{"legal-basis":"uk-contract"},"access-event":{"state":")" +
                      state + "\"}}"};
}

std::vector<std::string> keys(const std::vector<const AccessRecord*>& records) {
  std::vector<std::string> found;
  found.reserve(records.size());
  for (const auto* each : records) {
    found.push_back(each->ak);
  }
  return found;
}

TEST_F(SandboxStore, all_it_knows_outlives_a_restart_in_its_order) {
  {
    auto store = open();
    ASSERT_TRUE(store.save(record("ak_z", "100001", "ACTIVE")).ok());
    ASSERT_TRUE(store.save(record("ak_a", "100001", "ACTIVE")).ok());
    ASSERT_TRUE(store.save(record("ak_z", "100001", "REVOKED")).ok());
    ASSERT_TRUE(store
                    .save(IdentityRecord{
                        .ir = "ir_1", .duid = "duid_1", .mpxn = "100001", .document = "{}"})
                    .ok());
    ASSERT_TRUE(store
                    .save(IdentityRecord{
                        .ir = "ir_0", .duid = "duid_2", .mpxn = "100001", .document = "{}"})
                    .ok());
    ASSERT_TRUE(store
                    .save(Reidentification{.token_ref = "rt_1",
                                           .duid = "duid_1",
                                           .mpxn = "100001",
                                           .method = "magic-link",
                                           .issued_at = 1'795'000'000,
                                           .confirmed_at = 1'795'000'001,
                                           .used = true})
                    .ok());
  }
  const auto store = open();
  EXPECT_EQ(keys(store.access_records_of_data_user("duid_1")),
            (std::vector<std::string>{"ak_z", "ak_a"}));
  EXPECT_EQ(store.access_record("ak_z")->state, "REVOKED");
  EXPECT_EQ(store.access_record("ak_z")->legal_basis, "uk-contract");
  EXPECT_EQ(store.newest_identity_record("100001")->ir, "ir_0");
  const auto* token = store.reidentification("rt_1");
  ASSERT_NE(token, nullptr);
  EXPECT_EQ(token->confirmed_at, 1'795'000'001);
  EXPECT_TRUE(token->used);
}

TEST_F(SandboxStore, numbers_go_on_after_a_restart) {
  ASSERT_TRUE(open().save(record("ak_z", "100001", "ACTIVE")).ok());
  auto store = open();
  ASSERT_TRUE(store.save(record("ak_a", "100001", "ACTIVE")).ok());
  EXPECT_EQ(keys(store.access_records_of_meter_point("100001")),
            (std::vector<std::string>{"ak_z", "ak_a"}));
}

TEST_F(SandboxStore, a_record_that_moves_leaves_its_old_meter_point) {
  auto store = open();
  ASSERT_TRUE(store.save(record("ak_a", "100001", "ACTIVE")).ok());
  ASSERT_TRUE(store.save(record("ak_a", "200002", "ACTIVE")).ok());
  EXPECT_TRUE(store.access_records_of_meter_point("100001").empty());
  EXPECT_EQ(keys(store.access_records_of_meter_point("200002")), std::vector<std::string>{"ak_a"});
}

TEST_F(SandboxStore, a_write_that_was_cut_off_is_left_alone) {
  ASSERT_TRUE(open().save(record("ak_a", "100001", "ACTIVE")).ok());
  ASSERT_TRUE(write_file(directory_ / "access-records" / "ak_b.json.part", "{\"ak\":").ok());
  EXPECT_NE(open().access_record("ak_a"), nullptr);
}

TEST_F(SandboxStore, a_damaged_file_is_named) {
  ASSERT_TRUE(open().save(record("ak_a", "100001", "ACTIVE")).ok());
  ASSERT_TRUE(write_file(directory_ / "access-records" / "ak_a.json", "rubbish").ok());
  const auto store = Store::open(directory_);
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().what().find("ak_a.json"), std::string::npos) << store.error().what();
}

TEST_F(SandboxStore, a_directory_that_cannot_be_made_is_named) {
  const auto store = Store::open("/proc/nowhere");
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().what().find("/proc/nowhere"), std::string::npos);
}

}  // namespace
}  // namespace akgate::sandbox
