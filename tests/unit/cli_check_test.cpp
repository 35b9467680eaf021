// SPDX-License-Identifier: Apache-2.0
//
// `akgate check`, from the options to the exit code, against agents good and bad.

#include "cli/check.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/ask_agent.hpp"
#include "cli/inquiry.hpp"
#include "platform/file.hpp"
#include "tests/unit/cli_line_agent.hpp"

namespace akgate {
namespace {

using Words = std::vector<std::string_view>;
using Arguments = std::vector<std::string>;

constexpr std::chrono::milliseconds kLong(30'000);  // Never waited for in full.

Result<Inquiry> inquiry_of(Words arguments) {
  const Result<Options> options = Options::parse(kInquiryOptions, arguments);
  EXPECT_TRUE(options.ok());
  return take_inquiry(*options);
}

std::string line_for(std::string_view key, const Words& arguments) {
  Words all = arguments;
  all.push_back(key);
  const Result<Inquiry> inquiry = inquiry_of(all);
  if (!inquiry) return "";
  const Result<Secret> line = question_line("WATCH", *inquiry, "akgate");
  return line.ok() ? std::string(line->reveal()) : "";
}

TEST(QuestionLine, names_what_the_options_name) {
  EXPECT_EQ(line_for(kKey, {}), "WATCH ak_0123456789abcdef01234567 id=akgate\n");
  EXPECT_EQ(
      line_for(kKey, {"--data-type", "HH-CONSUMPTION", "--data-type=HH-EXPORT", "--mpxn",
                      "1234567890123", "--controller", "Bright Energy Ltd", "--duid=duid_1",
                      "--timeout", "250", "--mode", "fresh", "--socket", "/x", "--json"}),
      "WATCH ak_0123456789abcdef01234567 id=akgate data-type=HH-CONSUMPTION data-type=HH-EXPORT "
      "mpxn=1234567890123 controller=Bright%20Energy%20Ltd duid=duid_1 timeout=250 mode=fresh\n");
}

TEST(QuestionLine, no_value_can_become_another_name_or_line) {
  EXPECT_EQ(line_for("ak_1 data-type=X", {"--controller", "a\nCHECK b%20c mode=cached"}),
            "WATCH ak_1%20data-type=X id=akgate controller=a%0ACHECK%20b%2520c%20mode=cached\n");
  EXPECT_EQ(line_for("ak_1\nCHECK", {}), "");
}

TEST(QuestionLine, an_empty_restriction_is_asked_as_such) {
  EXPECT_EQ(line_for(kKey, {"--mpxn="}), "WATCH ak_0123456789abcdef01234567 id=akgate mpxn=\n");
}

TEST(QuestionLine, what_does_not_fit_is_refused_not_cut) {
  const std::string name(1024 - line_for(kKey, {"--controller="}).size(), 'x');
  EXPECT_EQ(line_for(kKey, {"--controller", name}).size(), 1024U);
  EXPECT_EQ(line_for(kKey, {"--controller", name + "x"}), "");
  EXPECT_EQ(line_for("", {}), "");
}

TEST(Inquiry, I9_a_key_with_a_nul_in_it_is_not_cut_to_another_key) {
  EXPECT_FALSE(inquiry_of({std::string_view("ak_0123456789abcdef01234567\0x", 29)}).ok());
}

TEST(AskAgent, a_reply_may_have_more_behind_it) {
  LineAgent agent([](const std::string&) { return "ALLOW reason=active\nDENY reas"; });
  const auto reply = ask_for_line(agent.path(), Secret::copy_of("CHECK x\n"), kLong);
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(*reply, "ALLOW reason=active");
  EXPECT_EQ(agent.lines(), Arguments{"CHECK x"});
}

TEST(AskAgent, lines_end_with_the_one_that_says_so) {
  for (const char* const whole : {"RECORD x\nOK records=1\n", "OK\n", "ERROR reason=forbidden\n",
                                  "# HELP akgate_x OK\nakgate_x 1\n# EOF\n"}) {
    const LineAgent agent([whole](const std::string&) { return whole; });
    const auto reply = ask_for_lines(agent.path(), Secret::copy_of("LIST\n"), kLong);
    ASSERT_TRUE(reply.ok()) << whole;
    EXPECT_EQ(*reply, whole);
  }
}

TEST(AskAgent, no_whole_reply_is_none) {
  struct Case {
    std::vector<std::string> replies;  ///< Then it hangs up.
    bool many_lines;
    std::chrono::milliseconds at_most;
    const char* error;
  };
  constexpr std::chrono::milliseconds kShort(50);
  for (const Case& wrong : std::vector<Case>{
           {{""}, false, kShort, "the agent did not reply in time"},
           {{"ALLOW reason=active"}, false, kShort, "the agent did not reply in time"},
           {{"RECORD x\n"}, true, kShort, "the agent did not reply in time"},
           {{}, false, kLong, "the agent closed the connection without a reply"},
           {{}, true, kLong, "the agent closed the connection without a reply"},
           {{std::string(5000, 'x')}, false, kLong, "the agent's reply has no end"}}) {
    std::size_t said = 0;
    const LineAgent agent([&](const std::string&) -> std::optional<std::string> {
      if (said == wrong.replies.size()) return std::nullopt;
      return wrong.replies[said++];
    });
    const auto ask = wrong.many_lines ? ask_for_lines : ask_for_line;
    EXPECT_EQ(ask(agent.path(), Secret::copy_of("CHECK x\n"), wrong.at_most).error().what(),
              wrong.error);
  }
}

/// Ends a reply line with the id of its question.
LineAgent::Reply with_id(std::string reply) {
  return [reply = std::move(reply)](const std::string& line) {
    return reply + " id=" + value_in(line, "id") + "\n";
  };
}

TEST(CheckCommand, an_allowance_is_printed_and_ends_with_0) {
  const std::string reply =
      "ALLOW reason=active source=cache age=1 for=300 until=2026-11-22T10:05:00Z "
      "expires=2027-11-10T17:07:01Z txn=tid_1,tid_2";
  LineAgent agent(with_id(reply));
  const Ended ended = run({"check", kKey, "--json", "--socket", agent.path(), "--data-type",
                           "HH-CONSUMPTION", "--mode", "cached", "--timeout", "2000"});
  EXPECT_EQ(ended.exit, ExitCode::done);
  EXPECT_EQ(
      ended.out,
      R"({"verdict":"ALLOW","reason":"active","source":"cache","age":1,"for":300,)"
      R"("until":"2026-11-22T10:05:00Z","expires":"2027-11-10T17:07:01Z","txn":"tid_1,tid_2"})"
      "\n");
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(run({"check", kKey, "--socket", agent.path()}).out,
            "ALLOW active: the record is active and covers the question\n"
            "  known from              cache\n"
            "  confirmed, seconds ago  1\n"
            "  good for, seconds       300\n"
            "  good until              2026-11-22T10:05:00Z\n"
            "  record expires          2027-11-10T17:07:01Z\n"
            "  transaction             tid_1,tid_2\n");
  const std::string asked = agent.lines().front();
  EXPECT_TRUE(asked.starts_with("CHECK " + kKey + " data-type=HH-CONSUMPTION mode=cached timeout="))
      << asked;
}

// So that the agent's own denial still comes when the time is over.
TEST(CheckCommand, the_agent_has_less_than_the_whole_time_and_by_default_all_of_its_own) {
  const TemporaryDirectory directory;
  const std::string config = directory / "akgated.json";
  ASSERT_TRUE(write_file_atomically(
      config, R"({"register": {"url": "https://r.example"}, "gate": {"check-timeout": "5s"}})",
      0600));
  LineAgent agent(with_id("DENY reason=timeout source=local"));
  run({"check", kKey, "--socket", agent.path(), "--timeout", "4000"});
  run({"check", kKey, "--socket", agent.path(), "--config", config});
  const std::vector<std::string>& asked = agent.lines();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_LE(std::stoi(value_in(asked[0], "timeout")), 3900);
  EXPECT_LE(std::stoi(value_in(asked[1], "timeout")), 5000);
  EXPECT_GT(std::stoi(value_in(asked[1], "timeout")), 3900);
}

TEST(CheckCommand, a_denial_ends_with_1) {
  const LineAgent agent(with_id("DENY reason=not-found source=register age=0 for=60"));
  EXPECT_EQ(run({"check", kKey, "--socket", agent.path()}).exit, ExitCode::finding);
  const LineAgent local(with_id("DENY reason=malformed-key source=local"));
  EXPECT_EQ(run({"check", "ak_1", "--json", "--socket", local.path()}).out,
            "{\"verdict\":\"DENY\",\"reason\":\"malformed-key\",\"source\":\"local\"}\n");
}

TEST(CheckCommand, I1_what_is_no_answer_to_the_question_ends_with_2) {
  for (const LineAgent::Reply& reply : std::vector<LineAgent::Reply>{
           [](const std::string&) { return "ALLOW reason=active source=cache age=1 id=late\n"; },
           with_id("ALLOW reason=revoked source=cache"), with_id("PONG"),
           [](const std::string&) -> std::optional<std::string> { return std::nullopt; }}) {
    const LineAgent agent(reply);
    const Ended ended = run({"check", kKey, "--json", "--socket", agent.path()});
    EXPECT_EQ(ended.exit, ExitCode::error);
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(ended.err.starts_with("akgate: " + agent.path() + ": ")) << ended.err;
  }
}

TEST(CheckCommand, an_error_of_the_agent_ends_with_2) {
  const LineAgent agent(with_id("ERROR reason=bad-request detail=no%20such%20mode"));
  const Ended told = run({"check", kKey, "--socket", agent.path()});
  EXPECT_EQ(told.exit, ExitCode::error);
  EXPECT_EQ(
      told.err,
      "akgate: ERROR bad-request: the agent does not understand the question (no such mode)\n");
  const Ended printed = run({"check", kKey, "--json", "--socket", agent.path()});
  EXPECT_EQ(printed.exit, ExitCode::error);
  EXPECT_EQ(printed.out,
            "{\"verdict\":\"ERROR\",\"reason\":\"bad-request\",\"detail\":\"no such mode\"}\n");
}

TEST(CheckCommand, no_agent_is_said_in_one_sentence) {
  const TemporaryDirectory directory;
  const Ended ended = run({"check", kKey, "--socket", directory / "gate.sock"});
  EXPECT_EQ(ended.exit, ExitCode::error);
  EXPECT_EQ(ended.err, "akgate: " + (directory / "gate.sock") +
                           ": nobody listens on the agent's socket: is akgated running?\n");
}

TEST(CheckCommand, the_key_may_come_from_the_environment) {
  LineAgent agent(with_id("DENY reason=not-found source=register age=0 for=60"));
  setenv("AKGATE_ACCESS_KEY", "ak_from_there", 1);
  EXPECT_EQ(run({"check", "--socket", agent.path()}).exit, ExitCode::finding);
  unsetenv("AKGATE_ACCESS_KEY");
  EXPECT_TRUE(agent.lines().front().starts_with("CHECK ak_from_there timeout="));
  EXPECT_EQ(run({"check", "--socket", agent.path()}).exit, ExitCode::error);
}

TEST(CheckCommand, what_makes_no_question_is_not_asked) {
  for (const Arguments& arguments :
       std::vector<Arguments>{{"check", kKey, "--timeout", "0"},
                              {"check", kKey, "--timeout", "60001"},
                              {"check", kKey, "--timeout", "1s"},
                              {"check", kKey, "--mode", "offline"},
                              {"check", kKey, "--controller", "a\nb"},
                              {"check", kKey, "--controller", std::string(2000, 'x')},
                              {"check", kKey, kKey},
                              {"check", kKey, "--config", "/nonexistent"},
                              {"check", kKey, "--socket", std::string(108, 'x')},
                              {"check", kKey, "--socket="},
                              {"check", ""}}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit, ExitCode::error);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err, "");
  }
}

TEST(Akgate, commands_that_are_not_there_are_refused_without_repeating_them) {
  EXPECT_EQ(run({}).err, "akgate: no command is given; `akgate --help` lists what there is\n");
  EXPECT_EQ(run({kKey}).err,
            "akgate: there is no such command; `akgate --help` lists what there is\n");
  EXPECT_EQ(run({"chekc"}).err, "akgate: there is no such command; did you mean `check`?\n");
  EXPECT_EQ(run({"audit"}).err,
            "akgate: say which: `audit show`, `audit verify`, `audit export`\n");
  EXPECT_EQ(run({"register", "revoke", kKey}).exit, ExitCode::error);
  EXPECT_EQ(run({"check", "--colour"}).err,
            "akgate: --colour is no option here; --help lists them\n");
}

TEST(Akgate, tells_what_it_can_do) {
  const Ended all = run({"--help"});
  EXPECT_EQ(all.exit, ExitCode::done);
  EXPECT_NE(all.out.find("  check [AK|-] "), std::string::npos) << all.out;
  EXPECT_NE(all.out.find("  register show [AK|-] "), std::string::npos) << all.out;
  EXPECT_NE(run({"check", "--help"}).out.find("--data-type TYPE"), std::string::npos);
  EXPECT_NE(run({"register", "show", "-h"}).out.find("--json"), std::string::npos);
  EXPECT_TRUE(run({"--version"}).out.starts_with("akgate " AKGATE_VERSION "\n"));
  EXPECT_EQ(run({"check", "--version"}).out, run({"--version"}).out);
}

}  // namespace
}  // namespace akgate
