// SPDX-License-Identifier: Apache-2.0
//
// Bytes on an HTTP connection, all the way to the replies: each request gets exactly one (I10), in
// full, which says the same in its status and its headers. The first byte says how it happens.

#include "base/text.hpp"
#include "conversation.hpp"
#include "desk.hpp"
#include "fuzz.hpp"
#include "gate/http_front.hpp"
#include "tests/support/simulated_loop.hpp"

namespace akgate {

namespace {

/// Takes one reply off the front.
void take_reply(std::string_view& replies, bool head_only) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::string_view head = replies.substr(0, replies.find(kEnd) + kEnd.size());
  const auto has = [head](std::string_view field) { return head.find(field) != head.npos; };
  AKGATE_ASSERT(head.starts_with("HTTP/1.1 ") && head.ends_with(kEnd) && has(kLength));
  AKGATE_ASSERT(!has("\r\nX-Akgate-Verdict: ALLOW\r\n") || head.starts_with("HTTP/1.1 200 "));
  AKGATE_ASSERT(!has("\r\nX-Akgate-Verdict: DENY\r\n") || head.starts_with("HTTP/1.1 403 "));
  replies.remove_prefix(head.size());
  const std::string_view length = head.substr(head.find(kLength) + kLength.size());
  const auto bytes = parse_number(length.substr(0, length.find('\r')));
  AKGATE_ASSERT(bytes && (head_only || *bytes <= replies.size()));
  if (!head_only) replies.remove_prefix(*bytes);
}

/// Takes the replies to all requests, up to the one that ends the connection.
void take_replies(std::string_view& replies, std::string_view requests) {
  while (!requests.empty()) {
    const std::size_t size = http_head_size(requests);
    const auto parsed = parse_http_head(requests.substr(0, size));
    const auto* const head = size > 0 ? std::get_if<HttpHead>(&parsed) : nullptr;
    take_reply(replies, head != nullptr && head->method == "HEAD");
    if (head == nullptr || !head->keep_alive || head->has_body) return;
    requests.remove_prefix(size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = as_text(data, size).substr(1);
  const Manners manners = manners_of(*data);
  Desk desk(*data);
  const StandingClock clock;
  SimulatedLoop loop;
  const GateSettings settings;
  HttpFront front({.answers = desk,
                   .clock = clock,
                   .loop = loop,
                   .gate = settings,
                   .metrics = [] { return std::string("# EOF\n"); },
                   .not_ready = [] { return std::string("the cache is not open"); }},
                  {});
  const std::string replies = converse(front, bytes, manners, [&] { desk.work(); });
  AKGATE_ASSERT(desk.idle());
  std::string_view rest = replies;
  if (!manners.hangs_up) take_replies(rest, bytes);
  AKGATE_ASSERT(manners.hangs_up || rest.empty());
  return 0;
}

}  // namespace akgate
