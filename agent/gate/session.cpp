// SPDX-License-Identifier: Apache-2.0
#include "gate/session.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "gate/protocol.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

std::unique_ptr<ServedConnection> Dialogue::receive(Fd socket, EventLoop& loop) {
  return std::make_unique<Session>(std::move(socket), loop, *this, limits());
}

std::string_view Dialogue::overloaded() const { return kOverloaded; }

std::string Dialogue::forbidden(std::string_view why) const {
  return "ERROR reason=forbidden detail=" + percent_encode(why) + "\n";
}

// Of somebody who has gone already, nothing is known. No privilege comes of it: kNobody's, which is
// the agent's own, least of all (I12).
Uid Session::uid_at(int fd) {
  const Result<PeerCredentials> peer = peer_credentials(fd);
  return peer ? peer->uid : kUnknown;
}

Session::~Session() {
  loop_.cancel(stall_timer_);
  loop_.unwatch(socket_.get());
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

void Session::dismiss() {
  answer_rest();
  unsent_.text().append(dialogue_.overloaded());
  static_cast<void>(send_some());
  discard_input(socket_.get());
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
  const Status wanted =
      want({.readable = wanted_.readable, .writable = true, .patient = wanted_.patient});
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
  const bool another_turn =
      !unsent_.empty() || (lines_left_ && pending_.size() < limits_.max_pending);
  const bool may_read = !input_ended_ && !lines_left_ && unsent_.empty();
  mind_stall();
  const bool patient = lines_left_ || in_plenty_;
  if (!want({.readable = may_read, .writable = another_turn, .patient = patient})) end();
}

void Session::mind_stall() {
  if (unsent_.empty() || watches_.empty() || stall_timer_ != 0) return;
  stall_timer_ = loop_.at(loop_.now() + limits_.stall_time, [this] { end(); });
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
  const std::span<char> room = input_.room();
  const Transfer transfer = receive(socket_.get(), room);
  in_plenty_ = transfer.bytes == room.size();
  if (transfer.kind == Transfer::Kind::moved) {
    input_.received(transfer.bytes);
    moved_at_ = loop_.now();
  }
  if (transfer.kind == Transfer::Kind::closed) input_ended_ = true;
  return transfer.kind != Transfer::Kind::failed;
}

void Session::take_lines() {
  for (std::size_t work = 0; work < kWorkPerTurn && pending_.size() < limits_.max_pending;) {
    const LineBuffer::Cut cut = input_.next();
    switch (cut.kind) {
      case LineBuffer::Cut::Kind::line:
        work += take_line(cut.text);
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

/// How much work it was.
std::size_t Session::take_line(std::string_view line) {
  if (dialogue_.answer_again(line, *this)) return kWorkOfReply;
  if (!is_text(line)) {
    refuse("not text: lines are UTF-8 without control characters");
    end_input();
    return kWorkOfExchange;
  }
  work_of_line_ = kWorkOfReply;
  std::unique_ptr<Exchange> exchange = dialogue_.take(line, *this);
  if (exchange == nullptr) return work_of_line_;
  pending_.push_back(std::move(exchange));
  if (no_more_) end_input();
  return kWorkOfExchange;
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
  const auto has_it = [id](const auto& exchange) { return exchange->id() == id; };
  return std::any_of(pending_.begin(), pending_.end(), has_it) ||
         std::any_of(watches_.begin(), watches_.end(), has_it);
}

std::string* Session::room_for_reply(std::string_view id) {
  const bool in_turn = !id.empty() || pending_.empty();
  if (!taking_lines_ || !in_turn || !may_reply()) return nullptr;
  return &unsent_.text();
}

bool Session::end_watch(std::string_view id) {
  if (std::erase_if(watches_, [id](const auto& watch) { return watch->id() == id; }) > 0) {
    return true;
  }
  const auto found = std::find_if(pending_.begin(), pending_.end(), [id](const auto& exchange) {
    return exchange->id() == id && exchange->goes_on();
  });
  if (found == pending_.end()) return false;
  (*found)->give_up();
  return true;
}

void Session::reply_is_due() {
  news_due_ = true;
  if (!taking_lines_) want_turn();
}

void Session::refuse(std::string_view detail) {
  std::string line;
  append_bad_request(line, {.detail = std::string(detail), .id = {}});
  pending_.push_back(std::make_unique<Reply>(std::move(line)));
}

void Session::answer_settled() {
  if (!pending_.empty()) answer_pending();
  if (news_due_) answer_watches();
}

void Session::answer_pending() {
  bool earlier_awaited = false;
  for (auto& exchange : pending_) {
    if (!may_reply()) break;
    const bool in_order = exchange->id().empty();
    if (exchange->settled() && !(in_order && earlier_awaited)) {
      exchange->append_reply(unsent_.text());
      if (exchange->goes_on()) watches_.push_back(std::move(exchange));
      exchange.reset();
    } else {
      earlier_awaited |= in_order;
    }
  }
  std::erase(pending_, nullptr);
}

void Session::answer_watches() {
  news_due_ = false;
  for (const auto& watch : watches_) {
    if (!watch->settled()) continue;
    if (!may_reply()) {
      news_due_ = true;
      return;
    }
    watch->append_reply(unsent_.text());
  }
}

bool Session::send_some() {
  using Kind = Transfer::Kind;
  const Transfer transfer = unsent_.send_to(socket_.get());
  if (transfer.kind == Kind::moved) moved_at_ = loop_.now();
  if (unsent_.empty() && stall_timer_ != 0) loop_.cancel(std::exchange(stall_timer_, 0));
  return transfer.kind == Kind::moved || transfer.kind == Kind::would_block;
}

}  // namespace akgate
