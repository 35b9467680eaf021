// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "record/access_key.hpp"
#include "record/access_record.hpp"
#include "record/data_types.hpp"
#include "record/mpxn.hpp"
#include "verify_answer.hpp"

namespace akgate {
namespace {

TEST(AccessKey, is_exactly_the_published_form) {
  const auto key = AccessKey::parse("ak_691df0c788ca043403b7fa90");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->reveal().reveal(), "ak_691df0c788ca043403b7fa90");
  EXPECT_TRUE(AccessKey::from_bytes(key->reveal_bytes()) == *key);
  EXPECT_FALSE(AccessKey::parse("ak_691df0c788ca043403b7fa91") == *key);
}

TEST(AccessKey, anything_else_is_none) {
  for (const std::string_view bad : {
           "",
           "ak_",
           "691df0c788ca043403b7fa90",
           "ak_691df0c788ca043403b7fa9",
           "ak_691df0c788ca043403b7fa900",
           "ak_691DF0C788CA043403B7FA90",
           "AK_691df0c788ca043403b7fa90",
           "ir_691df0c788ca043403b7fa90",
           "ak-691df0c788ca043403b7fa90",
           "ak_691df0c788ca043403b7fa9g",
           " ak_691df0c788ca043403b7fa90",
           "ak_691df0c788ca043403b7fa90 ",
           "ak_691df0c788ca043403b7fa90\n",
           "ak_691df0c788ca043403b7fa/0",
           "ak_../691df0c788ca043403b7f",
       }) {
    EXPECT_FALSE(AccessKey::parse(bad)) << bad;
  }
  EXPECT_FALSE(AccessKey::parse(std::string_view("ak_691df0c788ca043403b7fa90\0", 28)));
}

TEST(Mpxn, takes_the_published_pattern_or_an_industry_number) {
  for (const std::string_view good : {
           "1234567890123",  // The published example, 13 digits, which the published pattern
                             // refuses.
           "1200023305967",  // An MPAN core.
           "123456",         // The shortest MPRN.
           "1234567890",
           "AB12345678",
           "Z91234567890",
           "0012345678",
           "12345678901",
       }) {
    const auto mpxn = Mpxn::parse(good);
    ASSERT_TRUE(mpxn) << good;
    EXPECT_EQ(mpxn->text(), good);
  }
}

TEST(Mpxn, keeps_rubbish_and_anything_that_could_change_a_url_out) {
  for (const std::string_view bad : {
           "",
           "12345",
           "12345678901234",
           "AB1234567",
           "AB12345678901",
           "IB12345678",
           "AO12345678",
           "QA12345678",
           "ab12345678",
           "ABC2345678",
           "12345678/..",
           "1234567890?",
           "1234567890%20",
           " 123456",
           "123456 ",
           "1234567890\n",
           "12-345-67-890",
           "١٢٣٤٥٦",
       }) {
    EXPECT_FALSE(Mpxn::parse(bad)) << bad;
  }
  EXPECT_FALSE(Mpxn::parse(std::string_view("123456\0", 7)));
}

TEST(DataTypes, is_a_set_matched_letter_by_letter) {
  const DataTypes types = data_types({"HH-EXPORT", "HH-CONSUMPTION", "SOLAR-1S", "HH-EXPORT"});
  EXPECT_EQ(types.sorted(), (std::vector<std::string>{"HH-CONSUMPTION", "HH-EXPORT", "SOLAR-1S"}));
  EXPECT_TRUE(types.contains("SOLAR-1S"));
  for (const std::string_view other : {"", "HH", "hh-export", "HH-EXPORT ", "HH-*", "HH-EXPORTS"}) {
    EXPECT_FALSE(types.contains(other)) << other;
  }
}

TEST(DataTypes, covers_means_every_single_one) {
  const DataTypes both = data_types({"A", "B"});
  EXPECT_TRUE(both.covers(both));
  EXPECT_TRUE(both.covers(data_types({"B"})));
  EXPECT_FALSE(both.covers(data_types({"B", "C"})));
  EXPECT_FALSE(DataTypes().covers(data_types({"A"})));
  EXPECT_TRUE(DataTypes().covers(DataTypes()));
  EXPECT_TRUE(both.intersects(data_types({"B", "C"})));
  EXPECT_FALSE(both.intersects(data_types({"C"})));
  EXPECT_FALSE(both.intersects(DataTypes()));
}

TEST(DataTypes, is_bounded) {
  DataTypes types;
  EXPECT_FALSE(types.add(""));
  EXPECT_FALSE(types.add(std::string(DataTypes::kMaxLength + 1, 'X')));
  EXPECT_TRUE(types.add(std::string(DataTypes::kMaxLength, 'X')));
  for (std::size_t i = 1; i < DataTypes::kMaxTypes; ++i) {
    EXPECT_TRUE(types.add("T" + std::to_string(i)));
  }
  EXPECT_FALSE(types.add("ONE-MORE"));
  EXPECT_TRUE(types.add("T1")) << "what is in already needs no room";
  EXPECT_EQ(types.sorted().size(), DataTypes::kMaxTypes);
}

TEST(LegalBasis, is_spelt_as_the_register_spells_it) {
  for (const std::string_view word :
       {"uk-consent", "uk-explicit-consent", "uk-legitimate-interests", "uk-public-task",
        "uk-legal-obligation", "uk-contract"}) {
    const auto basis = parse_legal_basis(word);
    ASSERT_TRUE(basis) << word;
    EXPECT_EQ(to_string(*basis), word);
  }
  for (const std::string_view word : {"", "UK-CONSENT", "uk-consent ", "consent", "other"}) {
    EXPECT_FALSE(parse_legal_basis(word)) << word;
  }
}

TEST(State, is_spelt_as_the_register_spells_it) {
  for (const std::string_view word : {"ACTIVE", "EXPIRED", "REVOKED", "DISCOVERED"}) {
    EXPECT_EQ(to_string(parse_state(word)), word);
    EXPECT_NE(parse_state(word), State::other);
  }
  for (const std::string_view word : {"", "active", "Active", "ACTIVE ", "SUSPENDED"}) {
    EXPECT_EQ(parse_state(word), State::other) << word;
  }
}

TEST(Expiry, I2_has_passed_at_the_instant_itself) {
  const Timestamp end = at("2027-11-10T17:07:01.580Z");
  EXPECT_FALSE(Expiry::at_instant(end).passed(end - std::chrono::milliseconds(1)));
  EXPECT_TRUE(Expiry::at_instant(end).passed(end));
  EXPECT_FALSE(Expiry::never().passed(at("9999-12-31T23:59:59Z")));
  EXPECT_FALSE(Expiry().passed(at("9999-12-31T23:59:59Z"))) << "missing is not past";
}

TEST(DeniesByItself, is_what_needs_no_completeness) {
  const Timestamp now = at("2026-11-22T10:00:00Z");
  AccessRecord record;
  EXPECT_TRUE(denies_by_itself(record, now)) << "no state";
  for (const State state : {State::expired, State::revoked, State::discovered, State::other}) {
    record.state = state;
    EXPECT_TRUE(denies_by_itself(record, now));
  }
  record.state = State::active;
  EXPECT_FALSE(denies_by_itself(record, now)) << "incomplete is no denial of its own";
  record.expiry = Expiry::at_instant(now);
  EXPECT_TRUE(denies_by_itself(record, now));
  EXPECT_FALSE(denies_by_itself(record, now - std::chrono::milliseconds(1)));
  record.expiry = Expiry::never();
  record.revoked_at_set = true;
  EXPECT_TRUE(denies_by_itself(record, now));
}

}  // namespace
}  // namespace akgate
