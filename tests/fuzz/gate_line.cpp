// SPDX-License-Identifier: Apache-2.0
//
// A line to the gate: what is taken for a question obeys its bounds and has every restriction that
// was written (I1); what is refused is refused in our own words (I9).

#include <array>
#include <string>
#include <variant>

#include "fuzz.hpp"
#include "gate/parameters.hpp"
#include "gate/protocol.hpp"
#include "question_bounds.hpp"

namespace akgate {

namespace {

void look_at(const Check& check, std::string_view line, const Demands& demands) {
  using std::chrono::milliseconds;
  check_bounds(check.question, demands, kMaxLineBytes);
  AKGATE_ASSERT(check.id.empty() || is_id(check.id));
  AKGATE_ASSERT(!check.timeout ||
                (*check.timeout >= milliseconds(1) && *check.timeout <= milliseconds(60'000)));
  const auto written = [line](std::string_view name) { return line.find(name) != line.npos; };
  AKGATE_ASSERT(written(" data-type=") == !check.question.data_types.empty());
  AKGATE_ASSERT(written(" mpxn=") == check.question.mpxn.has_value());
  AKGATE_ASSERT(written(" controller=") == check.question.controller.has_value());
  AKGATE_ASSERT(written(" duid=") == check.question.duid.has_value());
  AKGATE_ASSERT(written(" timeout=") == check.timeout.has_value());
  AKGATE_ASSERT(written(" mode=fresh") == (check.question.mode == Mode::fresh) || written("%"));
}

void look_at(const BadRequest& bad) {
  AKGATE_ASSERT(!bad.detail.empty() && is_text(bad.detail));
  AKGATE_ASSERT(bad.detail.find("ak_") == std::string::npos);  // I9
  AKGATE_ASSERT(bad.id.empty() || is_id(bad.id));
  std::string reply;
  append_bad_request(reply, bad);
  AKGATE_ASSERT(reply.find('\n') == reply.size() - 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line = as_text(data, size);
  if (size >= kMaxLineBytes || !is_text(line)) return 0;
  for (const Demand demand : {Demand::off, Demand::when_given}) {
    const Demands demands{.mpxn = demand, .data_user = demand};
    const Request request = parse_request(line, demands);
    if (const auto* const check = std::get_if<Check>(&request)) look_at(*check, line, demands);
    if (const auto* const watch = std::get_if<Watch>(&request)) {
      look_at(watch->check, line, demands);
      AKGATE_ASSERT(!watch->check.id.empty());
    }
    if (const auto* const end = std::get_if<Unwatch>(&request)) AKGATE_ASSERT(is_id(end->id));
    if (const auto* const bad = std::get_if<BadRequest>(&request)) look_at(*bad);
  }
  return 0;
}

}  // namespace akgate
