// SPDX-License-Identifier: Apache-2.0
#include "cli/answer_watch.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "cli/ask_agent.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::string_view kChanged = "CHANGED ";

bool says_the_same(const GateReply& a, const GateReply& b) {
  return a.kind == b.kind && a.field("reason") == b.field("reason");
}

}  // namespace

AnswerWatch::AnswerWatch(EventLoop& loop, std::string socket, Secret question, Handlers handlers,
                         Pace pace)
    : loop_(loop),
      socket_(std::move(socket)),
      question_(std::move(question)),
      handlers_(std::move(handlers)),
      pace_(pace),
      pause_(pace.first_pause) {}

AnswerWatch::~AnswerWatch() {
  loop_.cancel(timer_);
  disconnect();
}

void AnswerWatch::start() { after(std::chrono::milliseconds(0), &AnswerWatch::connect); }

void AnswerWatch::after(std::chrono::milliseconds pause, void (AnswerWatch::*task)()) {
  loop_.cancel(timer_);
  timer_ = loop_.at(loop_.now() + pause, [this, task] { (this->*task)(); });
}

void AnswerWatch::connect() {
  if (const Status asked = ask(); !asked) return lose(asked.error());
  heard_ = true;
  feel_pulse();
}

Status AnswerWatch::ask() {
  Result<Fd> connection = connect_unix(socket_);
  if (!connection) return std::move(connection).error();
  connection_ = *std::move(connection);
  if (Status sent = send_to_agent(connection_.get(), question_.reveal()); !sent) return sent;
  return loop_.watch(connection_.get(), {.readable = true}, [this](Readiness) { receive_some(); });
}

void AnswerWatch::disconnect() {
  if (connection_.valid()) loop_.unwatch(connection_.get());
  connection_ = Fd();
  input_.clear();
}

void AnswerWatch::end(const Error& why) {
  loop_.cancel(timer_);
  disconnect();
  handlers_.on_end(why);
}

void AnswerWatch::lose(const Error& why) {
  if (!told_) return end(why);
  disconnect();
  after(pause_, &AnswerWatch::connect);
  pause_ = std::min(pause_ * 2, pace_.longest_pause);
  if (std::exchange(lost_, true)) return;
  handlers_.on_note(why.what() +
                    "; what it would answer is not known until it is back: trying again");
}

// A connection may stay open with nobody behind it who would ever speak.
void AnswerWatch::feel_pulse() {
  if (!std::exchange(heard_, false)) return lose(Error("the agent has fallen silent"));
  if (const Status sent = send_to_agent(connection_.get(), "PING\n"); !sent) {
    return lose(sent.error());
  }
  after(pace_.heartbeat, &AnswerWatch::feel_pulse);
}

void AnswerWatch::receive_some() {
  std::array<char, 2048> chunk{};
  const Transfer received = receive(connection_.get(), chunk);
  if (received.kind == Transfer::Kind::would_block) return;
  if (received.kind != Transfer::Kind::moved) {
    return lose(Error("the agent closed the connection"));
  }
  input_.append(chunk.data(), received.bytes);
  std::size_t end = 0;
  while ((end = input_.find('\n')) != std::string::npos) {
    const std::string line = input_.substr(0, end);
    input_.erase(0, end + 1);
    if (!take_line(line)) return;
  }
  if (input_.size() > kLongestLine) lose(Error("the agent's reply has no end"));
}

// Whether the connection goes on.
bool AnswerWatch::take_line(std::string_view line) {
  heard_ = true;
  if (line == "PONG") return true;
  if (line.starts_with(kChanged)) line.remove_prefix(kChanged.size());
  const Result<GateReply> reply = parse_gate_reply(line, kId);
  if (!reply) {
    lose(reply.error());
    return false;
  }
  if (reply->kind != GateReply::Kind::error) {
    take_verdict(*reply);
    return true;
  }
  const Error why(describe(*reply));
  // One that is just starting may have no room yet for all who come back.
  if (reply->field("reason") == "overloaded") {
    lose(why);
  } else {
    end(why);
  }
  return false;
}

void AnswerWatch::take_verdict(const GateReply& reply) {
  pause_ = pace_.first_pause;
  if (std::exchange(lost_, false)) handlers_.on_note("the agent is back");
  const bool news = !told_ || !says_the_same(*told_, reply);
  told_ = reply;
  if (news) handlers_.on_verdict(reply);
}

}  // namespace akgate
