// SPDX-License-Identifier: Apache-2.0
//
// `akgate watch`: what it tells of, and what it makes of an agent that goes and comes.

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/answer_watch.hpp"
#include "tests/unit/cli_line_agent.hpp"

namespace akgate {
namespace {

using namespace std::chrono_literals;

const std::string kWatchedAllow = "ALLOW reason=active source=cache age=1 for=2 id=akgate\n";
const std::string kRevoked = "DENY reason=revoked source=register age=0 for=9 id=akgate\n";
const std::string kBad = "ERROR reason=bad-request detail=enough id=akgate\n";

/// Watches with little patience until it has been told of so many things, and what these were.
std::vector<std::string> told_of(const std::string& socket, std::size_t things) {
  const auto loop = EventLoop::create().value();
  std::vector<std::string> told;
  const auto tell = [&](std::string what) {
    told.push_back(std::move(what));
    if (told.size() == things) loop->stop();
  };
  AnswerWatch watch(*loop, socket, Secret::copy_of("WATCH x id=akgate\n"),
                    {.on_verdict = [&](const GateReply& reply) { tell(to_json(reply)); },
                     .on_note = [&](const std::string& note) { tell(note); },
                     .on_end =
                         [&](const Error& why) {
                           tell("ended: " + why.what());
                           loop->stop();
                         }},
                    {.heartbeat = 50ms, .first_pause = 1ms, .longest_pause = 4ms});
  watch.start();
  loop->run();
  return told;
}

/// An agent whose connections, one after the other, are answered so; what is empty is left
/// unanswered, and the connection is closed once its WATCH has been answered unless it `stays`.
LineAgent::Reply one_after_the_other(std::vector<std::string> answers) {
  return [answers,
          next = std::size_t{0}](const std::string& line) mutable -> std::optional<std::string> {
    if (line == "PING") return next == answers.size() ? std::optional("PONG\n") : std::nullopt;
    return next < answers.size() ? answers[next++] : "";
  };
}

const std::string kAllowJson =
    "{\"verdict\":\"ALLOW\",\"reason\":\"active\",\"source\":\"cache\",\"age\":1,\"for\":2}\n";
const std::string kRevokedJson =
    "{\"verdict\":\"DENY\",\"reason\":\"revoked\",\"source\":\"register\",\"age\":0,\"for\":9}\n";
const std::string kGone =
    "the agent closed the connection; what it would answer is not known until it is back: trying "
    "again";
const std::string kBack = "the agent is back";

TEST(AnswerWatch, tells_the_verdict_and_each_change) {
  LineAgent agent(
      one_after_the_other({kWatchedAllow + "CHANGED " + kRevoked + "CHANGED " + kWatchedAllow}));
  EXPECT_EQ(told_of(agent.path(), 3), (std::vector{kAllowJson, kRevokedJson, kAllowJson}));
  EXPECT_EQ(agent.lines().front(), "WATCH x id=akgate");
}

TEST(AnswerWatch, asks_the_agent_that_is_started_anew_and_tells_only_what_has_changed) {
  const LineAgent agent(one_after_the_other({kWatchedAllow, kWatchedAllow, kRevoked}));
  EXPECT_EQ(told_of(agent.path(), 6),
            (std::vector{kAllowJson, kGone, kBack, kGone, kBack, kRevokedJson}));
}

TEST(AnswerWatch, takes_no_open_connection_for_a_living_agent) {
  const LineAgent agent(
      [](const std::string& line) { return line == "PING" ? "" : kWatchedAllow; });
  const auto told = told_of(agent.path(), 2);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0], kAllowJson);
  EXPECT_TRUE(told[1].starts_with("the agent has fallen silent; ")) << told[1];
}

TEST(AnswerWatch, ends_where_the_question_is_bad_also_after_the_agent_has_changed) {
  const LineAgent agent(one_after_the_other({kWatchedAllow, kBad}));
  EXPECT_EQ(told_of(agent.path(), 9),
            (std::vector<std::string>{
                kAllowJson, kGone,
                "ended: ERROR bad-request: the agent does not understand the question (enough)"}));
}

TEST(AnswerWatch, an_agent_without_room_is_tried_again_only_by_who_had_an_answer) {
  const std::string full = "ERROR reason=overloaded id=akgate\n";
  const LineAgent never(one_after_the_other({full}));
  EXPECT_EQ(told_of(never.path(), 9),
            std::vector<std::string>{
                "ended: ERROR overloaded: the agent has too much to do, or cannot record what it "
                "answers: ask again later; akgate status tells which"});
  const LineAgent later(one_after_the_other({kWatchedAllow, full, full, kRevoked}));
  EXPECT_EQ(told_of(later.path(), 4), (std::vector{kAllowJson, kGone, kBack, kRevokedJson}));
}

TEST(AnswerWatch, I1_what_makes_no_sense_is_told_as_no_verdict) {
  for (const char* const nonsense :
       {"ALLOW reason=active source=cache id=other\n", "PONGO\n",
        "CHANGED CHANGED ALLOW reason=active source=cache id=akgate\n"}) {
    const LineAgent agent([&](const std::string&) { return nonsense; });
    const auto told = told_of(agent.path(), 9);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].starts_with("ended: the agent's reply makes no sense")) << told[0];
  }
}

TEST(WatchCommand, prints_a_line_a_change) {
  const LineAgent agent([](const std::string& line) {
    return line == "PING" ? "" : kWatchedAllow + "CHANGED " + kRevoked + kBad;
  });
  const Ended told = run({"watch", kKey, "--socket", agent.path()});
  EXPECT_EQ(told.exit, ExitCode::error);
  const std::size_t second = told.out.find('\n') + 1;
  EXPECT_EQ(told.out.substr(20, second - 20),
            "  ALLOW active: the record is active and covers the question\n");
  EXPECT_EQ(told.out.substr(second + 20), "  DENY revoked: the access has been revoked\n");
  EXPECT_EQ(told.out.substr(19, 1), "Z") << "the time is in front";
  EXPECT_NE(told.err.find("bad-request"), std::string::npos) << told.err;
  EXPECT_EQ(run({"watch", kKey, "--json", "--socket", agent.path()}).out,
            kAllowJson + kRevokedJson);
}

TEST(WatchCommand, an_interruption_ends_it_well) {
  const pthread_t watcher = pthread_self();
  LineAgent agent([watcher](const std::string& line) {
    if (line == "PING") return std::string();
    pthread_kill(watcher, SIGINT);
    return kWatchedAllow;
  });
  const Ended ended = run({"watch", kKey, "--duid", "duid_1", "--socket", agent.path()});
  EXPECT_EQ(ended.exit, ExitCode::done);
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(agent.lines().front(), "WATCH " + kKey + " id=akgate duid=duid_1");
}

TEST(WatchCommand, what_cannot_be_watched_ends_with_2) {
  const TemporaryDirectory directory;
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"watch"},
           {"watch", kKey, "--mode", "x"},
           {"watch", kKey, "--controller", std::string(2000, 'x')},
           {"watch", kKey, "--socket", directory / "none"}}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit, ExitCode::error);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err, "");
  }
}

}  // namespace
}  // namespace akgate
