// SPDX-License-Identifier: Apache-2.0
//
// What the command line makes of an agent's reply.

#include "cli/gate_reply.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/reasons.hpp"
#include "verdict/verdict.hpp"

namespace akgate {
namespace {

const std::string kAllow =
    "ALLOW reason=active source=register age=0 for=300 until=2026-11-22T10:05:00Z "
    "expires=2027-11-10T17:07:01Z txn=tid_1,tid_2 id=q";

GateReply parse(std::string_view line) {
  Result<GateReply> reply = parse_gate_reply(line, "q");
  EXPECT_TRUE(reply.ok()) << line;
  return reply.ok() ? *reply : GateReply{};
}

struct Case {
  const char* line;
  ExitCode exit;
  const char* json;
};

const std::vector<Case> kReplies = {
    {kAllow.c_str(), ExitCode::done,
     R"({"verdict":"ALLOW","reason":"active","source":"register","age":0,"for":300,)"
     R"("until":"2026-11-22T10:05:00Z","expires":"2027-11-10T17:07:01Z","txn":"tid_1,tid_2"})"},
    {"DENY reason=revoked source=cache age=0041 for=3559 id=q", ExitCode::finding,
     R"({"verdict":"DENY","reason":"revoked","source":"cache","age":41,"for":3559})"},
    {"DENY reason=malformed-key source=local id=q", ExitCode::finding,
     R"({"verdict":"DENY","reason":"malformed-key","source":"local"})"},
    {"ERROR reason=bad-request detail=no%20%22such%22%20name id=q", ExitCode::error,
     R"({"verdict":"ERROR","reason":"bad-request","detail":"no \"such\" name"})"},
    {"ERROR reason=overloaded", ExitCode::error, R"({"verdict":"ERROR","reason":"overloaded"})"},
};

TEST(GateReply, becomes_an_exit_code_and_json) {
  for (const Case& c : kReplies) {
    const GateReply reply = parse(c.line);
    EXPECT_EQ(exit_code(reply), c.exit) << c.line;
    EXPECT_EQ(to_json(reply), std::string(c.json) + "\n");
  }
}

TEST(GateReply, I1_what_is_not_well_formed_is_no_allowance) {
  for (const char* line : {
           "",
           " ",
           "ALLOW",
           "allow reason=active source=cache id=q",
           "ALLOWED reason=active source=cache id=q",
           "ALLOW reason=active source=cache",                     // no id
           "ALLOW reason=active source=cache id=other",            // another question's
           "ALLOW reason=active id=q",                             // no source
           "ALLOW reason=active source=hearsay id=q",              //
           "ALLOW source=cache id=q",                              // no reason
           "ALLOW reason= source=cache id=q",                      //
           "ALLOW reason=revoked source=cache id=q",               // a denial's reason
           "DENY reason=active source=cache id=q",                 // an allowance's reason
           "ALLOW reason=active reason=active source=cache id=q",  // twice
           "ALLOW reason=active source=cache colour=red id=q",     // unknown
           "ALLOW reason=active source=cache age=-1 id=q",         //
           "ALLOW reason=active source=cache for=soon id=q",       //
           "ALLOW reason=active source=cache txn=%4 id=q",         //
           "ALLOW reason=active source=cache age id=q",            //
           "ALLOW  reason=active source=cache id=q",               //
           "ALLOW reason=active source=cache id=q\r",              //
           "ALLOW reason=active source=cache txn=\xff id=q",       // not UTF-8
           "CHANGED ALLOW reason=active source=cache id=q",        // nobody watches here
           "PONG",
           "HTTP/1.1 200 OK",
           "ERROR",
           "ERROR reason=overloaded id=other",
       }) {
    EXPECT_FALSE(parse_gate_reply(line, "q").ok()) << line;
  }
}

TEST(GateReply, is_told_to_a_person) {
  EXPECT_EQ(describe(parse(kAllow)),
            "ALLOW active: the record is active and covers the question\n"
            "  known from              register\n"
            "  confirmed, seconds ago  0\n"
            "  good for, seconds       300\n"
            "  good until              2026-11-22T10:05:00Z\n"
            "  record expires          2027-11-10T17:07:01Z\n"
            "  transaction             tid_1,tid_2\n");
  EXPECT_EQ(describe(parse("ERROR reason=bad-request detail=colour%20is%20unknown")),
            "ERROR bad-request: the agent does not understand the question (colour is unknown)");
}

TEST(GateReply, cannot_play_with_the_terminal) {
  EXPECT_EQ(describe(parse("DENY reason=x source=local txn=%1B[2J%C2%9B id=q")),
            "DENY x\n"
            "  known from              local\n"
            "  transaction             ?[2J?\n");
}

TEST(Reasons, each_of_the_agents_is_explained) {
  for (int i = 0; i <= static_cast<int>(Reason::not_cached); ++i) {
    const std::string_view word = to_string(static_cast<Reason>(i));
    EXPECT_NE(explain_reason(word), "") << word;
  }
  EXPECT_EQ(explain_reason("colour"), "");
}

}  // namespace
}  // namespace akgate
