// SPDX-License-Identifier: Apache-2.0
#include "cli/control_client.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/ask_agent.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

constexpr std::size_t kLongestReply = 4096;

/// Commands under way on a connection.
class Conversation {
 public:
  Conversation(EventLoop& loop, int fd, const Commands& commands)
      : loop_(loop), fd_(fd), commands_(commands), began_(loop.now()) {}
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  ~Conversation() { loop_.unwatch(fd_); }

  Result<std::size_t> run() {
    Status watched = loop_.watch(fd_, {.readable = true}, [this](Readiness) { receive_some(); });
    if (!watched) return std::move(watched).error();
    send_due();
    loop_.run();
    if (fault_) return *fault_;
    return sent_;
  }

 private:
  [[nodiscard]] bool awaits_reply() const { return answered_ < sent_; }

  void fail(Error fault) {
    fault_ = std::move(fault);
    loop_.stop();
  }

  /// Sends what is due and has room; sees to it that the rest gets its turn.
  void send_due() {
    while (!broken_ && sent_ < commands_.count && sent_ - answered_ < commands_.window) {
      if (commands_.at_most && loop_.now() >= began_ + *commands_.at_most) break;
      const BootTime due =
          began_ + std::chrono::ceil<BootTime::duration>(
                       commands_.interval * static_cast<std::chrono::nanoseconds::rep>(sent_));
      if (due > loop_.now()) {
        loop_.cancel(pause_);
        pause_ = loop_.at(due, [this] { send_due(); });
        return;
      }
      const Secret line = commands_.line(sent_);
      // Replies may still have come before the connection broke: reading tells when it is over, or
      // the wait for the next one.
      broken_ = !send_to_agent(fd_, line.reveal()).ok();
      if (!awaits_reply()) be_patient();
      ++sent_;
    }
    if (!awaits_reply()) loop_.stop();
  }

  void be_patient() {
    loop_.cancel(patience_);
    patience_ = loop_.at(loop_.now() + commands_.patience, [this] {
      if (awaits_reply()) fail(Error("the agent did not reply in time"));
    });
  }

  void receive_some() {
    std::array<char, 2048> chunk{};
    const Transfer received = receive(fd_, chunk);
    if (received.kind == Transfer::Kind::would_block) return;
    if (received.kind != Transfer::Kind::moved) {
      return fail(Error("the agent closed the connection before all was done"));
    }
    input_.append(chunk.data(), received.bytes);
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = input_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      if (!take_reply(std::string_view(input_).substr(begin, end - begin))) return;
    }
    input_.erase(0, begin);
    if (input_.size() > kLongestReply) return fail(Error("the agent's reply has no end"));
    send_due();
  }

  bool take_reply(std::string_view line) {
    Result<ControlReply> reply = parse_control_reply(line);
    if (!reply) {
      fail(std::move(reply).error());
      return false;
    }
    if (answered_ == 0 && reply->reason == "overloaded" && reply->detail.empty()) {
      fail(Error("the agent has no room for another connection; try again later"));
      return false;
    }
    if (!awaits_reply()) {
      fail(Error("the agent replied to what it was not told"));
      return false;
    }
    commands_.on_reply(answered_++, *reply);
    be_patient();
    return true;
  }

  EventLoop& loop_;
  const int fd_;
  const Commands& commands_;
  const BootTime began_;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  bool broken_ = false;  ///< It takes no more commands.
  std::string input_;
  Loop::TimerId pause_ = 0;
  Loop::TimerId patience_ = 0;
  std::optional<Error> fault_;
};

}  // namespace

Secret command_line(std::string_view word, const AccessKey& key, std::string_view behind) {
  const Secret text = key.reveal();
  std::string line;
  // In one piece, so that no copy of the key is left behind (I9).
  line.reserve(word.size() + text.reveal().size() + behind.size() + 3);
  line.append(word).append(" ").append(text.reveal());
  if (!behind.empty()) line.append(" ").append(behind);
  line.append("\n");
  return Secret(std::move(line));
}

Result<std::size_t> send_commands(const std::string& socket, const Commands& commands) {
  Result<Fd> connection = connect_unix(socket);
  if (!connection) return std::move(connection).error();
  Result<std::unique_ptr<EventLoop>> loop = EventLoop::create();
  if (!loop) return std::move(loop).error();
  return Conversation(**loop, connection->get(), commands).run();
}

Result<ControlReply> send_command(const std::string& socket, const Secret& line) {
  ControlReply reply;
  const Result<std::size_t> sent = send_commands(
      socket, {.count = 1,
               .line = [&line](std::size_t) { return line; },
               .on_reply = [&reply](std::size_t, const ControlReply& its) { reply = its; }});
  if (!sent) return sent.error();
  return reply;
}

}  // namespace akgate
