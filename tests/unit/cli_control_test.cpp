// SPDX-License-Identifier: Apache-2.0
//
// Commands to the control socket, from the options to the exit code, against a made-up agent.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/control_client.hpp"
#include "platform/file.hpp"
#include "tests/unit/cli_line_agent.hpp"

namespace akgate {
namespace {

using namespace std::chrono_literals;

std::string key_number(int number) {
  const std::string digits = std::to_string(number);
  return "ak_" + std::string(24 - digits.size(), '0') + digits;
}

std::string write_file(const TemporaryDirectory& directory, const std::string& text) {
  std::string path = directory / "keys.txt";
  EXPECT_TRUE(write_file_atomically(path, text, 0600));
  return path;
}

// --- the connection ------------------------------------------------------------------------------

TEST(ControlClient, replies_come_in_order_with_no_more_than_the_window_under_way) {
  LineAgent agent([](const std::string& line) { return "OK fingerprint=" + line + "\n"; });
  std::size_t asked = 0;
  std::size_t answered = 0;
  const auto sent =
      send_commands(agent.path(), {.count = 500,
                                   .line =
                                       [&](std::size_t i) {
                                         EXPECT_EQ(i, asked++);
                                         EXPECT_LE(asked - answered, 7U);
                                         return Secret("fp_" + std::to_string(i) + "\n");
                                       },
                                   .on_reply =
                                       [&](std::size_t i, const ControlReply& reply) {
                                         EXPECT_EQ(i, answered++);
                                         EXPECT_EQ(reply.fingerprint, "fp_" + std::to_string(i));
                                       },
                                   .window = 7});
  ASSERT_TRUE(sent.ok()) << sent.error().what();
  EXPECT_EQ(*sent, 500U);
  EXPECT_EQ(answered, 500U);
}

Result<std::size_t> send_pings(const LineAgent& agent, Commands commands) {
  commands.line = [](std::size_t) { return Secret::copy_of("PING\n"); };
  commands.on_reply = [](std::size_t, const ControlReply&) {};
  return send_commands(agent.path(), commands);
}

TEST(ControlClient, keeps_the_interval) {
  const LineAgent agent([](const std::string&) { return ok(); });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(*send_pings(agent, {.count = 6, .interval = 10ms}), 6U);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 50ms);
}

TEST(ControlClient, stops_sending_when_the_time_is_over) {
  LineAgent agent([](const std::string&) { return ok(); });
  const auto sent = send_pings(agent, {.count = 1000, .interval = 10ms, .at_most = 45ms});
  ASSERT_TRUE(sent.ok());
  EXPECT_GE(*sent, 1U);
  EXPECT_LE(*sent, 5U);
  EXPECT_EQ(agent.lines().size(), *sent);
}

TEST(ControlClient, an_agent_that_makes_no_sense_is_an_error) {
  struct Case {
    std::optional<std::string> reply;
    std::string_view error;
  };
  for (const Case& wrong : std::vector<Case>{{std::nullopt, "closed the connection"},
                                             {"", "did not reply in time"},
                                             {"PONG\n", "makes no sense"},
                                             {"OK\n", "makes no sense"},
                                             {"ERROR detail=x\n", "makes no sense"},
                                             {"OK fingerprint=%\n", "makes no sense"},
                                             {"ERROR reason=overloaded\n", "no room"},
                                             {std::string(5000, 'x'), "no end"},
                                             {ok() + ok(), "not told"}}) {
    const LineAgent agent([&wrong](const std::string&) { return wrong.reply; });
    const auto sent = send_pings(agent, {.count = 1, .patience = 100ms});
    ASSERT_FALSE(sent.ok()) << wrong.error;
    EXPECT_NE(sent.error().what().find(wrong.error), std::string::npos) << sent.error().what();
  }
}

// --- bind ----------------------------------------------------------------------------------------

TEST(BindCommand, binds_and_unbinds_one) {
  LineAgent agent([](const std::string&) { return ok(); });
  const Ended bound = run({"bind", kKey, kMeter, "--control-socket", agent.path()});
  EXPECT_EQ(bound.exit, ExitCode::done);
  EXPECT_EQ(bound.out, "fp_0123456789abcdef is bound to the meter point\n");
  EXPECT_EQ(agent.lines(), std::vector{"BIND " + kKey + " " + kMeter});

  LineAgent other([](const std::string&) { return ok(); });
  setenv("AKGATE_ACCESS_KEY", kKey.c_str(), 1);
  EXPECT_EQ(run({"unbind", "--control-socket", other.path()}).exit, ExitCode::done);
  unsetenv("AKGATE_ACCESS_KEY");
  EXPECT_EQ(other.lines(), std::vector{"UNBIND " + kKey});
}

TEST(BindCommand, a_refusal_is_told) {
  const LineAgent agent([](const std::string&) {
    return "ERROR reason=not-durable detail=the%20disk%20is%20full\n";
  });
  const Ended refused = run({"bind", kKey, kMeter, "--control-socket", agent.path()});
  EXPECT_EQ(refused.exit, ExitCode::finding);
  EXPECT_EQ(refused.err, "akgate: not-durable: the disk is full\n");
}

TEST(BindCommand, what_is_no_binding_is_not_sent) {
  const TemporaryDirectory directory;
  const std::string nobody = directory / "control.sock";
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"bind"},
                                             {"bind", kKey},
                                             {"bind", kMeter},
                                             {"bind", kKey, "x"},
                                             {"bind", kMeter, kKey},
                                             {"bind", kKey, kMeter, kMeter},
                                             {"bind", kKey, kMeter, "--file", "x"},
                                             {"unbind"},
                                             {"unbind", kKey + "0"},
                                             {"bind", kKey, kMeter, "--control-socket", nobody}}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit, ExitCode::error);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err, "");
  }
}

