// SPDX-License-Identifier: Apache-2.0
#include "cli/ask_agent.hpp"

#include <array>
#include <memory>
#include <optional>

#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kLongestText = 1024UL * 1024;

/// How much of what has come is the reply; nothing while more is to come.
using FindEnd = std::optional<std::size_t> (*)(std::string_view text);

std::optional<std::size_t> end_of_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? std::nullopt : std::optional(end);
}

std::optional<std::size_t> end_of_lines(std::string_view text) {
  if (!text.ends_with('\n')) return std::nullopt;
  const std::string_view before = text.substr(0, text.size() - 1);
  const std::size_t newline = before.rfind('\n');
  const std::string_view last =
      newline == std::string_view::npos ? before : before.substr(newline + 1);
  const bool is_end =
      last == "OK" || last.starts_with("OK ") || last.starts_with("ERROR ") || last == "# EOF";
  return is_end ? std::optional(text.size()) : std::nullopt;
}

struct Expected {
  FindEnd find_end;
  std::size_t longest;
};

// What has come of a reply.
class IncomingReply {
 public:
  explicit IncomingReply(Expected expected) : expected_(expected) {}

  // Takes what is there to read. Whether the end has come, for better or worse.
  bool read_from(int fd) {
    std::array<char, 2048> chunk{};
    const Transfer received = receive(fd, chunk);
    if (received.kind == Transfer::Kind::would_block) return false;
    if (received.kind != Transfer::Kind::moved) {
      fault_ = "the agent closed the connection without a reply";
      return true;
    }
    text_.append(chunk.data(), received.bytes);
    if (expected_.find_end(text_)) return true;
    if (text_.size() <= expected_.longest) return false;
    fault_ = "the agent's reply has no end";
    return true;
  }

  [[nodiscard]] Result<std::string> take() const {
    if (fault_ != nullptr) return Error(fault_);
    const std::optional<std::size_t> end = expected_.find_end(text_);
    if (!end) return Error("the agent did not reply in time");
    return text_.substr(0, *end);
  }

 private:
  const Expected expected_;
  std::string text_;
  const char* fault_ = nullptr;
};

Result<std::string> ask(const std::string& socket, const Secret& question, milliseconds at_most,
                        Expected expected) {
  Result<Fd> connection = connect_unix(socket);
  if (!connection) return std::move(connection).error();
  Result<std::unique_ptr<EventLoop>> created = EventLoop::create();
  if (!created) return std::move(created).error();
  EventLoop& loop = **created;
  // One that has no room for us says so and closes, maybe before it was asked.
  const Status sent = send_to_agent(connection->get(), question.reveal());
  IncomingReply reply(expected);
  const int fd = connection->get();
  Status watched = loop.watch(fd, {.readable = true}, [&](Readiness) {
    if (!reply.read_from(fd)) return;
    loop.unwatch(fd);
    loop.stop();
  });
  if (!watched) return std::move(watched).error();
  loop.at(loop.now() + at_most, [&] { loop.stop(); });
  loop.run();
  loop.unwatch(fd);
  Result<std::string> text = reply.take();
  if (!text && !sent) return sent.error();
  return text;
}

}  // namespace

Status send_to_agent(int fd, std::string_view text) {
  while (!text.empty()) {
    const Transfer sent = send(fd, text);
    if (sent.kind != Transfer::Kind::moved) return Error("the agent does not take what it is sent");
    text.remove_prefix(sent.bytes);
  }
  return Done{};
}

Result<std::string> ask_for_line(const std::string& socket, const Secret& question,
                                 milliseconds at_most) {
  return ask(socket, question, at_most, {.find_end = end_of_line, .longest = kLongestLine});
}

Result<std::string> ask_for_lines(const std::string& socket, const Secret& question,
                                  milliseconds at_most) {
  return ask(socket, question, at_most, {.find_end = end_of_lines, .longest = kLongestText});
}

}  // namespace akgate
