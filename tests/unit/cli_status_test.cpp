// SPDX-License-Identifier: Apache-2.0
//
// `akgate status` and `akgate metrics`: the agent as a person sees it at 3 a.m.

#include <gtest/gtest.h>

#include <string>

#include "cli/agent_status.hpp"
#include "cli/status_words.hpp"
#include "tests/unit/cli_line_agent.hpp"

namespace akgate {
namespace {

/// What the agent says of itself while all is well, with that much put in another's place.
std::string line_with(const std::string& what = "", const std::string& by = "") {
  std::string line =
      R"({"version":"1.2.3","uptime-seconds":277200,"working":true,)"
      R"("register":{"state":"answers","seconds-since-last-answer":12,"seconds-silent":null,)"
      R"("waiting":0,"in-flight":0,"queued":0,"requests-per-second-needed":1.5,)"
      R"("requests-per-second-allowed":20,"requests":{"answered":7}},"token":"held",)"
      R"("clock":{"trusted":true,"offset-seconds":0},)"
      R"("records":{"total":2531,"blocked":0,"counted-seconds-ago":3,)"
      R"("by-state":{"ACTIVE":2531,"damaged":0},"active-by-age":{"fresh":2531}},)"
      R"("answers":{"allow":900,"deny":3,"under-grace":41},"connections":2,"watches":0,)"
      R"("audit":{"head":"1-2","losses":0,"bytes-written":4711,"trouble":null},)"
      R"("device-bytes-written":8192,"faults":[]})";
  const std::size_t at = line.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return line.replace(at, what.size(), by);
}

std::string silent_line(const std::string& last_answer = "2400") {
  std::string line =
      line_with(R"("state":"answers","seconds-since-last-answer":12,"seconds-silent":null)",
                R"("state":"silent","seconds-since-last-answer":)" + last_answer +
                    R"(,"seconds-silent":2395,"seconds-to-next-attempt":20)");
  return line.replace(line.find("true"), 4, "false");
}

std::string describe(const std::string& line) {
  const Result<AgentStatus> status = parse_status(line);
  EXPECT_TRUE(status.ok()) << line;
  if (!status) return "";
  return describe_status(*status, parse_timestamp("2026-11-22T03:10:00Z").value());
}

bool is_troubled(const std::string& line) { return is_troubled(parse_status(line).value()); }

TEST(AgentStatus, what_is_well_takes_two_lines) {
  EXPECT_EQ(describe(line_with()),
            "akgated 1.2.3 is working. It started 3 days 5 hours ago; the register last answered "
            "12 seconds ago.\n"
            "2531 records on the disk.\n");
  EXPECT_FALSE(is_troubled(line_with()));
  EXPECT_FALSE(is_troubled(line_with("\"held\"", "\"no-account\"")));
  EXPECT_EQ(describe(line_with(R"("seconds-since-last-answer":12)",
                               R"("seconds-since-last-answer":null)")),
            "akgated 1.2.3 is working. It started 3 days 5 hours ago; the register has not been "
            "asked yet.\n"
            "2531 records on the disk.\n");
  EXPECT_NE(describe(line_with(R"("blocked":0)", R"("blocked":2)"))
                .find("; the operator has blocked 2 keys or meter points."),
            std::string::npos);
  EXPECT_NE(describe(line_with(R"("waiting":0)", R"("waiting":1)"))
                .find("; 1 question waits for the register."),
            std::string::npos);
}

TEST(AgentStatus, a_silent_register_is_trouble_and_says_since_when_and_what_to_do) {
  EXPECT_EQ(describe(silent_line()),
            "akgated 1.2.3 is running, but it cannot refresh what it knows: the register has been "
            "silent for 39 minutes 55 seconds, since 2026-11-22T02:30:05Z. It last answered 40 "
            "minutes ago; the next attempt is in 20 seconds.\n"
            "Keys that are known are answered from memory until their grace (freshness.grace) is "
            "over, all others are denied. 41 answers rested on grace since the agent started.\n"
            "What to do: look at the line to the register and at the agent's log (journalctl -u "
            "akgated), which says what stands in the way. The agent goes on trying by itself: it "
            "need not be restarted.\n"
            "2531 records on the disk.\n");
  EXPECT_TRUE(is_troubled(silent_line()));
  EXPECT_NE(describe(silent_line("null")).find("not answered since the agent started, 3 days"),
            std::string::npos);
}

struct Trouble {
  const char* what;
  const char* by;
  const char* told;
  bool troubled = true;
};

const std::vector<Trouble> kTroubles = {
    {R"("faults":[])", R"("faults":["the cache cannot be written; see the log"])",
     "The cache cannot be written; see the log.\n"},
    {R"("trusted":true)", R"("trusted":false)", "The time is not known.\n"},
    {R"("working":true)", R"("working":false)", "is running, but something is wrong"},
    {R"("damaged":0)", R"("damaged":1)", "1 record on the disk cannot be read"},
    {R"("losses":0)", R"("losses":7)", "The trail of decisions has lost 7 lines"},
    {R"("requests-per-second-needed":1.5)", R"("requests-per-second-needed":20.1)",
     "takes 21 requests a second; register.max-requests-per-second allows 20:"},
    {R"("token":"held")", R"("token":"refused")", "register.secret-key-file"},
    {R"("token":"held")", R"("token":"unreachable")", "gives no bearer token"},
    {R"("offset-seconds":0)", R"("offset-seconds":7200)", "The system's clock is 2 hours slow",
     false},
    {R"("offset-seconds":0)", R"("offset-seconds":-60)", "The system's clock is 1 minute fast",
     false},
};

TEST(AgentStatus, each_trouble_is_told_and_never_called_working) {
  for (const Trouble& trouble : kTroubles) {
    const std::string line = line_with(trouble.what, trouble.by);
    const std::string told = describe(line);
    EXPECT_NE(told.find(trouble.told), std::string::npos) << told;
    EXPECT_EQ(is_troubled(line), trouble.troubled) << trouble.by;
    EXPECT_EQ(told.find("is working") == std::string::npos, trouble.troubled) << told;
  }
}

TEST(AgentStatus, no_token_because_of_the_silence_is_not_told_twice) {
  std::string line = silent_line();
  line.replace(line.find("held"), 4, "unreachable");
  EXPECT_EQ(describe(line), describe(silent_line()));
}

TEST(AgentStatus, members_of_later_versions_are_passed_over) {
  EXPECT_TRUE(parse_status(line_with("{", R"({"cache":{"records":7},)")).ok());
}

TEST(AgentStatus, records_that_are_not_counted_yet_are_none_that_are_damaged) {
  EXPECT_FALSE(is_troubled(line_with(
      R"("counted-seconds-ago":3,"by-state":{"ACTIVE":2531,"damaged":0},"active-by-age":{"fresh":2531})",
      R"("counted-seconds-ago":null)")));
}

TEST(AgentStatus, I1_nonsense_is_never_taken_for_health) {
  for (const std::string& line :
       {std::string(), std::string("OK"), std::string("{}"), line_with(R"("working":true,)"),
        line_with("true", "1"), line_with(R"("state":"answers")", R"("state":"fine")"),
        line_with(R"("state":"answers")", R"("state":"silent")"),
        line_with(R"("seconds-silent":null,)"), line_with(R"("waiting":0)", R"("waiting":-1)"),
        line_with(R"("waiting":0)", R"("waiting":1e300)"), line_with(R"("trusted":true,)"),
        line_with(R"(,"faults":[])"), line_with(R"("faults":[])", R"("faults":[7])"),
        line_with(R"("token":"held",)"), line_with(R"("losses":0,)"),
        line_with(R"("total":2531,)")}) {
    EXPECT_FALSE(parse_status(line).ok()) << line;
  }
}

TEST(StatusCommand, tells_a_person_or_a_program) {
  LineAgent agent([](const std::string&) { return silent_line() + "\n"; });
  const Ended told = run({"status", "--control-socket", agent.path()});
  EXPECT_EQ(told.exit, ExitCode::finding);
  EXPECT_NE(told.out.find("cannot refresh"), std::string::npos) << told.out;
  EXPECT_EQ(run({"status", "--json", "--control-socket", agent.path()}).out, silent_line() + "\n");
  EXPECT_EQ(agent.lines().front(), "STATUS");
  const LineAgent well([](const std::string&) { return line_with() + "\n"; });
  EXPECT_EQ(run({"status", "--control-socket", well.path()}).exit, ExitCode::done);
}

TEST(StatusCommand, no_agent_or_one_without_room_is_an_error) {
  const LineAgent full([](const std::string&) { return "ERROR reason=overloaded\n"; });
  const Ended ended = run({"status", "--control-socket", full.path()});
  EXPECT_EQ(ended.exit, ExitCode::error);
  EXPECT_TRUE(ended.err.starts_with("akgate: overloaded: ")) << ended.err;
  const TemporaryDirectory directory;
  EXPECT_EQ(run({"status", "--control-socket", directory / "none"}).exit, ExitCode::error);
}

TEST(MetricsCommand, prints_all_up_to_the_end_and_nothing_that_is_cut) {
  const std::string page = "# HELP akgate_faults x\nakgate_faults 0\n# EOF\n";
  LineAgent agent([&](const std::string&) { return page; });
  const Ended printed = run({"metrics", "--control-socket", agent.path()});
  EXPECT_EQ(printed.exit, ExitCode::done);
  EXPECT_EQ(printed.out, page);
  EXPECT_EQ(agent.lines(), std::vector<std::string>{"METRICS"});

  const LineAgent refuses([](const std::string&) { return "ERROR reason=forbidden\n"; });
  const Ended refused = run({"metrics", "--control-socket", refuses.path()});
  EXPECT_EQ(refused.exit, ExitCode::error);
  EXPECT_EQ(refused.err, "akgate: forbidden: the agent does not answer this user\n");
}

}  // namespace
}  // namespace akgate