TEST(BindCommand, a_file_of_thousands_is_bound_and_refusals_name_their_lines) {
  const TemporaryDirectory directory;
  std::string text = "# keys\n";
  for (int i = 0; i < 3000; ++i) text += key_number(i) + "," + kMeter + "\n";
  const std::string path = write_file(directory, text);
  LineAgent agent([](const std::string& line) {
    return line == "BIND " + key_number(2000) + " " + kMeter ? "ERROR reason=forbidden detail=no\n"
                                                             : ok();
  });
  const Ended ended = run({"bind", "--file", path, "--control-socket", agent.path()});
  EXPECT_EQ(ended.exit, ExitCode::finding);
  EXPECT_EQ(ended.out, "2999 of 3000 keys bound, 1 refused\n");
  EXPECT_EQ(ended.err, "akgate: " + path + ":2002: forbidden: no\n");
  EXPECT_EQ(agent.lines().size(), 3000U);
}

TEST(BindCommand, of_a_file_with_a_fault_nothing_is_sent) {
  const TemporaryDirectory directory;
  const std::string path = write_file(directory, kKey + " " + kMeter + "\n" + kKey + "\n");
  LineAgent agent([](const std::string&) { return ok(); });
  const Ended ended = run({"bind", "--file", path, "--control-socket", agent.path()});
  EXPECT_EQ(ended.exit, ExitCode::error);
  EXPECT_EQ(ended.err, "akgate: " + path + ":2: there is no meter point behind the key\n");
  EXPECT_TRUE(agent.lines().empty());
}

TEST(BindCommand, an_agent_that_goes_half_way_is_told_with_how_far_it_came) {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 300; ++i) text += key_number(i) + " " + kMeter + "\n";
  const std::string path = write_file(directory, text);
  const LineAgent agent([](const std::string& line) -> std::optional<std::string> {
    if (line.find(key_number(100)) != std::string::npos) return std::nullopt;
    return ok();
  });
  const Ended ended = run({"bind", "--file", path, "--control-socket", agent.path()});
  EXPECT_EQ(ended.exit, ExitCode::error);
  EXPECT_NE(ended.err.find("closed the connection"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("100 of 300 keys bound"), std::string::npos) << ended.err;
}

// --- block ---------------------------------------------------------------------------------------

