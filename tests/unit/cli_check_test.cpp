// SPDX-License-Identifier: Apache-2.0
//
// `akgate check`, from the options to the exit code, against agents good and bad.

#include "cli/check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/gate_client.hpp"
#include "platform/unix_socket.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::chrono::milliseconds kLong(30'000);  // Never waited for in full.
constexpr std::string_view kKey = "ak_0123456789abcdef01234567";

std::string line_for(std::string_view key, const Words& arguments) {
  const Result<Options> options = Options::parse(kCheckCommand.options, arguments);
  EXPECT_TRUE(options.ok());
  const Result<Secret> line = question_line(Secret::copy_of(key), *options);
  return line.ok() ? std::string(line->reveal()) : "";
}

TEST(QuestionLine, names_what_the_options_name) {
  EXPECT_EQ(line_for(kKey, {}), "CHECK ak_0123456789abcdef01234567 id=akgate\n");
  EXPECT_EQ(
      line_for(kKey, {"--data-type", "HH-CONSUMPTION", "--data-type=HH-EXPORT", "--mpxn",
                      "1234567890123", "--controller", "Bright Energy Ltd", "--duid=duid_1",
                      "--timeout", "250", "--mode", "fresh", "--socket", "/x", "--json"}),
      "CHECK ak_0123456789abcdef01234567 id=akgate data-type=HH-CONSUMPTION data-type=HH-EXPORT "
      "mpxn=1234567890123 controller=Bright%20Energy%20Ltd duid=duid_1 timeout=250 mode=fresh\n");
}

TEST(QuestionLine, no_value_can_become_another_name_or_line) {
  EXPECT_EQ(line_for("ak_1 data-type=X", {"--controller", "a\nCHECK b%20c mode=cached"}),
            "CHECK ak_1%20data-type=X id=akgate controller=a%0ACHECK%20b%2520c%20mode=cached\n");
}

TEST(QuestionLine, an_empty_restriction_is_asked_as_such) {
  EXPECT_EQ(line_for(kKey, {"--mpxn="}), "CHECK ak_0123456789abcdef01234567 id=akgate mpxn=\n");
}

TEST(QuestionLine, what_does_not_fit_is_refused_not_cut) {
  const std::string name(1024 - line_for(kKey, {"--controller="}).size(), 'x');
  EXPECT_EQ(line_for(kKey, {"--controller", name}).size(), 1024U);
  EXPECT_EQ(line_for(kKey, {"--controller", name + "x"}), "");
  EXPECT_EQ(line_for("", {}), "");
}

// An agent that takes one connection, reads what is asked, sends what it is told to, and hangs up
// when it goes or when told to do so at once.
class ScriptedAgent {
 public:
  enum class Then { hang_up, stay };

  explicit ScriptedAgent(std::vector<std::string> pieces, Then then = Then::stay)
      : listener_(UnixListener::listen(path(), 0600, std::nullopt, 4).value()),
        thread_([this, pieces = std::move(pieces), then] { serve(pieces, then); }) {}
  ScriptedAgent(const ScriptedAgent&) = delete;
  ScriptedAgent& operator=(const ScriptedAgent&) = delete;
  ~ScriptedAgent() { join(); }

  [[nodiscard]] std::string path() const { return directory_ / "gate.sock"; }
  // What was asked, without the line end.
  std::string question() {
    join();
    return question_;
  }

 private:
  void serve(const std::vector<std::string>& pieces, Then then) {
    std::optional<Fd> accepted;
    while (!accepted) {
      accepted = std::move(listener_.accept().value());
      std::this_thread::yield();
    }
    while (!question_.ends_with('\n')) {
      std::array<char, 2048> chunk{};
      const Transfer got = receive(accepted->get(), chunk);
      if (got.kind == Transfer::Kind::closed) return;
      if (got.kind == Transfer::Kind::moved) question_.append(chunk.data(), got.bytes);
    }
    question_.pop_back();
    for (const std::string& piece : pieces) {
      if (send(accepted->get(), piece).kind != Transfer::Kind::moved) return;
    }
    if (then == Then::stay) connection_ = std::move(*accepted);
  }

  void join() {
    if (thread_.joinable()) thread_.join();
  }

  TemporaryDirectory directory_;
  UnixListener listener_;
  std::string question_;
  Fd connection_;
  std::thread thread_;
};

Result<std::string> ask(const ScriptedAgent& agent, std::chrono::milliseconds at_most) {
  return ask_gate(agent.path(), Secret::copy_of("CHECK x\n"), at_most);
}

TEST(GateClient, a_reply_may_come_in_pieces_and_with_more_behind_it) {
  ScriptedAgent agent({"ALL", "OW reason", "=active\nDENY reas"});
  const Result<std::string> reply = ask(agent, kLong);
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(*reply, "ALLOW reason=active");
  EXPECT_EQ(agent.question(), "CHECK x");
}

