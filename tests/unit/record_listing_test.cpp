// SPDX-License-Identifier: Apache-2.0
//
// What the lists by meter point and the directory say, and when they say nothing.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "record/read_data_user.hpp"
#include "record/read_listing.hpp"
#include "verify_answer.hpp"

namespace akgate {
namespace {

const Mpxn kMeterPoint = Mpxn::parse("1234567890123").value();
const Duid kDataUser = Duid::parse("duid_b1b1b1b1b1b1b1b1b1b1b1b1").value();

/// Somebody else's row, ours, and a DISCOVERED one.
constexpr std::string_view kList = R"({
  "response": {"resource": "/v1/meter-points/1234567890123/access-records",
               "timestamp": "2026-03-11T12:00:00Z", "transaction-id": "tid_1"},
  "mpxn": "1234567890123",
  "access-records": [
    {"ak": "ak_000000000000000000000001", "data-types": ["HH-CONSUMPTION"], "state": "ACTIVE",
     "lead-controller-name": "Grid Analytics Ltd", "arrangement-type": "sole", "controller-count": 1,
     "record-metadata": {"schema-version": "1.0"}, "legal-basis": "uk-contract", "purpose": "Advice",
     "expiry": null, "discovered-access": null},
    {"ak": "ak_691df0c788ca043403b7fa90", "data-types": [], "state": "REVOKED", "more": {"ak": 7}},
    {"ak": "ak_00000000000000000000d15c", "data-types": ["HH-EXPORT"], "state": "DISCOVERED",
     "lead-controller-name": null, "arrangement-type": null, "controller-count": null,
     "record-metadata": null, "legal-basis": null, "purpose": null, "expiry": null,
     "discovered-access": {"organisation-name": "Bright Energy Ltd"}}
  ]
})";
constexpr std::string_view kOurAk = R"("ak": "ak_691df0c788ca043403b7fa90")";

struct Row {
  const char* why;
  std::string body;
};

std::string change(std::string_view from, std::string_view to) {
  return edited(kList, {{from, to}});
}

TEST(ReadListing, finds_the_asked_key_and_says_which_transaction_told) {
  const auto listing = read_listing(kList, asked_key(), kMeterPoint);
  ASSERT_TRUE(listing.ok()) << listing.error().what();
  EXPECT_TRUE(listing->listed);
  EXPECT_EQ(listing->envelope.transaction_id, "tid_1");
  EXPECT_EQ(listing->envelope.timestamp, at("2026-03-11T12:00:00Z"));
}

TEST(ReadListing, survives_what_it_need_not_understand) {
  for (const Row& row : std::vector<Row>{
           {"no echo of the meter point", change(R"("mpxn": "1234567890123",)", "")},
           {"a null echo", change(R"("mpxn": "1234567890123",)", R"("mpxn": null,)")},
           {"its own meter point in our row",
            change(kOurAk, std::string(kOurAk) + R"(, "mpxn": "1234567890123")")},
           {"rows of rubbish", change(R"("access-records": [)",
                                      R"("access-records": [null, 7, "ak", [], {}, {"ak": null},
                                         {"ak": "ak_", "AK": 1, "ak": 2},)")},
           {"no timestamp", change(R"("timestamp": "2026-03-11T12:00:00Z",)", "")},
       }) {
    const auto listing = read_listing(row.body, asked_key(), kMeterPoint);
    EXPECT_TRUE(listing.ok() && listing->listed) << row.why;
  }
}

TEST(ReadListing, is_not_fooled_into_listing_a_key) {
  for (const Row& row : std::vector<Row>{
           {"another key", change(kOurAk, R"("ak": "ak_691df0c788ca043403b7fa91")")},
           {"the key in capitals", change(kOurAk, R"("ak": "AK_691DF0C788CA043403B7FA90")")},
           {"the key and more", change(kOurAk, R"("ak": "ak_691df0c788ca043403b7fa90 ")")},
           {"the key under another name", change(kOurAk, R"("AK": "ak_691df0c788ca043403b7fa90")")},
           {"the key deeper down", change(kOurAk, R"("x": {"ak": "ak_691df0c788ca043403b7fa90"})")},
           {"the key as a row",
            change(R"("access-records": [)",
                   R"("access-records": ["ak_691df0c788ca043403b7fa90"], "x": [)")},
           {"no rows", R"({"access-records": []})"},
       }) {
    const auto listing = read_listing(row.body, asked_key(), kMeterPoint);
    ASSERT_TRUE(listing.ok()) << row.why << ": " << listing.error().what();
    EXPECT_FALSE(listing->listed) << row.why;
  }
}

TEST(ReadListing, what_makes_no_sense_is_an_error_without_keys_or_meter_points) {
  const std::string twice = std::string(kOurAk) + ", " + std::string(kOurAk);
  for (const Row& row : std::vector<Row>{
           {"nothing", ""},
           {"HTML", "<html>"},
           {"a list", "[]"},
           {"no list", change(R"("access-records")", R"("records")")},
           {"null for a list", R"({"access-records": null})"},
           {"an object for a list", R"({"access-records": {}})"},
           {"another meter point",
            change(R"("mpxn": "1234567890123")", R"("mpxn": "1234567890124")")},
           {"a number", change(R"("mpxn": "1234567890123")", R"("mpxn": 1234567890123)")},
           {"another meter point in our row",
            change(kOurAk, std::string(kOurAk) + R"(, "mpxn": "2000012345678")")},
           {"our row ambiguous", change(kOurAk, twice)},
           {"our row with a look-alike", change(kOurAk, std::string(kOurAk) + R"(, "MPxN": "1")")},
           {"two lists", change(R"("mpxn": "1234567890123",)", R"("Access-Records": [],)")},
           {"two envelopes", change(R"("mpxn": "1234567890123",)", R"("response": {},)")},
           {"nothing for the auditor", change(R"("transaction-id": "tid_1")", R"("x": 1)")},
       }) {
    const auto listing = read_listing(row.body, asked_key(), kMeterPoint);
    ASSERT_FALSE(listing.ok()) << row.why;
    EXPECT_EQ(listing.error().what().find("691df0"), std::string::npos) << row.why;
    EXPECT_EQ(listing.error().what().find("1234567"), std::string::npos) << row.why;
  }
}

TEST(ReadListing, takes_the_registers_longest_list) {
  std::string rows;
  for (int i = 0; i < 500; ++i) {
    rows +=
        R"({"ak": "ak_000000000000000000000001", "purpose": ")" + std::string(2000, 'x') + "\"},";
  }
  const auto listing = read_listing(
      change(R"("access-records": [)", R"("access-records": [)" + rows), asked_key(), kMeterPoint);
  EXPECT_TRUE(listing.ok() && listing->listed);
}