TEST(BlockCommand, blocks_and_unblocks_a_key_or_a_meter_point) {
  LineAgent agent([](const std::string&) { return ok(); });
  const Ended blocked = run({"block", kKey, "--control-socket", agent.path()});
  EXPECT_EQ(blocked.exit, ExitCode::done);
  EXPECT_EQ(blocked.out, "fp_0123456789abcdef is blocked: every question about it is denied\n");
  EXPECT_EQ(run({"block", kMeter, "--control-socket", agent.path(), "--json"}).out,
            "{\"done\":true,\"fingerprint\":\"fp_0123456789abcdef\"}\n");
  setenv("AKGATE_ACCESS_KEY", kKey.c_str(), 1);
  EXPECT_EQ(run({"unblock", "--control-socket", agent.path()}).out,
            "fp_0123456789abcdef is not blocked\n");
  unsetenv("AKGATE_ACCESS_KEY");
  EXPECT_EQ(agent.lines(), (std::vector{"BLOCK " + kKey, "BLOCK " + kMeter, "UNBLOCK " + kKey}));
}

TEST(BlockCommand, a_block_that_is_not_durable_is_told) {
  const LineAgent agent(
      [](const std::string&) { return "ERROR reason=not-durable detail=no%20room\n"; });
  const Ended refused = run({"block", kKey, "--control-socket", agent.path()});
  EXPECT_EQ(refused.exit, ExitCode::finding);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "akgate: not-durable: no room\n");
}

TEST(BlockCommand, what_is_neither_is_not_sent) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"block"}, {"block", "x"}, {"block", kKey, kMeter}, {"unblock", kKey + "0"}}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit, ExitCode::error);
    EXPECT_NE(ended.err, "");
  }
}

// --- prefetch ------------------------------------------------------------------------------------

TEST(PrefetchCommand, fetches_each_key_once_and_sums_up) {
  const TemporaryDirectory directory;
  const std::string path =
      write_file(directory, key_number(1) + " " + kMeter + "\n" + key_number(2) + "\n" +
                                key_number(3) + "\n" + key_number(1) + "\n");
  LineAgent agent([](const std::string& line) {
    if (line.ends_with("1")) return ok(" state=ACTIVE source=register");
    if (line.ends_with("2")) return ok(" state=not-found source=cache");
    return std::string("ERROR reason=register-unreachable detail=no%20line\n");
  });
  const Ended ended = run({"prefetch", path, "--control-socket", agent.path()});
  EXPECT_EQ(ended.exit, ExitCode::finding);
  EXPECT_EQ(ended.out,
            "3 of 3 keys in 0 seconds: 1 active, 0 not active, 1 unknown to the register, "
            "1 failed\n  1 failed: register-unreachable: no line\n");
  EXPECT_EQ(ended.err, "") << "no bar where there is no terminal";
  EXPECT_EQ(agent.lines(), (std::vector{"PREFETCH " + key_number(1), "PREFETCH " + key_number(2),
                                        "PREFETCH " + key_number(3)}));
}

TEST(PrefetchCommand, at_the_time_given_it_stops_and_tells_what_is_left) {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 100; ++i) text += key_number(i) + "\n";
  const std::string path = write_file(directory, text);
  const std::string config = directory / "akgated.json";
  ASSERT_TRUE(write_file_atomically(
      config, R"({"register": {"url": "https://register.example", "max-requests-per-second": 1}})",
      0600));
  const LineAgent agent([](const std::string&) {
    std::this_thread::sleep_for(10ms);
    return ok(" state=ACTIVE source=register");
  });
  const Ended ended = run(
      {"prefetch", path, "--by", "100ms", "--config", config, "--control-socket", agent.path()});
  EXPECT_EQ(ended.exit, ExitCode::finding);
  EXPECT_NE(ended.out.find(" left\n"), std::string::npos) << ended.out;
  EXPECT_NE(ended.err.find("100 keys at 1 request a second"), std::string::npos) << ended.err;
}

TEST(PrefetchCommand, what_names_no_keys_is_an_error) {
  const TemporaryDirectory directory;
  const std::string path = write_file(directory, kKey + "\n");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"prefetch"},
           {"prefetch", path, path},
           {"prefetch", directory / "none"},
           {"prefetch", kKey},
           {"prefetch", path, "--by", "yesterday"},
           {"prefetch", path, "--meter-point", kMeter},
           {"prefetch", "--meter-point", "x"},
           {"prefetch", path, "--control-socket", directory / "none"}}) {
    EXPECT_EQ(run(arguments).exit, ExitCode::error);
  }
}

}  // namespace
}  // namespace akgate
