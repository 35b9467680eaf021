// SPDX-License-Identifier: Apache-2.0
// What is asked, and which replies are an answer to it.
#include "tests/unit/client_fake_agent.hpp"

namespace akgate {
namespace {

class Check : public ClientTest {
 protected:
  /// What the agent is asked, where a question is put to it; empty where it is not.
  std::string asked(const akgate_question& question, const char* reason) {
    std::string seen;
    {
      FakeAgent agent(path, FakeAgent::answers([&](const std::string& line) {
                        seen = line;
                        return allow(line);
                      }));
      open();
      EXPECT_STREQ(ask(question).reason, reason);
    }
    return seen;
  }

  /// What comes of a reply; `ID` in it stands for the question's.
  akgate_answer reply_with(std::string reply) {
    const std::size_t at = reply.find("ID");
    if (at != std::string::npos) reply.replace(at, 2, "1");
    FakeAgent agent(path, [&](Peer& peer) {
      peer.question();
      peer.say(reply);
    });
    open();
    return ask();
  }
};

TEST_F(Check, the_whole_question_is_asked_in_one_line) {
  const char* const types[] = {"HH-CONSUMPTION", "TARIFF IMPORT", nullptr};
  const akgate_question question{.access_key = "ak_1",
                                 .data_types = types,
                                 .mpxn = "1234567890123",
                                 .controller = "Bright 100% Energy",
                                 .duid = "du_1",
                                 .mode = AKGATE_FRESH};
  const std::string line = asked(question, "active");
  EXPECT_EQ(line.substr(0, line.find(" timeout=")),
            "CHECK ak_1 data-type=HH-CONSUMPTION data-type=TARIFF%20IMPORT mpxn=1234567890123 "
            "controller=Bright%20100%25%20Energy duid=du_1 mode=fresh");
  EXPECT_EQ(line.substr(line.find(" id=")), " id=1");
  const int agents_time = std::stoi(value_in(line, "timeout"));
  EXPECT_GT(agents_time, static_cast<int>(kLong) / 2);
  EXPECT_LT(agents_time, static_cast<int>(kLong)) << "its own word could not come in time";
}

TEST_F(Check, an_empty_restriction_is_asked_and_not_dropped) {
  akgate_question question = question_about("ak_1");
  question.mpxn = "";
  EXPECT_NE(asked(question, "active").find(" mpxn= "), std::string::npos);
}

TEST_F(Check, nothing_in_a_question_can_ask_another) {
  EXPECT_TRUE(asked(question_about("ak_1 mode=cached"), "active").starts_with("CHECK ak_1%20mode"));
  for (const char* const text : {"ak_1\n", "ak_1\nCHECK ak_2", "ak_1\r", "\t", "\x7f"}) {
    EXPECT_EQ(asked(question_about(text), "bad-question"), "") << text;
    akgate_question question = question_about("ak_1");
    question.controller = text;
    EXPECT_EQ(asked(question, "bad-question"), "") << text;
    const char* const types[] = {text, nullptr};
    question = question_about("ak_1");
    question.data_types = types;
    EXPECT_EQ(asked(question, "bad-question"), "") << text;
  }
}

TEST_F(Check, a_question_that_cannot_be_asked_is_denied) {
  FakeAgent agent(path, FakeAgent::answers([](const std::string& line) { return allow(line); }));
  const akgate_question question = question_about("ak_1");
  akgate_answer answer;
  EXPECT_FALSE(akgate_check(nullptr, &question, kLong, &answer));
  EXPECT_STREQ(answer.reason, "bad-question");
  EXPECT_FALSE(akgate_check(client, nullptr, kLong, &answer));
  EXPECT_FALSE(akgate_check(client, nullptr, kLong, nullptr));
  EXPECT_STREQ(ask(question, 0).reason, "bad-question");
  EXPECT_STREQ(ask(question, AKGATE_MAX_TIMEOUT_MS + 1).reason, "bad-question");
  EXPECT_STREQ(ask(question_about(nullptr)).reason, "bad-question");
  EXPECT_STREQ(ask(question_about("")).reason, "bad-question");
  EXPECT_STREQ(ask(question_about(std::string(2000, 'a').c_str())).reason, "bad-question");
  EXPECT_STREQ(ask(question_about(std::string(900, '%').c_str())).reason, "bad-question");
  akgate_question strange = question;
  strange.mode = static_cast<akgate_mode>(3);
  EXPECT_STREQ(ask(strange).reason, "bad-question");
  EXPECT_EQ(agent.connections(), 0);
  EXPECT_TRUE(akgate_check(client, &question, kLong, nullptr));
}

TEST_F(Check, the_longest_question_fits_the_agents_line) {
  std::string key(960 - std::string("CHECK ").size(), 'a');
  const std::string line = asked(question_about(key.c_str()), "active");
  EXPECT_LT(line.size(), 1024U);
  EXPECT_GT(line.size(), 960U);
  key += 'a';
  EXPECT_EQ(asked(question_about(key.c_str()), "bad-question"), "");
}

TEST_F(Check, an_allowance_tells_what_it_rests_on) {
  const akgate_answer answer = reply_with(
      "ALLOW reason=active source=grace age=41 for=300 until=2026-11-22T10:05:00Z "
      "expires=2027-11-10T17:07:01Z txn=tid_a,tid_b=c id=ID\n");
  EXPECT_TRUE(answer.allowed);
  EXPECT_TRUE(answer.answered);
  EXPECT_FALSE(answer.remembered);
  EXPECT_STREQ(answer.reason, "active");
  EXPECT_STREQ(answer.source, "grace");
  EXPECT_STREQ(answer.until, "2026-11-22T10:05:00Z");
  EXPECT_STREQ(answer.expires, "2027-11-10T17:07:01Z");
  EXPECT_STREQ(answer.transactions, "tid_a,tid_b=c");
  EXPECT_STREQ(answer.detail, "");
  EXPECT_EQ(answer.age_s, 41);
  EXPECT_LE(answer.good_until_ms, boot_clock_ms() + 300'000) << "counted from the asking";
  EXPECT_GT(answer.good_until_ms, boot_clock_ms() + 280'000);
}

TEST_F(Check, a_denial_may_have_fewer_fields_and_reasons_to_come) {
  const akgate_answer answer = reply_with("DENY reason=some-new-reason source=local id=ID\n");
  EXPECT_FALSE(answer.allowed);
  EXPECT_TRUE(answer.answered);
  EXPECT_STREQ(answer.reason, "some-new-reason");
  EXPECT_EQ(answer.age_s, -1);
  EXPECT_EQ(answer.good_until_ms, 0);
}

TEST_F(Check, an_error_of_the_agents_is_no_answer_and_says_why) {
  const akgate_answer answer =
      reply_with("ERROR reason=bad-request detail=mpxn%20has%20no%20value%0a id=ID\n");
  EXPECT_FALSE(answer.answered);
  EXPECT_STREQ(answer.reason, "bad-request");
  EXPECT_STREQ(answer.detail, "mpxn has no value?");
  // As one that has no room says it, before it was asked.
  FakeAgent full(path, [](Peer& peer) { peer.say("ERROR reason=overloaded\n"); });
  open();
  akgate_answer refused;
  const akgate_question question = question_about("ak_1");
  EXPECT_FALSE(akgate_check(client, &question, kLong, &refused));
  EXPECT_STREQ(refused.reason, "overloaded");
}

TEST_F(Check, what_is_no_reply_is_no_allowance) {
  const std::string proper = "ALLOW reason=active source=cache age=1 for=5 txn=tid_1 id=ID";
  ASSERT_TRUE(reply_with(proper + "\n").allowed);
  for (const std::string& reply : std::vector<std::string>{
           "\n",
           "ALLOW\n",
           "ALLOW \n",
           "ALLOWED reason=active source=cache id=ID\n",
           "allow reason=active source=cache id=ID\n",
           " " + proper + "\n",
           proper + " \n",
           proper + "\r\n",
           proper + " \n\n",
           proper + "\nDENY reason=revoked source=cache id=2\n",
           proper + std::string("\0\n", 2),
           "ALLOW  reason=active source=cache id=ID\n",
           "ALLOW reason=active id=ID\n",
           "ALLOW source=cache id=ID\n",
           "ALLOW reason=revoked source=cache id=ID\n",
           "ALLOW reason=active source=local id=ID\n",
           "ALLOW reason=active source=caches id=ID\n",
           "ALLOW reason=active source=cache\n",
           "ALLOW reason=active source=cache id=2\n",
           "ALLOW reason=active source=cache id=ID id=2\n",
           "ALLOW reason=active reason=active source=cache id=ID\n",
           "ALLOW reason=active source=cache for=-1 id=ID\n",
           "ALLOW reason=active source=cache for=5s id=ID\n",
           "ALLOW reason=active source=cache for= id=ID\n",
           "ALLOW reason=active source=cache for=99999999999 id=ID\n",
           "ALLOW reason=active source=cache age=x id=ID\n",
           "ALLOW reason=active source=cache but=not id=ID\n",
           "ALLOW reason=active source=cache until=2026-11-22T10:05:00.000000000Z id=ID\n",
           "ALLOW reason=active source=cache txn=" + std::string(256, 't') + " id=ID\n",
           "DENY reason=active source=cache id=ID\n",
           "CHANGED " + proper + "\n",
           "ERROR reason=bad-request id=2\n",
           "ERROR detail=none id=ID\n",
           "PONG\n",
           "HTTP/1.1 200 OK\r\n\r\n",
           "\xff\xfe\n",
           proper,
           std::string(100'000, 'x'),
           std::string(100'000, 'x') + "\n",
       }) {
    const akgate_answer answer = reply_with(reply);
    EXPECT_FALSE(answer.allowed) << reply.substr(0, 100);
    EXPECT_FALSE(answer.answered) << reply.substr(0, 100);
    EXPECT_STREQ(answer.reason, "agent-malformed") << reply.substr(0, 100);
  }
}

TEST_F(Check, no_flipped_bit_turns_a_denial_into_an_allowance) {
  std::atomic<std::size_t> bit = 0;
  std::atomic<std::size_t> bits = 1;
  FakeAgent agent(path, [&](Peer& peer) {
    const auto question = peer.question();
    if (!question) return;
    std::string reply = deny(*question, 300);
    bits = reply.size() * 8;
    char& flipped = reply.at(bit / 8);
    flipped = static_cast<char>(flipped ^ (1 << (bit % 8)));
    peer.say(reply);
  });
  for (; bit < bits; ++bit) EXPECT_FALSE(ask().allowed) << "bit " << bit;
  EXPECT_GT(bits, 400U);
}

}  // namespace
}  // namespace akgate