constexpr std::string_view kActive = R"({
  "response": {"timestamp": "2026-03-11T12:00:00Z", "transaction-id": "tid_2"},
  "data-user": {"duid": "duid_b1b1b1b1b1b1b1b1b1b1b1b1", "display-name": "Bright Energy Ltd",
                "status": "active", "registered-at": "2024-01-10T09:00:00Z", "suspended-at": null,
                "contact-url": null, "data-types-supported": []}})";

TEST(ReadDataUserAnswer, reads_the_published_words_and_takes_all_else_for_other) {
  struct Case {
    std::string_view status;
    DataUserStatus means;
  };
  for (const Case& row :
       {Case{R"("active")", DataUserStatus::active},
        Case{R"("suspended")", DataUserStatus::suspended},
        Case{R"("terminated")", DataUserStatus::terminated},
        Case{R"("ACTIVE")", DataUserStatus::other}, Case{R"("pending")", DataUserStatus::other},
        Case{"null", DataUserStatus::other}, Case{"true", DataUserStatus::other}}) {
    const auto answer =
        read_data_user_answer(edited(kActive, {{R"("active")", row.status}}), kDataUser);
    ASSERT_TRUE(answer.ok()) << row.status;
    EXPECT_TRUE(answer->status == row.means) << row.status;
    EXPECT_EQ(answer->envelope.transaction_id, "tid_2");
  }
}

TEST(ReadDataUserAnswer, what_denies_needs_no_transaction) {
  const Edit no_transaction{R"("transaction-id": "tid_2")", R"("x": 1)"};
  EXPECT_FALSE(read_data_user_answer(edited(kActive, {no_transaction}), kDataUser).ok());
  const auto suspended = read_data_user_answer(
      edited(kActive, {no_transaction, {R"("active")", R"("suspended")"}}), kDataUser);
  EXPECT_TRUE(suspended.ok() && suspended->status == DataUserStatus::suspended);
}

TEST(ReadDataUserAnswer, what_makes_no_sense_is_an_error) {
  const std::string_view status = R"("status": "active")";
  for (const Row& row : std::vector<Row>{
           {"nothing", ""},
           {"no object", edited(kActive, {{R"("data-user")", R"("user")"}})},
           {"null", R"({"data-user": null})"},
           {"another Data User", edited(kActive, {{R"("duid_b1)", R"("duid_c1)"}})},
           {"no name at all", edited(kActive, {{R"("duid_b1b1b1b1b1b1b1b1b1b1b1b1")", "7"}})},
           {"two states",
            edited(kActive, {{status, R"("status": "active", "status": "suspended")"}})},
           {"a look-alike",
            edited(kActive, {{status, R"("status": "active", "Status": "suspended")"}})},
       }) {
    EXPECT_FALSE(read_data_user_answer(row.body, kDataUser).ok()) << row.why;
  }
}

}  // namespace
}  // namespace akgate
