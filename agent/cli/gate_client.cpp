// SPDX-License-Identifier: Apache-2.0
#include "cli/gate_client.hpp"

#include <array>
#include <memory>
#include <string_view>

#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

constexpr std::size_t kLongestReply = 4096;

// What has come of a reply line.
class ReplyLine {
 public:
  // Takes what is there to read. Whether the end has come, for better or worse.
  bool read_from(int fd) {
    std::array<char, 1024> chunk{};
    const Transfer received = receive(fd, chunk);
    if (received.kind == Transfer::Kind::would_block) return false;
    if (received.kind != Transfer::Kind::moved) {
      fault_ = "the agent closed the connection without a reply";
      return true;
    }
    line_.append(chunk.data(), received.bytes);
    if (line_.find('\n') != std::string::npos) return true;
    if (line_.size() <= kLongestReply) return false;
    fault_ = "the agent's reply has no end";
    return true;
  }

  [[nodiscard]] Result<std::string> line() const {
    if (fault_ != nullptr) return Error(fault_);
    const std::size_t end = line_.find('\n');
    if (end == std::string::npos) return Error("the agent did not reply in time");
    return line_.substr(0, end);
  }

 private:
  std::string line_;
  const char* fault_ = nullptr;
};

}  // namespace

Status send_to_agent(int fd, std::string_view text) {
  while (!text.empty()) {
    const Transfer sent = send(fd, text);
    if (sent.kind != Transfer::Kind::moved) return Error("the agent does not take what it is sent");
    text.remove_prefix(sent.bytes);
  }
  return Done{};
}

Result<std::string> ask_gate(const std::string& socket, const Secret& question,
                             std::chrono::milliseconds at_most) {
  Result<Fd> connection = connect_unix(socket);
  if (!connection) return std::move(connection).error();
  Result<std::unique_ptr<EventLoop>> created = EventLoop::create();
  if (!created) return std::move(created).error();
  EventLoop& loop = **created;
  // One that has no room for us says so and closes, maybe before it was asked.
  const Status sent = send_to_agent(connection->get(), question.reveal());
  ReplyLine reply;
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
  Result<std::string> line = reply.line();
  if (!line && !sent) return sent.error();
  return line;
}

}  // namespace akgate
