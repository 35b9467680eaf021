// SPDX-License-Identifier: Apache-2.0
//
// Bytes on a connection to the gate, all the way to the replies: each line gets exactly one (I10),
// and whoever goes leaves nothing behind with the desk (I12). The first byte says how it happens.

#include <array>

#include "conversation.hpp"
#include "desk.hpp"
#include "fuzz.hpp"
#include "gate/gate_dialogue.hpp"

namespace akgate {

namespace {

constexpr std::array<std::string_view, 6> kReplies = {
    "ALLOW reason=", "DENY reason=", "ERROR reason=", "OK id=", "PONG\n", "HELLO akgate/1 "};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = as_text(data, size).substr(1);
  const Manners manners = manners_of(*data);
  Desk desk(*data);
  const StandingClock clock;
  const GateSettings settings;
  GateDialogue dialogue(desk, clock, loop_of_all_runs(), settings);
  const std::string replies = converse(dialogue, bytes, manners, [&] { desk.work(); });
  AKGATE_ASSERT(manners.hangs_up || count_lines(replies, kReplies) == replies_due(bytes));
  AKGATE_ASSERT(desk.idle());
  return 0;
}

}  // namespace akgate