TEST(GateClient, no_whole_line_is_no_reply) {
  constexpr std::chrono::milliseconds kShort(50);
  EXPECT_EQ(ask(ScriptedAgent({}), kShort).error().what(), "the agent did not reply in time");
  EXPECT_EQ(ask(ScriptedAgent({"ALLOW reason=active"}), kShort).error().what(),
            "the agent did not reply in time");
  EXPECT_EQ(ask(ScriptedAgent({"ALLOW reason=active"}, ScriptedAgent::Then::hang_up), kLong)
                .error()
                .what(),
            "the agent closed the connection without a reply");
  EXPECT_EQ(ask(ScriptedAgent({std::string(5000, 'x')}), kLong).error().what(),
            "the agent's reply has no end");
}

struct Ended {
  ExitCode exit;
  std::string out;
  std::string err;
};

Ended run(const Words& arguments) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const ExitCode exit = run_akgate(arguments);
  return {.exit = exit,
          .out = testing::internal::GetCapturedStdout(),
          .err = testing::internal::GetCapturedStderr()};
}

TEST(CheckCommand, an_allowance_is_printed_and_ends_with_0) {
  ScriptedAgent agent({"ALLOW reason=active source=cache age=1 for=2 id=akgate\n"});
  const Ended ended = run({"check", kKey, "--json", "--socket", agent.path()});
  EXPECT_EQ(ended.exit, ExitCode::done);
  EXPECT_EQ(
      ended.out,
      "{\"verdict\":\"ALLOW\",\"reason\":\"active\",\"source\":\"cache\",\"age\":1,\"for\":2}\n");
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(agent.question(), "CHECK ak_0123456789abcdef01234567 id=akgate");
}

TEST(CheckCommand, a_denial_ends_with_1) {
  const ScriptedAgent agent({"DENY reason=not-found source=register age=0 for=60 id=akgate\n"});
  EXPECT_EQ(run({"check", kKey, "--socket", agent.path()}).exit, ExitCode::finding);
}

TEST(CheckCommand, I1_an_allowance_for_another_question_ends_with_2) {
  const ScriptedAgent agent({"ALLOW reason=active source=cache age=1 for=2 id=late\n"});
  const Ended ended = run({"check", kKey, "--socket", agent.path()});
  EXPECT_EQ(ended.exit, ExitCode::error);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find("makes no sense"), std::string::npos) << ended.err;
}

TEST(CheckCommand, an_error_of_the_agent_ends_with_2) {
  const std::string reply = "ERROR reason=bad-request detail=no%20such%20mode id=akgate\n";
  const ScriptedAgent for_person({reply});
  const Ended told = run({"check", kKey, "--socket", for_person.path()});
  EXPECT_EQ(told.exit, ExitCode::error);
  EXPECT_EQ(
      told.err,
      "akgate: ERROR bad-request: the agent does not understand the question (no such mode)\n");
  const ScriptedAgent for_program({reply});
  const Ended printed = run({"check", kKey, "--json", "--socket", for_program.path()});
  EXPECT_EQ(printed.exit, ExitCode::error);
  EXPECT_EQ(printed.out,
            "{\"verdict\":\"ERROR\",\"reason\":\"bad-request\",\"detail\":\"no such mode\"}\n");
}

TEST(CheckCommand, no_agent_is_said_in_one_sentence) {
  const TemporaryDirectory directory;
  const Ended ended = run({"check", kKey, "--socket", directory / "gate.sock"});
  EXPECT_EQ(ended.exit, ExitCode::error);
  EXPECT_EQ(ended.err, "akgate: cannot connect to " + (directory / "gate.sock") +
                           ": nobody listens there; is akgated running?\n");
}

TEST(CheckCommand, the_key_may_come_from_the_environment) {
  ScriptedAgent agent({"DENY reason=not-found source=register age=0 for=60 id=akgate\n"});
  setenv("AKGATE_ACCESS_KEY", "ak_from_there", 1);
  EXPECT_EQ(run({"check", "--socket", agent.path()}).exit, ExitCode::finding);
  unsetenv("AKGATE_ACCESS_KEY");
  EXPECT_EQ(agent.question(), "CHECK ak_from_there id=akgate");
  EXPECT_EQ(run({"check", "--socket", agent.path()}).exit, ExitCode::error);
}

TEST(CheckCommand, what_makes_no_question_is_not_asked) {
  for (const Words& arguments :
       {Words{"check", kKey, "--timeout", "0"}, Words{"check", kKey, "--timeout", "60001"},
        Words{"check", kKey, "--timeout", "1s"}, Words{"check", kKey, kKey},
        Words{"check", kKey, "--config", "/nonexistent"}, Words{"check", ""}}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit, ExitCode::error);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err.find("0123"), std::string::npos) << ended.err;
  }
}

TEST(Akgate, commands_that_are_not_there_are_refused_without_repeating_them) {
  EXPECT_EQ(run({}).err, "akgate: no command is given; `akgate --help` lists what there is\n");
  EXPECT_EQ(run({kKey}).err,
            "akgate: there is no such command; `akgate --help` lists what there is\n");
  EXPECT_EQ(run({"chekc"}).err, "akgate: there is no such command; did you mean `check`?\n");
  EXPECT_EQ(run({"register"}).exit, ExitCode::error);
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
