// SPDX-License-Identifier: Apache-2.0
#include "gate/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.hpp"
#include "gate/protocol.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

std::unique_ptr<ServedConnection> Dialogue::receive(Fd socket, EventLoop& loop) {
  return std::make_unique<Session>(std::move(socket), loop, *this);
}

std::string_view Dialogue::overloaded() const { return kOverloaded; }

// Of somebody who has gone already, nothing is known. No privilege comes of it: kNobody's, which is
// the agent's own, least of all (I12).
Uid Session::uid_at(int fd) {
  const Result<PeerCredentials> peer = peer_credentials(fd);
  return peer ? peer->uid : kUnknown;
}

Status Session::start(Task on_over) {
  on_over_ = std::move(on_over);
  return want({.readable = true});
}

void Session::drain() {
  draining_ = true;
  want_turn();
}

void Session::answer_rest() {
  for (const auto& exchange : pending_) {
    if (!exchange->settled()) exchange->give_up();
  }
  if (!send_some() || !unsent_.empty()) return;
  answer_settled();
  static_cast<void>(send_some());
}

// --- turns ---------------------------------------------------------------------------------------

Status Session::want(Readiness wanted) {
  if (wanted == wanted_) return Done{};
  wanted_ = wanted;
  return loop_.watch(socket_.get(), wanted, [this](Readiness ready) { on_ready(ready); });
}

/// A turn as soon as the other end can take a reply.
void Session::want_turn() {
  // Without its watch the connection would hang for ever; closing it here would call back into a
  // desk that is in the midst of settling. It takes a kernel without memory for one more
  // descriptor.
  const Status wanted = want({.readable = wanted_.readable, .writable = true});
  AKGATE_ASSERT(wanted.ok());
}

void Session::on_ready(Readiness ready) {
  // What was not waited for is an error or a hang-up, which show as both: nobody is there to be
  // answered.
  const bool gone = (ready.readable && !wanted_.readable) || (ready.writable && !wanted_.writable);
  if (gone || !take_turn(ready.readable)) return end();
  if (finished()) {
    discard_input(socket_.get());
    return end();
  }
  // Whole lines that wait in our own buffer make no descriptor ready; room to send does.
  const bool another_turn = !unsent_.empty() || (lines_left_ && pending_.size() < kMaxPending);
  const bool may_read = !input_ended_ && !lines_left_ && unsent_.empty();
  if (!want({.readable = may_read, .writable = another_turn})) end();
}

/// False where the connection is lost.
bool Session::take_turn(bool readable) {
  if (!send_some()) return false;
  if (!unsent_.empty()) return true;
  if (readable && !receive_some()) return false;
  if (draining_) input_ended_ = true;
  taking_lines_ = true;
  take_lines();
  taking_lines_ = false;
  answer_settled();
  return send_some();
}

bool Session::finished() const {
  return input_ended_ && !lines_left_ && pending_.empty() && unsent_.empty();
}

void Session::end() {
  const Task on_over = std::move(on_over_);
  on_over();
}

// --- input ---------------------------------------------------------------------------------------

bool Session::receive_some() {
  const Transfer transfer = receive(socket_.get(), input_.room());
  if (transfer.kind == Transfer::Kind::moved) input_.received(transfer.bytes);
  if (transfer.kind == Transfer::Kind::closed) input_ended_ = true;
  return transfer.kind != Transfer::Kind::failed;
}

void Session::take_lines() {
  for (std::size_t taken = 0; taken < kMaxLinesPerTurn && pending_.size() < kMaxPending; ++taken) {
    const LineBuffer::Cut cut = input_.next();
    switch (cut.kind) {
      case LineBuffer::Cut::Kind::line:
        take_line(cut.text);
        break;
      case LineBuffer::Cut::Kind::too_long:
        pending_.push_back(std::make_unique<Reply>(std::string(kLineTooLong)));
        end_input();
        break;
      case LineBuffer::Cut::Kind::none:
        take_rest();
        return;
    }
  }
  lines_left_ = !input_.empty();
}

void Session::take_line(std::string_view line) {
  if (is_text(line)) {
    pending_.push_back(dialogue_.take(line, *this));
  } else {
    refuse("not text: lines are UTF-8 without control characters");
    end_input();
  }
}

/// No whole line is left. A line that was begun and never ended is not answered as if it were
/// whole: what was cut off may have been a restriction.
void Session::take_rest() {
  lines_left_ = false;
  if (!input_ended_ || input_.empty()) return;
  if (!draining_) refuse("the last line has no end");
  input_.clear();
}

void Session::end_input() {
  input_ended_ = true;
  lines_left_ = false;
  input_.clear();
}

// --- replies -------------------------------------------------------------------------------------

bool Session::in_flight(std::string_view id) const {
  return std::any_of(pending_.begin(), pending_.end(),
                     [id](const auto& exchange) { return exchange->id() == id; });
}

void Session::reply_is_due() {
  if (!taking_lines_) want_turn();
}

void Session::refuse(std::string_view detail) {
  std::string line;
  append_bad_request(line, {.detail = std::string(detail), .id = {}});
  pending_.push_back(std::make_unique<Reply>(std::move(line)));
}

void Session::answer_settled() {
  if (pending_.empty()) return;
  constexpr std::size_t kUsualReplies = 512;
  unsent_.reserve(kUsualReplies);
  bool earlier_awaited = false;
  for (auto& exchange : pending_) {
    const bool in_order = exchange->id().empty();
    if (exchange->settled() && !(in_order && earlier_awaited)) {
      exchange->append_reply(unsent_);
      exchange.reset();
    } else {
      earlier_awaited |= in_order;
    }
  }
  std::erase(pending_, nullptr);
}

bool Session::send_some() {
  if (unsent_.empty()) return true;
  const Transfer transfer = send(socket_.get(), unsent_);
  if (transfer.kind == Transfer::Kind::would_block) return true;
  if (transfer.kind != Transfer::Kind::moved) return false;
  unsent_.erase(0, transfer.bytes);
  if (unsent_.empty()) std::string().swap(unsent_);  // an idle connection holds no buffer
  return true;
}

void discard_input(int fd) {
  constexpr int kMaxChunks = 64;  // 256 KiB: what a Unix socket holds by default
  std::array<char, 4096> chunk{};
  for (int i = 0; i < kMaxChunks; ++i) {
    if (receive(fd, chunk).kind != Transfer::Kind::moved) return;
  }
}

}  // namespace akgate
