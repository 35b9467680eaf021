// SPDX-License-Identifier: Apache-2.0
//
// `akgate cache …` and what it makes of the agent's lines.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "cli/cached_record.hpp"
#include "tests/unit/cli_line_agent.hpp"

namespace akgate {
namespace {

const std::string kActive =
    " fingerprint=fp_0000000000000001 state=ACTIVE expires=2027-11-10T17:07:01Z "
    "legal-basis=uk-consent data-types=HH-CONSUMPTION,TARIFF-IMPORT age=90 txn=tid_1 "
    "meter-point=operator blocked=yes";
const std::string kNotFound = " fingerprint=fp_0000000000000002 state=not-found age=7 txn=tid_2";
const std::string kDamaged = " fingerprint=fp_0000000000000003 state=damaged";

const std::string kActiveJson =
    R"({"fingerprint":"fp_0000000000000001","state":"ACTIVE","expires":"2027-11-10T17:07:01Z",)"
    R"("legal-basis":"uk-consent","data-types":["HH-CONSUMPTION","TARIFF-IMPORT"],"age":90,)"
    R"("txn":"tid_1","meter-point":"operator","blocked":true})";

/// Keeps three records, and lists two at a time.
std::optional<std::string> three_records(const std::string& line) {
  if (line == "LIST") {
    return "RECORD" + kActive + "\nRECORD" + kNotFound +
           "\nOK records=2 next=fp_0000000000000002\n";
  }
  if (line == "LIST after=fp_0000000000000002") return "RECORD" + kDamaged + "\nOK records=1\n";
  return "ERROR reason=bad-request detail=what\n";
}

TEST(CacheCommand, list_is_a_table_for_people_and_one_document_for_programs) {
  LineAgent agent(three_records);
  const Ended table = run({"cache", "list", "--control-socket", agent.path()});
  EXPECT_EQ(table.exit, ExitCode::done);
  EXPECT_EQ(table.out,
            "RECORD               STATE            CONFIRMED                EXPIRES               "
            "LEGAL BASIS\n"
            "fp_0000000000000001  ACTIVE, blocked  1 minute 30 seconds ago  2027-11-10T17:07:01Z  "
            "uk-consent\n"
            "fp_0000000000000002  not-found        7 seconds ago\n"
            "fp_0000000000000003  damaged\n");
  EXPECT_EQ(run({"cache", "list", "--json", "--control-socket", agent.path()}).out,
            "[\n" + kActiveJson +
                ",\n"
                R"({"fingerprint":"fp_0000000000000002","state":"not-found","age":7,"txn":"tid_2"})"
                ",\n"
                R"({"fingerprint":"fp_0000000000000003","state":"damaged"})"
                "\n]\n");
  EXPECT_EQ(agent.lines(), (std::vector<std::string>{"LIST", "LIST after=fp_0000000000000002",
                                                     "LIST", "LIST after=fp_0000000000000002"}));
}

TEST(CacheCommand, an_empty_cache_is_said_to_be) {
  const LineAgent agent([](const std::string&) { return "OK records=0\n"; });
  EXPECT_EQ(run({"cache", "list", "--control-socket", agent.path()}).out,
            "The agent has no record on its disk.\n");
  EXPECT_EQ(run({"cache", "list", "--json", "--control-socket", agent.path()}).out, "[]\n");
  EXPECT_EQ(run({"cache", "verify", "--control-socket", agent.path()}).out,
            "0 records, and none is damaged.\n");
}

TEST(CacheCommand, verify_names_the_damaged_and_says_what_to_do) {
  const LineAgent agent(three_records);
  const Ended told = run({"cache", "verify", "--control-socket", agent.path()});
  EXPECT_EQ(told.exit, ExitCode::finding);
  EXPECT_TRUE(told.out.starts_with("1 of 3 records is damaged:\n  fp_0000000000000003\n"))
      << told.out;
  EXPECT_NE(told.out.find("What to do: "), std::string::npos) << told.out;
  const Ended json = run({"cache", "verify", "--json", "--control-socket", agent.path()});
  EXPECT_EQ(json.exit, ExitCode::finding);
  EXPECT_EQ(json.out, "{\"records\":3,\"damaged\":[\"fp_0000000000000003\"]}\n");
}

TEST(CacheCommand, a_list_that_makes_no_sense_or_has_no_end_is_an_error) {
  for (const char* const reply :
       {"ERROR reason=forbidden\n", "OK\n", "RECORD state=ACTIVE\nOK records=1\n",
        "RECORD fingerprint=fp_1 state=ACTIVE age=soon\nOK records=1\n",
        "RECORD fingerprint=fp_1 state=ACTIVE state=REVOKED\nOK records=1\n",
        "RECORD fingerprint=fp_1 state=%1\nOK records=1\n", "OK records=1 next=fp_1\n"}) {
    const LineAgent agent([reply](const std::string&) { return reply; });
    for (const char* const command : {"list", "verify"}) {
      const Ended ended = run({"cache", command, "--control-socket", agent.path()});
      EXPECT_EQ(ended.exit, ExitCode::error) << reply;
      EXPECT_EQ(ended.out, "") << reply;
      EXPECT_NE(ended.err, "") << reply;
    }
  }
}

TEST(CacheCommand, show_tells_all_that_is_kept_of_a_key) {
  LineAgent agent([](const std::string&) { return "OK" + kActive + " colour=red\n"; });
  const Ended told = run({"cache", "show", kKey, "--control-socket", agent.path()});
  EXPECT_EQ(told.exit, ExitCode::done);
  EXPECT_EQ(told.out,
            "record        fp_0000000000000001\n"
            "state         ACTIVE\n"
            "blocked       yes, by the operator: every question about it is denied\n"
            "legal basis   uk-consent\n"
            "data          HH-CONSUMPTION, TARIFF-IMPORT\n"
            "expires       2027-11-10T17:07:01Z\n"
            "confirmed     1 minute 30 seconds ago\n"
            "meter point   known, by the operator's word\n"
            "transaction   tid_1\n");
  EXPECT_EQ(run({"cache", "show", kKey, "--json", "--control-socket", agent.path()}).out,
            kActiveJson + "\n");
  EXPECT_EQ(agent.lines(), (std::vector{"SHOW " + kKey, "SHOW " + kKey}));
}

TEST(CacheCommand, show_of_what_is_not_kept_is_a_finding) {
  const LineAgent agent([](const std::string&) {
    return "ERROR reason=not-cached detail=nothing%20is%20known%20of%20fp_1\n";
  });
  const Ended told = run({"cache", "show", kKey, "--control-socket", agent.path()});
  EXPECT_EQ(told.exit, ExitCode::finding);
  EXPECT_EQ(told.err, "akgate: not-cached: nothing is known of fp_1\n");
  EXPECT_EQ(run({"cache", "show", kKey, "--json", "--control-socket", agent.path()}).out,
            "{\"done\":false,\"reason\":\"not-cached\",\"detail\":\"nothing is known of fp_1\"}\n");
}

TEST(CacheCommand, what_is_shown_cannot_play_with_the_terminal) {
  const auto record = parse_cached_record("fingerprint=fp_1 state=%1B[2J txn=%C2%9B");
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(describe(*record), "record        fp_1\nstate         ?[2J\ntransaction   ?\n");
}

TEST(CacheCommand, refresh_tells_what_the_register_says) {
  LineAgent agent([](const std::string&) { return ok(" state=REVOKED source=register"); });
  const Ended told = run({"cache", "refresh", kKey, "--control-socket", agent.path()});
  EXPECT_EQ(told.exit, ExitCode::done);
  EXPECT_EQ(told.out, "fp_0123456789abcdef was asked about: the register says REVOKED\n");
  EXPECT_EQ(run({"cache", "refresh", kKey, "--json", "--control-socket", agent.path()}).out,
            "{\"done\":true,\"fingerprint\":\"fp_0123456789abcdef\",\"state\":\"REVOKED\"}\n");
  EXPECT_EQ(agent.lines().front(), "REFRESH " + kKey);

  const LineAgent silent(
      [](const std::string&) { return "ERROR reason=register-unreachable detail=no%20line\n"; });
  const Ended refused = run({"cache", "refresh", kKey, "--control-socket", silent.path()});
  EXPECT_EQ(refused.exit, ExitCode::finding);
  EXPECT_EQ(refused.err, "akgate: register-unreachable: no line\n");
}

TEST(CacheCommand, forget_takes_a_key_or_all) {
  LineAgent agent([](const std::string& line) { return line == "FORGET all" ? "OK\n" : ok(); });
  EXPECT_EQ(run({"cache", "forget", kKey, "--control-socket", agent.path()}).out,
            "fp_0123456789abcdef is forgotten: the next answer about it is the register's alone\n");
  EXPECT_EQ(run({"cache", "forget", "--all", "--control-socket", agent.path()}).out,
            "all is forgotten: the next answer about any key is the register's alone\n");
  EXPECT_EQ(run({"cache", "forget", "--all", "--json", "--control-socket", agent.path()}).out,
            "{\"done\":true}\n");
  EXPECT_EQ(agent.lines(),
            (std::vector<std::string>{"FORGET " + kKey, "FORGET all", "FORGET all"}));
}

TEST(CacheCommand, what_names_no_key_is_not_sent) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"cache"},
                                             {"cache", "list", kKey},
                                             {"cache", "verify", kKey},
                                             {"cache", "show"},
                                             {"cache", "show", kMeter},
                                             {"cache", "refresh", kKey, kKey},
                                             {"cache", "forget"},
                                             {"cache", "forget", "all"},
                                             {"cache", "forget", "--all", kKey}}) {
    EXPECT_EQ(run(arguments).exit, ExitCode::error);
  }
}

}  // namespace
}  // namespace akgate
