// SPDX-License-Identifier: Apache-2.0
//
// Checklist items 7 and 8: the Data User behind a record, and the meter point that its key opens.
#include <gtest/gtest.h>

#include <vector>

#include "verdict_fixture.hpp"

namespace akgate {
namespace {

using namespace std::chrono_literals;

constexpr const char* kHome = "1234567890123";
constexpr const char* kElsewhere = "2000012345678";

/// The good record, confirmed this very moment, with everything that could be proven beside it.
struct Scene {
  AccessRecord record = good_record();
  Question question = good_question();
  Policy policy = default_policy();
  Present present{.now = now()};
  std::chrono::milliseconds record_age{0};
  Standing record_standing = Standing::answers;
  std::optional<Binding> binding = Binding{.mpxn = *Mpxn::parse(kHome),
                                           .word = Binding::Word::listed,
                                           .identity_record_ref = good_record().identity_record_ref,
                                           .as_of = now() - 1min,
                                           .transaction_id = "tid_b"};
  Standing binding_standing = Standing::answers;
  std::optional<DataUserStanding> data_user = DataUserStanding{
      .status = DataUserStatus::active, .as_of = now() - 2min, .transaction_id = "tid_d"};
  Standing data_user_standing = Standing::answers;

  Scene() {
    question.mpxn = kHome;
    question.duid = "duid_b1b1b1b1b1b1b1b1b1b1b1b1";
    policy.has_account = true;
  }

