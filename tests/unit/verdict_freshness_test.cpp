// SPDX-License-Identifier: Apache-2.0
//
// How long what was learnt may be used, by what the register does (I2 to I4).
#include <gtest/gtest.h>

#include <optional>
#include <string_view>
#include <vector>

#include "verdict_fixture.hpp"

namespace akgate {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

AccessRecord contract() {
  AccessRecord record = good_record();
  record.legal_basis = LegalBasis::uk_contract;
  return record;
}

struct AgeRow {
  const char* why;
  AccessRecord record;
  milliseconds age;
  Standing standing;
  Reason reason;
  Source source;
  milliseconds good_for;
};

void expect_verdicts(const std::vector<AgeRow>& rows) {
  for (const AgeRow& row : rows) {
    const Verdict verdict = judged(knowledge_of(row.record, row.age), row.standing);
    EXPECT_EQ(verdict.reason, row.reason) << row.why;
    EXPECT_EQ(verdict.source, row.source) << row.why;
    EXPECT_EQ(verdict.age, row.age) << row.why;
    EXPECT_EQ(verdict.good_for, row.good_for) << row.why;
    EXPECT_GE(verdict.steady_for, row.good_for) << row.why;
    EXPECT_EQ(verdict.at, now()) << row.why;
    EXPECT_TRUE(verdict.expiry == row.record.expiry) << row.why;
    EXPECT_EQ(verdict.transaction_id, "tid_1") << row.why;
  }
}

TEST(Freshness, I3_while_the_register_answers_no_allowance_is_older_than_fresh_for) {
  const AccessRecord good = good_record();
  using enum Standing;
  expect_verdicts({
      {"just now", good, 0ms, answered_now, Reason::active, Source::register_, 15min},
      {"a slow answer", good, 5s, answered_now, Reason::active, Source::register_, 15min - 5s},
      {"from memory", good, 41s, answers, Reason::active, Source::cache, 15min - 41s},
      {"the last moment", good, 15min - 1ms, answers, Reason::active, Source::cache, 1ms},
      {"the first too late", good, 15min, answers, Reason::stale, Source::cache, 0ms},
      {"a day old", good, 24h, answers, Reason::stale, Source::cache, 0ms},
  });
}

TEST(Freshness, I4_while_it_does_not_none_is_older_than_the_grace_of_its_basis) {
  const AccessRecord good = good_record();
  using enum Standing;
  expect_verdicts({
      {"still fresh", good, 41s, silent, Reason::active, Source::cache, 15min - 41s},
      {"no longer", good, 15min, silent, Reason::active, Source::grace, 0ms},
      {"consent, the last moment", good, 6h - 1ms, silent, Reason::active, Source::grace, 0ms},
      {"consent, the first too late", good, 6h, silent, Reason::stale, Source::cache, 0ms},
      {"contract, 6 h", contract(), 6h, silent, Reason::active, Source::grace, 0ms},
      {"contract, the last", contract(), 24h - 1ms, silent, Reason::active, Source::grace, 0ms},
      {"contract, too late", contract(), 24h, silent, Reason::stale, Source::cache, 0ms},
      {"trouble with this key alone", good, 15min, silent_for_key, Reason::stale, Source::cache,
       0ms},
      {"that key, still fresh", good, 41s, silent_for_key, Reason::active, Source::cache,
       15min - 41s},
      {"refused, however fresh", good, 0ms, refused, Reason::register_refused, Source::cache, 0ms},
      {"rubbish, however fresh", good, 0ms, malformed, Reason::register_malformed, Source::cache,
       0ms},
  });
}

TEST(Freshness, I4_zero_is_none_and_never_for_ever) {
  struct Case {
    const char* why;
    milliseconds fresh_for;
    milliseconds grace;
    std::optional<milliseconds> grace_of_consent;
    milliseconds age;
    Reason reason;
  };
  for (const Case& row : {
           Case{"no grace", 15min, 0ms, {}, 15min, Reason::stale},
           Case{"no grace, but fresh", 15min, 0ms, {}, 15min - 1ms, Reason::active},
           Case{"no grace for consent", 15min, 24h, 0ms, 15min, Reason::stale},
           Case{"grace for consent alone", 15min, 0ms, 1h, 1h - 1ms, Reason::active},
           Case{"never fresh, no grace", 0ms, 0ms, {}, 0ms, Reason::stale},
           Case{"never fresh, but grace", 0ms, 1h, {}, 0ms, Reason::active},
       }) {
    Policy policy;
    policy.freshness.fresh_for = row.fresh_for;
    policy.freshness.grace = row.grace;
    policy.freshness.grace_by_legal_basis[static_cast<std::size_t>(LegalBasis::uk_consent)] =
        row.grace_of_consent;
    const Knowledge known = knowledge_of(good_record(), row.age);
    EXPECT_EQ(judged(known, Standing::silent, policy).reason, row.reason) << row.why;
  }
}

TEST(Freshness, never_fresh_means_asked_each_time_and_still_answered) {
  Policy policy;
  policy.freshness.fresh_for = 0ms;
  const Verdict verdict = judged(knowledge_of(good_record()), Standing::answered_now, policy);
  EXPECT_EQ(verdict.reason, Reason::active);
  EXPECT_EQ(verdict.good_for, 0ms);
}

TEST(Freshness, I2_no_allow_at_expiry) {
  using enum Standing;
  expect_verdicts({
      {"1 ms before, asked", ending(1ms), 0ms, answered_now, Reason::active, Source::register_,
       1ms},
      {"1 ms before, from memory", ending(1ms), 1min, answers, Reason::active, Source::cache, 1ms},
      {"1 ms before, under grace", ending(1ms), 1h, silent, Reason::active, Source::grace, 0ms},
      {"at it, asked", ending(0ms), 0ms, answered_now, Reason::expired, Source::register_, 15min},
      {"at it, from memory", ending(0ms), 1min, answers, Reason::expired, Source::cache, 0ms},
      {"at it, under grace", ending(0ms), 1h, silent, Reason::expired, Source::grace, 0ms},
      {"long after", ending(-1h), 1min, answers, Reason::expired, Source::cache, 14min},
  });
}

TEST(Freshness, an_answer_is_good_until_it_ages_or_the_record_ends) {
  using enum Standing;
  expect_verdicts({
      {"ages first", ending(20min), 1min, answers, Reason::active, Source::cache, 14min},
      {"ends first", ending(5min), 1min, answers, Reason::active, Source::cache, 5min},
      {"a denial ages", in_state(State::other), 1min, answers, Reason::not_active, Source::cache,
       14min},
      {"a denial whose record ends",
       [] {
         AccessRecord record = ending(5min);
         record.data_types = data_types({"X"});
         return record;
       }(),
       1min, answers, Reason::data_type_not_covered, Source::cache, 5min},
  });
}

TEST(Freshness, a_denial_that_stands_keeps_its_reason_however_old_it_is) {
  using enum Standing;
  const AccessRecord revoked = in_state(State::revoked);
  const AccessRecord expired = in_state(State::expired);
  const AccessRecord discovered = in_state(State::discovered);
  expect_verdicts({
      {"revoked", revoked, 41s, answers, Reason::revoked, Source::cache, 3559s},
      {"revoked, a year ago", revoked, 8760h, answers, Reason::revoked, Source::cache, 0ms},
      {"revoked, a year ago, offline", revoked, 8760h, silent, Reason::revoked, Source::cache, 0ms},
      {"revoked, within grace", revoked, 2h, silent, Reason::revoked, Source::cache, 0ms},
      {"revoked, register refuses", revoked, 41s, refused, Reason::revoked, Source::cache, 3559s},
      {"revoked, register babbles", revoked, 41s, malformed, Reason::revoked, Source::cache, 3559s},
      {"expired", expired, 41s, answers, Reason::expired, Source::cache, 3559s},
      {"discovered", discovered, 41s, answers, Reason::discovered, Source::cache, 15min - 41s},
      {"discovered, old", discovered, 1h, answers, Reason::discovered, Source::cache, 0ms},
      {"discovered, offline", discovered, 1h, silent, Reason::discovered, Source::grace, 0ms},
  });
}

TEST(Freshness, no_such_record_is_believed_for_its_own_time) {
  struct Case {
    milliseconds age;
    Standing standing;
    Source source;
    milliseconds good_for;
  };
  using enum Standing;
  for (const Case& row : {
           Case{0ms, answered_now, Source::register_, 1min},
           Case{20s, answers, Source::cache, 40s},
           Case{1min, answers, Source::cache, 0ms},
           Case{20s, silent, Source::cache, 40s},
           Case{1min, silent, Source::grace, 0ms},
           Case{24h, silent, Source::cache, 0ms},
       }) {
    const Verdict verdict = judged(no_such_record(row.age), row.standing);
    EXPECT_EQ(verdict.reason, Reason::not_found);
    EXPECT_EQ(verdict.source, row.source);
    EXPECT_EQ(verdict.age, row.age);
    EXPECT_EQ(verdict.good_for, row.good_for);
    EXPECT_EQ(verdict.expiry.kind, Expiry::Kind::missing);
    EXPECT_EQ(verdict.transaction_id, "tid_404");
  }
}

TEST(Freshness, of_nothing_known_the_standing_is_the_reason) {
  struct Case {
    Standing standing;
    Reason reason;
  };
  for (const Case& row : {
           Case{Standing::answers, Reason::not_cached},
           Case{Standing::silent, Reason::register_unreachable},
           Case{Standing::silent_for_key, Reason::register_unreachable},
           Case{Standing::refused, Reason::register_refused},
           Case{Standing::malformed, Reason::register_malformed},
       }) {
    const Verdict verdict = judge(nullptr, good_question(), {}, {.now = now()}, row.standing);
    EXPECT_EQ(verdict.reason, row.reason);
    EXPECT_EQ(verdict.source, Source::local);
    EXPECT_FALSE(verdict.age || verdict.good_for);
    EXPECT_EQ(verdict.at, now());
  }
}

TEST(FreshnessDeathTest, an_answer_without_knowledge_is_a_fault_of_ours) {
  EXPECT_DEATH(static_cast<void>(
                   judge(nullptr, good_question(), {}, {.now = now()}, Standing::answered_now)),
               "broken invariant");
  EXPECT_DEATH(static_cast<void>(local_verdict(Reason::active, {.now = now()})),
               "broken invariant");
}

TEST(Freshness, a_denial_for_a_passing_trouble_is_to_be_asked_again) {
  Question question = good_question();
  question.mpxn = "1234567890123";
  const Knowledge known = knowledge_of(good_record(), 1min);
  const Verdict verdict = judge(&known, question, {}, {.now = now()}, Standing::answers);
  EXPECT_EQ(verdict.reason, Reason::mpxn_unverified);
  EXPECT_EQ(verdict.good_for, 0ms);
}

TEST(Freshness, a_question_for_the_registers_word_of_now_is_never_answered_from_memory) {
  Question question = good_question();
  question.mode = Mode::fresh;
  const Policy policy = default_policy();
  const Present present{.now = now()};
  const Knowledge known = knowledge_of(good_record(), 1min);
  const Knowledge revoked = knowledge_of(in_state(State::revoked), 1min);
  const Knowledge old = knowledge_of(good_record(), 1h);
  using enum Standing;
  EXPECT_EQ(judge(&known, question, policy, present, answered_now).reason, Reason::active);
  EXPECT_EQ(judge(&known, question, policy, present, silent).reason, Reason::register_unreachable);
  EXPECT_EQ(judge(&old, question, policy, present, silent).reason, Reason::register_unreachable);
  EXPECT_EQ(judge(&known, question, policy, present, answers).reason, Reason::register_unreachable);
  EXPECT_EQ(judge(&known, question, policy, present, silent_for_key).reason,
            Reason::register_unreachable);
  EXPECT_EQ(judge(&known, question, policy, present, refused).reason, Reason::register_refused);
  EXPECT_EQ(judge(&known, question, policy, present, malformed).reason, Reason::register_malformed);
  EXPECT_EQ(judge(&revoked, question, policy, present, silent).reason, Reason::revoked);
}

TEST(MustAsk, when_there_is_none_or_it_has_outlived_its_time) {
  struct Case {
    const char* why;
    Knowledge known;
    bool ask;
  };
  const AccessRecord good = good_record();
  const AccessRecord revoked = in_state(State::revoked);
  AccessRecord revoked_and_ended = ending(-1h);
  revoked_and_ended.revoked_at_set = true;
  for (const Case& row : {
           Case{"fresh", knowledge_of(good, 15min - 1ms), false},
           Case{"past fresh-for", knowledge_of(good, 15min), true},
           Case{"dated ahead", knowledge_of(good, -1ms), true},
           Case{"discovered", knowledge_of(in_state(State::discovered), 15min - 1ms), false},
           Case{"discovered, old", knowledge_of(in_state(State::discovered), 15min), true},
           Case{"revoked", knowledge_of(revoked, 1h - 1ms), false},
           Case{"revoked, old", knowledge_of(revoked, 1h), true},
           Case{"expired", knowledge_of(in_state(State::expired), 1h - 1ms), false},
           Case{"expired, old", knowledge_of(in_state(State::expired), 1h), true},
           Case{"none", no_such_record(1min - 1ms), false},
           Case{"none, old", no_such_record(1min), true},
           // An end that has passed may have been moved since: asked once, then at most once per
           // fresh-for.
           Case{"ended since it was confirmed", knowledge_of(ending(-1ms), 2ms), true},
           Case{"ended as it was confirmed", knowledge_of(ending(-1ms), 1ms), false},
           Case{"confirmed after the end", knowledge_of(ending(-1h), 15min - 1ms), false},
           Case{"confirmed after the end, old", knowledge_of(ending(-1h), 15min), true},
           Case{"revoked before it ended", knowledge_of(revoked_and_ended, 59min), false},
       }) {
    EXPECT_EQ(must_ask(&row.known, {}, {.now = now()}), row.ask) << row.why;
  }
  EXPECT_TRUE(must_ask(nullptr, {}, {.now = now()}));
  const Knowledge fresh = knowledge_of(good, 1min);
  EXPECT_TRUE(must_ask(&fresh, {}, {.now = now(), .clock_trusted = false}));
}

// What replies that are told again rely on: until then the same is said, and then something else.
TEST(Freshness, I4_by_time_alone_a_verdict_changes_when_it_says) {
  const AccessRecord ends = ending(2h);
  struct Case {
    const char* why;
    AccessRecord record;
    milliseconds age;
    Standing standing;
    milliseconds steady_for;
  };
  const std::vector<Case> cases = {
      {"fresh", good_record(), 5min, Standing::answers, 10min},
      {"fresh, in an outage", good_record(), 5min, Standing::silent, 10min},
      {"under grace", contract(), 1h, Standing::silent, 23h},
      {"the last of grace", contract(), 24h - 1ms, Standing::silent, 1ms},
      {"after grace", contract(), 24h, Standing::silent, 0ms},
      {"no grace for this key", good_record(), 1h, Standing::silent_for_key, 0ms},
      {"to be asked for", good_record(), 1h, Standing::answers, 0ms},
      {"ends under grace", ends, 1h, Standing::silent, 2h},
      {"ended, perhaps renewed", ending(-1min), 1h, Standing::silent, 0ms},
  };
  for (const Case& row : cases) {
    const Knowledge known = knowledge_of(row.record, row.age);
    const Verdict verdict = judged(known, row.standing);
    EXPECT_EQ(verdict.steady_for, row.steady_for) << row.why;
    if (row.steady_for == 0ms) continue;
    const auto later = [&](milliseconds time) {
      return judge(&known, good_question(), default_policy(), {.now = now() + time}, row.standing);
    };
    EXPECT_EQ(later(row.steady_for - 1ms).reason, verdict.reason) << row.why;
    EXPECT_EQ(later(row.steady_for - 1ms).source, verdict.source) << row.why;
    const Verdict after = later(row.steady_for);
    EXPECT_TRUE(after.reason != verdict.reason || after.source != verdict.source ||
                after.steady_for == 0ms)
        << row.why;
  }
}

// What the engine relies on: where it need not ask, the verdict never says that it should have.
TEST(MustAsk, I3_agrees_with_the_verdict_at_every_age) {
  for (milliseconds age = -5s; age < 2h; age += 5s) {
    for (const AccessRecord& record :
         {good_record(), ending(1h), ending(-1h), in_state(State::revoked)}) {
      const Knowledge known = knowledge_of(record, age);
      const Verdict verdict = judged(known, Standing::answers);
      const bool ask = must_ask(&known, default_policy().freshness, {.now = now()});
      EXPECT_FALSE(verdict.allows() && ask);
      EXPECT_FALSE(verdict.reason == Reason::stale && !ask);
      ASSERT_TRUE(verdict.good_for);
      EXPECT_EQ(*verdict.good_for == 0ms, ask) << age.count();
    }
  }
}

}  // namespace
}  // namespace akgate
