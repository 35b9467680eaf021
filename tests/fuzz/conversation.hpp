// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "gate/protocol.hpp"
#include "gate/reception.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"

namespace akgate {

inline EventLoop& loop_of_all_runs() {
  static const std::unique_ptr<EventLoop> loop = EventLoop::create().value();
  return *loop;
}

/// How the asker's end behaves.
struct Manners {
  std::size_t piece = 4096;  ///< Bytes that come at once.
  bool hangs_up = false;     ///< Waits for no reply once it has said everything.
};

inline Manners manners_of(unsigned manner) {
  return {.piece = (manner & 4U) != 0 ? 4096 : 1 + (manner >> 4U) * 16,
          .hangs_up = (manner & 8U) != 0};
}

/// Takes off what has arrived; false where nothing has.
inline bool hear(const Fd& asker, std::string& heard) {
  std::array<char, 4096> chunk{};
  const ssize_t got = recv(asker.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
  if (got > 0) heard.append(chunk.data(), static_cast<std::size_t>(got));
  return got > 0;
}

/// All that a connection replies to these bytes. `meanwhile` is called after each turn of the loop,
/// to do what was asked.
template <typename Meanwhile>
std::string converse(Reception& reception, std::string_view bytes, const Manners& manners,
                     Meanwhile meanwhile) {
  // Byte by byte is for short ones: it costs a turn of the loop each.
  const std::size_t piece = std::max(manners.piece, bytes.size() / 64);
  std::array<int, 2> ends{};
  AKGATE_ASSERT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
  Fd asker(ends[0]);
  std::unique_ptr<ServedConnection> served = reception.receive(Fd(ends[1]), loop_of_all_runs());
  AKGATE_ASSERT(served->start([&] { served.reset(); }).ok());
  std::string replies;
  for (int turns = 0; served; ++turns) {
    AKGATE_ASSERT(turns < 100'000);  // I10: it comes to an end
    const ssize_t said =
        send(asker.get(), bytes.data(), std::min(piece, bytes.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (said > 0) bytes.remove_prefix(static_cast<std::size_t>(said));
    if (bytes.empty()) shutdown(asker.get(), SHUT_WR);
    loop_of_all_runs().stop();
    loop_of_all_runs().run();
    if (bytes.empty() && manners.hangs_up) asker.close();
    meanwhile();
    hear(asker, replies);
  }
  while (hear(asker, replies)) continue;
  return replies;
}

/// How many replies are due to these bytes (I10): one for each line, up to the first that is too
/// long or no text, and one for an end without its line end.
inline std::size_t replies_due(std::string_view bytes) {
  for (std::size_t due = 0;; ++due) {
    if (bytes.empty()) return due;
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos || end >= kMaxLineBytes) return due + 1;
    std::string_view line = bytes.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_text(line)) return due + 1;
    bytes.remove_prefix(end + 1);
  }
}

/// How many of the lines begin with one of these words. Each line has an end.
inline std::size_t count_lines(std::string_view text, std::span<const std::string_view> words) {
  std::size_t count = 0;
  for (std::size_t end = 0; !text.empty(); text.remove_prefix(end + 1)) {
    end = text.find('\n');
    AKGATE_ASSERT(end != std::string_view::npos && is_text(text.substr(0, end)));
    for (const std::string_view word : words) count += text.starts_with(word) ? 1U : 0U;
  }
  return count;
}

}  // namespace akgate
