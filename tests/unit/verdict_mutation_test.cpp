// SPDX-License-Identifier: Apache-2.0
//
// I1 from the outside: a good answer, spoilt in every place and every way, never permits anything
// that it did not permit before.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "verdict_fixture.hpp"

namespace akgate {
namespace {

// A policy that looks at as much as it can.
Policy strict_policy() {
  Policy policy;
  policy.controllers = {"Bright Energy Ltd"};
  policy.legal_bases = {LegalBasis::uk_consent};
  return policy;
}

Question strict_question() {
  Question question = good_question();
  question.controller = "Bright Energy Ltd";
  return question;
}

Verdict strict_verdict(std::string_view body) {
  return verdict_on(body, strict_question(), strict_policy());
}

std::string name_of(std::string_view member) {
  return std::string(member.substr(1, member.find('"', 1) - 1));
}

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

// How a member that is read may be spoilt. Its text names it: where it begins in a good answer.
struct Spoilt {
  std::string how;
  std::string body;
};

std::vector<Spoilt> spoil(std::string_view good, std::string_view member) {
  const std::string name = name_of(member);
  const std::string rest(member.substr(name.size() + 2));
  std::vector<Spoilt> all;
  const auto become = [&](std::string how, const std::string& text) {
    all.push_back({std::move(how), edited(good, {{member, text}})});
  };
  become("removed", "\"x\"" + rest);
  become("other case", "\"" + upper_case(name) + "\"" + rest);
  become("null", "\"" + name + "\": null, \"x\"" + rest);
  for (const char* value :
       {"7", "true", "false", "\"word\"", "\"\"", "[]", "{}", "[[]]", "{\"x\": 1}"}) {
    become(std::string("became ") + value, "\"" + name + "\": " + value + ", \"x\"" + rest);
    become(std::string("twice, first ") + value,
           "\"" + name + "\": " + value + ", \"" + name + "\"" + rest);
    become(std::string("beside other case ") + value,
           "\"" + upper_case(name) + "\": " + value + ", \"" + name + "\"" + rest);
  }
  return all;
}

struct Member {
  std::string_view text;
  std::vector<std::string> harmless;  ///< The ways of spoiling that leave it good.
};

TEST(Mutation, I1_no_member_that_is_read_can_be_spoilt_into_an_allowance) {
  const std::vector<Member> members = {
      {R"("response": {)", {}},
      {R"("transaction-id": )", {"became \"word\""}},  // Any word can be shown to the auditor.
      {R"("access-record": {)", {}},
      {R"("record-metadata": {)", {}},
      {R"("controller-arrangement": {)", {}},
      {R"("controllers": [)", {}},
      {R"("name": "Bright)", {}},
      {R"("processing": {)", {}},
      {R"("legal-basis": )", {}},
      {R"("data-types": )", {}},
      {R"("access-event": {)", {}},
      {R"("state": )", {}},
      {R"("expiry": )", {"null"}},  // No end.
      {R"("consent": {)", {}},
      {R"("consent-type": )", {}},
      // What need not be there, but must not be wrong.
      {R"("revoked-at": )", {"removed", "null"}},
      {R"("record-identifier": )", {"removed", "null"}},
  };
  ASSERT_TRUE(strict_verdict(kGoodAnswer).allows());
  for (const Member& member : members) {
    for (const Spoilt& spoilt : spoil(kGoodAnswer, member.text)) {
      const bool harmless = std::find(member.harmless.begin(), member.harmless.end(), spoilt.how) !=
                            member.harmless.end();
      EXPECT_EQ(strict_verdict(spoilt.body).allows(), harmless) << member.text << spoilt.how;
    }
  }
}

TEST(Mutation, I1_nor_can_a_reference_that_a_basis_needs) {
  struct Row {
    std::string_view basis;
    std::string_view member;
  };
  for (const Row& row : {Row{R"("uk-legitimate-interests")", R"("lia-reference": )"},
                         Row{R"("uk-public-task")", R"("statutory-reference": )"},
                         Row{R"("uk-legal-obligation")", R"("statutory-reference": )"}}) {
    const std::string good = edited(kGoodAnswer, {{R"("uk-consent")", row.basis}});
    ASSERT_TRUE(verdict_on(good, good_question(), {}).allows()) << row.basis;
    for (const Spoilt& spoilt : spoil(good, row.member)) {
      EXPECT_EQ(verdict_on(spoilt.body, good_question(), {}).allows(),
                spoilt.how == "became \"word\"")
          << row.member << spoilt.how;
    }
  }
}

TEST(Mutation, I1_nor_can_the_role_of_the_lead_in_a_joint_arrangement) {
  const std::string good =
      edited(kGoodAnswer, {{R"("arrangement-type": "sole")", R"("arrangement-type": "joint")"}});
  ASSERT_TRUE(strict_verdict(good).allows());
  for (const Spoilt& spoilt : spoil(good, R"("role": "sole")")) {
    const bool without_role = spoilt.how == "removed" || spoilt.how == "null";
    EXPECT_EQ(strict_verdict(spoilt.body).allows(), without_role) << spoilt.how;
  }
}

// That a body, if it permits at all, reads as nothing more than the good answer. Left out is what
// no reader can check (the date of the end, identity reference, Data User), and what only makes
// stricter: joint, no lead, no references.
void expect_no_more_than_the_good_answer(std::string_view body) {
  if (!strict_verdict(body).allows()) return;
  const Result<VerifyAnswer> answer = read_verify_answer(body, asked_key());
  ASSERT_TRUE(answer.ok());
  AccessRecord expected = good_record();
  AccessRecord record = answer->record;
  record.expiry = expected.expiry;
  record.identity_record_ref = expected.identity_record_ref;
  record.duid = expected.duid;
  if (!record.lead_has_lia_reference) expected.lead_has_lia_reference = false;
  if (!record.lead_has_statutory_reference) expected.lead_has_statutory_reference = false;
  if (!record.lead) expected.lead.reset();
  if (record.arrangement == Arrangement::joint) expected.arrangement = Arrangement::joint;
  ASSERT_TRUE(record == expected) << body;
}

TEST(Mutation, I1_no_flipped_bit_widens_anything) {
  std::string body(kGoodAnswer);
  for (char& c : body) {
    const char original = c;
    for (int bit = 0; bit < 8; ++bit) {
      c = static_cast<char>(original ^ (1 << bit));
      expect_no_more_than_the_good_answer(body);
    }
    c = original;
  }
}

TEST(Mutation, I1_no_byte_lost_doubled_or_replaced_widens_anything) {
  for (std::size_t i = 0; i < kGoodAnswer.size(); ++i) {
    std::string body(kGoodAnswer);
    body.erase(i, 1);
    expect_no_more_than_the_good_answer(body);
    body.insert(i, 2, kGoodAnswer[i]);
    expect_no_more_than_the_good_answer(body);
    for (const char c : std::string_view("\0\"\\}, ", 6)) {
      body = kGoodAnswer;
      body[i] = c;
      expect_no_more_than_the_good_answer(body);
    }
  }
}

TEST(Mutation, I1_no_part_of_an_answer_is_an_answer) {
  for (std::size_t i = 0; i < kGoodAnswer.size(); ++i) {
    EXPECT_FALSE(read_verify_answer(kGoodAnswer.substr(0, i), asked_key()).ok()) << i;
    if (i > 0) {
      EXPECT_FALSE(read_verify_answer(kGoodAnswer.substr(i), asked_key()).ok()) << i;
    }
  }
}

}  // namespace
}  // namespace akgate
