// SPDX-License-Identifier: Apache-2.0
// What an asker may send is not ours to choose: random lines, whole, in pieces and damaged.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "base/text.hpp"
#include "gate/gate_dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate/session.hpp"
#include "gate_harness.hpp"

namespace akgate {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
}

/// A line made of pieces that mean something, at times with some bytes changed.
std::string random_line(Random& random) {
  static const std::array<std::string, 20> kPieces = {
      "CHECK",       "PING",     "HELLO", "WATCH", std::string(kKeyText),
      " ",           " ",        " ",     "id=",   "7",
      "data-type=",  "HH",       "%41",   "%",     "mpxn=",
      "controller=", "timeout=", "60000", "mode=", "fresh"};
  std::string line = below(random, 2) == 0 ? "CHECK " + std::string(kKeyText) + " " : "";
  for (std::size_t pieces = below(random, 12); pieces > 0; --pieces) {
    line += kPieces[below(random, kPieces.size())];
  }
  const auto damage = [&](std::size_t first, std::size_t kinds) {
    if (!line.empty())
      line[below(random, line.size())] = static_cast<char>(first + below(random, kinds));
  };
  if (below(random, 5) == 0) damage(' ', 95);
  // These mostly end the connection, so they are rare enough for half of the runs to last.
  if (below(random, 1000) == 0) line.append(below(random, 2000), 'x');
  if (below(random, 400) == 0) damage(0, 256);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

/// Whether the connection is to be closed for it.
bool ends_connection(const std::string& line) {
  return line.size() + 1 > kMaxLineBytes || !is_utf8(line) || has_control_character(line);
}

bool is_reply(std::string_view line) {
  return line.starts_with("ALLOW reason=") || line.starts_with("DENY reason=") ||
         line.starts_with("ERROR reason=") || line.starts_with("HELLO akgate/1 ") || line == "PONG";
}

class GateRandom : public testing::TestWithParam<unsigned> {};

TEST_P(GateRandom, I10_each_line_gets_exactly_one_reply) {
  constexpr std::size_t kLines = 300;
  Random random(GetParam());
  const std::unique_ptr<EventLoop> loop = EventLoop::create().value();
  FakeAnswers answers;
  const FixedClock clock;
  const GateSettings settings;
  GateDialogue dialogue(answers, clock, *loop, settings);
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
  Asker asker((Fd(ends[0])));
  std::optional<Session> session;
  session.emplace(Fd(ends[1]), *loop, dialogue, SessionLimits());
  ASSERT_TRUE(session->start([&] { session.reset(); }).ok());

  std::string stream;
  std::size_t expected = 0;
  bool open = true;
  for (std::size_t i = 0; i < kLines; ++i) {
    const std::string line = random_line(random);
    stream += line + "\n";
    if (open) ++expected;
    open = open && !ends_connection(line);
  }

  std::string replies;
  std::string_view unsaid = stream;
  for (int rounds = 0; !asker.ended(); ++rounds) {
    ASSERT_LT(rounds, 10000);
    unsaid.remove_prefix(asker.say(unsaid.substr(0, 1 + below(random, 3000))));
    if (unsaid.empty() && session) asker.half_close();
    go_round(*loop, static_cast<int>(below(random, 20)));
    for (std::size_t i = 0; i < answers.asked.size(); ++i) {
      if (answers.asked[i].open && below(random, 3) == 0) answers.settle(i);
    }
    answers.settles_at_once = below(random, 2) == 0;
    replies += asker.hear();
  }

  std::size_t count = 0;
  for (std::string_view rest = replies; !rest.empty(); ++count) {
    const std::string_view reply = rest.substr(0, rest.find('\n'));
    EXPECT_TRUE(is_reply(reply)) << reply;
    ASSERT_LT(reply.size(), rest.size()) << "a reply without end";
    rest.remove_prefix(reply.size() + 1);
  }
  EXPECT_EQ(count, expected);
  EXPECT_EQ(answers.cancelled, 0U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, GateRandom, testing::Range(0U, 40U));

}  // namespace
}  // namespace akgate
