// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "record/knowledge.hpp"
#include "verify_answer.hpp"

namespace akgate {
namespace {

const char* const kEarlier = "2026-11-22T10:00:00Z";
const char* const kLater = "2026-11-22T10:05:00Z";

Knowledge knows(AccessRecord record, std::string_view when = kEarlier, std::string txn = "tid_1") {
  return {.record = std::move(record), .as_of = at(when), .transaction_id = std::move(txn)};
}

Knowledge knows_of_none(std::string_view when = kEarlier) {
  return {.record = std::nullopt, .as_of = at(when), .transaction_id = "tid_404"};
}

AccessRecord in_state(State state) {
  AccessRecord record = good_record();
  record.state = state;
  return record;
}

AccessRecord revoked_by_date() {
  AccessRecord record = good_record();
  record.revoked_at_set = true;
  return record;
}

TEST(IsRevoked, by_state_or_by_date) {
  EXPECT_TRUE(is_revoked(knows(in_state(State::revoked))));
  EXPECT_TRUE(is_revoked(knows(revoked_by_date())));
  EXPECT_FALSE(is_revoked(knows(good_record())));
  EXPECT_FALSE(is_revoked(knows(in_state(State::expired))));
  EXPECT_FALSE(is_revoked(knows_of_none()));
}

TEST(Adopt, I5_revocation_stays_whatever_is_said_later) {
  for (const AccessRecord& revocation : {in_state(State::revoked), revoked_by_date()}) {
    const Knowledge known = knows(revocation, kEarlier, "tid_revoked");
    for (const Knowledge& later :
         {knows(good_record(), kLater), knows(in_state(State::expired), kLater),
          knows(in_state(State::discovered), kLater), knows_of_none(kLater)}) {
      const Knowledge adopted = adopt(&known, later);
      EXPECT_TRUE(adopted.record == revocation);
      EXPECT_EQ(adopted.transaction_id, "tid_revoked");
      EXPECT_EQ(adopted.as_of, at(kLater)) << "asked, so not to be asked again at once";
    }
  }
}

TEST(Adopt, what_was_said_last_holds_otherwise) {
  const Knowledge active = knows(good_record());
  const Knowledge none = knows_of_none();
  const Knowledge revoked = knows(in_state(State::revoked));
  const Knowledge expired = knows(in_state(State::expired));
  for (const Knowledge* known :
       {static_cast<const Knowledge*>(nullptr), &active, &none, &expired}) {
    for (const Knowledge& said : {knows(good_record(), kLater, "tid_2"),
                                  knows(in_state(State::revoked), kLater, "tid_2")}) {
      const Knowledge adopted = adopt(known, said);
      EXPECT_TRUE(adopted.record == said.record);
      EXPECT_EQ(adopted.as_of, at(kLater));
      EXPECT_EQ(adopted.transaction_id, "tid_2");
    }
    EXPECT_FALSE(adopt(known, knows_of_none(kLater)).record);
  }
  const Knowledge again = adopt(&revoked, knows(revoked_by_date(), kLater, "tid_2"));
  EXPECT_TRUE(again.record == revoked_by_date()) << "a newer word on the same revocation";
  EXPECT_EQ(again.transaction_id, "tid_2");
}

// What the register may say after it said "active until November 2027 for two types".
struct Difference {
  const char* what;
  std::function<void(AccessRecord&)> make;
  bool takes_away;
};

TEST(TakesAway, I5_every_change_but_a_later_end_is_bad_news) {
  using Record = AccessRecord;
  const std::vector<Difference> rows = {
      {"nothing", [](Record&) {}, false},
      {"a later end", [](Record& r) { r.expiry.at += std::chrono::milliseconds(1); }, false},
      {"no end", [](Record& r) { r.expiry = Expiry::never(); }, false},
      {"an earlier end", [](Record& r) { r.expiry.at -= std::chrono::milliseconds(1); }, true},
      {"expired", [](Record& r) { r.state = State::expired; }, true},
      {"revoked", [](Record& r) { r.state = State::revoked; }, true},
      {"a date of revocation", [](Record& r) { r.revoked_at_set = true; }, true},
      {"discovered", [](Record& r) { r.state = State::discovered; }, true},
      {"no state", [](Record& r) { r.state = State::missing; }, true},
      {"an unknown state", [](Record& r) { r.state = State::other; }, true},
      {"incomplete", [](Record& r) { r.complete = false; }, true},
      {"a type less", [](Record& r) { r.data_types = data_types({"HH-EXPORT"}); }, true},
      {"another type",
       [](Record& r) {
         r.data_types = data_types({"HH-EXPORT", "X"});
       },
       true},
      {"a type more", [](Record& r) { ASSERT_TRUE(r.data_types.add("X")); }, true},
      {"no type", [](Record& r) { r.data_types = DataTypes(); }, true},
      {"a basis with longer grace", [](Record& r) { r.legal_basis = LegalBasis::uk_contract; },
       true},
      {"an unknown basis", [](Record& r) { r.legal_basis = LegalBasis::other; }, true},
      {"no consent", [](Record& r) { r.consent_type = ConsentType::missing; }, true},
      {"joint", [](Record& r) { r.arrangement = Arrangement::joint; }, true},
      {"another controller", [](Record& r) { r.controllers = {"Grid Ltd"}; }, true},
      {"a controller more", [](Record& r) { r.controllers.emplace_back("Grid Ltd"); }, true},
      {"no lead", [](Record& r) { r.lead.reset(); }, true},
      {"no assessment", [](Record& r) { r.lead_has_lia_reference = false; }, true},
      {"no statute", [](Record& r) { r.lead_has_statutory_reference = false; }, true},
      {"another meter point", [](Record& r) { r.identity_record_ref.back() = '0'; }, true},
      {"another Data User", [](Record& r) { r.duid = "duid_2"; }, true},
  };
  const Knowledge known = knows(good_record());
  for (const Difference& row : rows) {
    Knowledge said = knows(good_record(), kLater, "tid_2");
    row.make(*said.record);
    EXPECT_EQ(takes_away(&known, said), row.takes_away) << row.what;
  }
  EXPECT_TRUE(takes_away(&known, knows_of_none(kLater))) << "no such record";
}

TEST(TakesAway, an_end_is_earlier_than_none) {
  AccessRecord endless = good_record();
  endless.expiry = Expiry::never();
  const Knowledge known = knows(endless);
  EXPECT_TRUE(takes_away(&known, knows(good_record(), kLater)));
  EXPECT_FALSE(takes_away(&known, knows(endless, kLater)));
}

TEST(TakesAway, what_was_never_granted_cannot_be_taken_away) {
  AccessRecord incomplete = good_record();
  incomplete.complete = false;
  const std::vector<Knowledge> nothing_granted = {
      knows_of_none(),          knows(in_state(State::revoked)),    knows(in_state(State::expired)),
      knows(revoked_by_date()), knows(in_state(State::discovered)), knows(incomplete)};
  for (const Knowledge& said : {knows_of_none(kLater), knows(in_state(State::revoked), kLater),
                                knows(good_record(), kLater)}) {
    EXPECT_FALSE(takes_away(nullptr, said));
    for (const Knowledge& known : nothing_granted) EXPECT_FALSE(takes_away(&known, said));
  }
}

TEST(TakesAway, an_active_record_past_its_end_still_counts_as_granted) {
  AccessRecord ended = good_record();
  ended.expiry = Expiry::at_instant(at("2020-01-01T00:00:00Z"));
  const Knowledge known = knows(ended);
  EXPECT_TRUE(takes_away(&known, knows(in_state(State::revoked), kLater)));
}

}  // namespace
}  // namespace akgate