  [[nodiscard]] Verdict verdict() const {
    const Knowledge known = knowledge_of(record, record_age);
    return judge(
        {.record = {.known = &known, .standing = record_standing},
         .binding = {.known = binding ? &*binding : nullptr, .standing = binding_standing},
         .data_user = {.known = data_user ? &*data_user : nullptr, .standing = data_user_standing}},
        question, policy, present);
  }
  [[nodiscard]] Inquiries inquiries() const {
    const Knowledge known = knowledge_of(record, record_age);
    return what_to_ask(
        {.record = {.known = &known, .standing = record_standing},
         .binding = {.known = binding ? &*binding : nullptr, .standing = binding_standing},
         .data_user = {.known = data_user ? &*data_user : nullptr, .standing = data_user_standing}},
        question, policy, present);
  }
};

struct ProofRow {
  const char* why;
  std::function<void(Scene&)> make;
  Reason reason;
  const char* asks;  ///< `r` record, `m` meter point, `d` Data User.
};

std::string letters(const Inquiries& inquiries) {
  return std::string(inquiries.record ? "r" : "") + (inquiries.meter_point ? "m" : "") +
         (inquiries.data_user ? "d" : "");
}

TEST(ProofRules, I1_each_proof_is_demanded_and_asked_for) {
  using Word = Binding::Word;
  const std::vector<ProofRow> rows = {
      {"all proven", [](Scene&) {}, Reason::active, ""},
      {"no binding", [](Scene& s) { s.binding.reset(); }, Reason::mpxn_unverified, "m"},
      {"bound elsewhere", [](Scene& s) { s.question.mpxn = kElsewhere; }, Reason::mpxn_mismatch,
       ""},
      {"bound elsewhere, long ago",
       [](Scene& s) {
         s.question.mpxn = kElsewhere;
         s.binding->as_of = now() - 16min;
       },
       Reason::mpxn_mismatch, "m"},
      {"not listed here", [](Scene& s) { s.binding->word = Word::not_listed; },
       Reason::mpxn_mismatch, "m"},
      {"not listed elsewhere",
       [](Scene& s) {
         s.question.mpxn = kElsewhere;
         s.binding->word = Word::not_listed;
       },
       Reason::mpxn_unverified, "m"},
      {"for another identity record", [](Scene& s) { s.binding->identity_record_ref = "ir_other"; },
       Reason::mpxn_unverified, "m"},
      {"by the operator, ages ago",
       [](Scene& s) {
         s.binding->word = Word::by_operator;
         s.binding->as_of = now() - 10000h;
       },
       Reason::active, ""},
      {"by the operator, elsewhere",
       [](Scene& s) {
         s.question.mpxn = kElsewhere;
         s.binding->word = Word::by_operator;
       },
       Reason::mpxn_mismatch, ""},
      {"by the operator, for another identity record",
       [](Scene& s) {
         s.binding->word = Word::by_operator;
         s.binding->identity_record_ref = "ir_other";
       },
       Reason::mpxn_unverified, "m"},
      {"by the operator, before the record was known",
       [](Scene& s) {
         s.binding->word = Word::by_operator;
         s.binding->identity_record_ref.reset();
       },
       Reason::mpxn_unverified, "m"},
      {"a record without an identity record",
       [](Scene& s) {
         s.record.identity_record_ref.clear();
         s.binding->identity_record_ref = "";
       },
       Reason::mpxn_unverified, "m"},
      {"no account to ask with",
       [](Scene& s) {
         s.binding.reset();
         s.policy.has_account = false;
       },
       Reason::mpxn_unverified, ""},
      {"no longer fresh", [](Scene& s) { s.binding->as_of = now() - 15min; }, Reason::stale, "m"},
      {"refused", [](Scene& s) { s.binding_standing = Standing::refused; }, Reason::mpxn_unverified,
       ""},
      {"made no sense", [](Scene& s) { s.binding_standing = Standing::malformed; },
       Reason::mpxn_unverified, ""},
      {"within grace",
       [](Scene& s) {
         s.binding->as_of = now() - 5h;
         s.binding_standing = Standing::silent;
       },
       Reason::active, ""},
      {"beyond the record's grace",
       [](Scene& s) {
         s.binding->as_of = now() - 24h;
         s.binding_standing = Standing::silent;
       },
       Reason::mpxn_unverified, ""},
      {"in trouble of its own",
       [](Scene& s) {
         s.binding->as_of = now() - 16min;
         s.binding_standing = Standing::silent_for_key;
       },
       Reason::mpxn_unverified, ""},
      {"an untrusted clock",
       [](Scene& s) {
         s.present.clock_trusted = false;
         s.record_standing = Standing::answered_now;
         s.record.expiry = Expiry::never();
       },
       Reason::clock_untrusted, "md"},
      {"mode=fresh and not asked yet",
       [](Scene& s) {
         s.question.mode = Mode::fresh;
         s.record_standing = Standing::answered_now;
       },
       Reason::mpxn_unverified, "md"},
      {"mode=fresh and all answered now",
       [](Scene& s) {
         s.question.mode = Mode::fresh;
         s.record_standing = s.binding_standing = s.data_user_standing = Standing::answered_now;
       },
       Reason::active, ""},
      {"required and not given",
       [](Scene& s) {
         s.policy.mpxn = Demand::required;
         s.question.mpxn.reset();
       },
       Reason::mpxn_unverified, ""},
      {"not given", [](Scene& s) { s.question.mpxn.reset(); }, Reason::active, ""},
      {"the policy does not look",
       [](Scene& s) {
         s.policy.mpxn = s.policy.data_user = Demand::off;
         s.question.mpxn.reset();
         s.question.duid.reset();
         s.binding.reset();
         s.data_user.reset();
       },
       Reason::active, ""},
      {"named before the policy stopped looking at meter points",
       [](Scene& s) { s.policy.mpxn = Demand::off; }, Reason::mpxn_unverified, ""},
      {"named before the policy stopped looking at Data Users",
       [](Scene& s) { s.policy.data_user = Demand::off; }, Reason::data_user_unverified, ""},
      {"no word of the Data User", [](Scene& s) { s.data_user.reset(); },
       Reason::data_user_unverified, "d"},
      {"suspended", [](Scene& s) { s.data_user->status = DataUserStatus::suspended; },
       Reason::data_user_suspended, ""},
      {"terminated, long ago",
       [](Scene& s) {
         s.data_user->status = DataUserStatus::terminated;
         s.data_user->as_of = now() - 1000h;
       },
       Reason::data_user_terminated, "d"},
      {"unknown, more than a minute ago",
       [](Scene& s) { s.data_user->status = DataUserStatus::unknown; }, Reason::data_user_unknown,
       "d"},
      {"of a kind we do not know", [](Scene& s) { s.data_user->status = DataUserStatus::other; },
       Reason::data_user_unverified, ""},
      {"neither is proven: the first of the list",
       [](Scene& s) {
         s.binding.reset();
         s.data_user.reset();
       },
       Reason::mpxn_unverified, "md"},
      {"wrong meter point, wrong Data User",
       [](Scene& s) {
         s.question.mpxn = kElsewhere;
         s.record.duid = "duid_other";
       },
       Reason::mpxn_mismatch, ""},
      {"a record that denies is enough", [](Scene& s) { s.record.state = State::revoked; },
       Reason::revoked, ""},
      {"a record out of date comes first", [](Scene& s) { s.record_age = 15min; }, Reason::stale,
       "r"},
  };
  for (const ProofRow& row : rows) {
    Scene scene;
    row.make(scene);
    EXPECT_EQ(scene.verdict().reason, row.reason) << row.why;
    EXPECT_EQ(letters(scene.inquiries()), row.asks) << row.why;
  }
}

TEST(ProofRules, of_several_parts_the_oldest_the_least_and_the_transactions_of_all) {
  Scene scene;
  scene.record.expiry = Expiry::never();
  const Verdict verdict = scene.verdict();
  EXPECT_EQ(verdict.reason, Reason::active);
  EXPECT_EQ(verdict.age, 2min);
  EXPECT_EQ(verdict.good_for, 13min);
  EXPECT_EQ(verdict.transaction_id, "tid_1,tid_b,tid_d");
  EXPECT_EQ(verdict.source, Source::cache);

  scene.binding->as_of = now() - 1h;
  scene.binding_standing = Standing::silent;
  EXPECT_EQ(scene.verdict().source, Source::grace);
  EXPECT_EQ(scene.verdict().good_for, 0ms);
  EXPECT_EQ(scene.verdict().age, 1h);

  scene.binding->word = Binding::Word::by_operator;
  EXPECT_EQ(scene.verdict().age, 2min) << "the operator's word has no age";
  EXPECT_EQ(scene.verdict().transaction_id, "tid_1,tid_d");
}

}  // namespace
}  // namespace akgate
