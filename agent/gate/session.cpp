// SPDX-License-Identifier: Apache-2.0
#include "gate/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

/// The id under which a reply may overtake others; empty where it keeps its place.
std::string_view id_of(const Request& request) {
  if (const auto* const check = std::get_if<Check>(&request)) return check->id;
  if (const auto* const bad = std::get_if<BadRequest>(&request)) return bad->id;
  return {};
}

}  // namespace

Session::Session(Fd socket, const GateContext& context)
    : socket_(std::move(socket)), context_(context) {}

Session::~Session() {
  context_.loop.unwatch(socket_.get());
  for (const Pending& pending : pending_) {
    if (!pending.settled) context_.answers.cancel(pending.ticket);
  }
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
  for (Pending& pending : pending_) {
    if (pending.settled) continue;
    context_.answers.cancel(pending.ticket);
    pending.settled = true;
    pending.how = {.local = Reason::timeout};
  }
  if (!send_some() || !unsent_.empty()) return;
  answer_settled();
  static_cast<void>(send_some());
}

// --- turns ---------------------------------------------------------------------------------------

Status Session::want(Readiness wanted) {
  if (wanted == wanted_) return Done{};
  wanted_ = wanted;
  return context_.loop.watch(socket_.get(), wanted, [this](Readiness ready) { on_ready(ready); });
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
  take_lines();
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
        pending_.push_back({.request = LineTooLong{}});
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
  if (!is_text(line)) {
    pending_.push_back(
        {.request = BadRequest{.detail = "not text: lines are UTF-8 without control characters",
                               .id = {}}});
    return end_input();
  }
  Request request = parse_request(line, context_.settings.demands);
  if (auto* const check = std::get_if<Check>(&request)) return ask(std::move(*check));
  pending_.push_back({.request = std::move(request)});
}

/// No whole line is left. A line that was begun and never ended is not answered as if it were
/// whole: what was cut off may have been a restriction.
void Session::take_rest() {
  lines_left_ = false;
  if (!input_ended_ || input_.empty()) return;
  if (!draining_) {
    pending_.push_back({.request = BadRequest{.detail = "the last line has no end", .id = {}}});
  }
  input_.clear();
}

void Session::end_input() {
  input_ended_ = true;
  lines_left_ = false;
  input_.clear();
}

// --- questions -----------------------------------------------------------------------------------

void Session::ask(Check check) {
  if (!check.id.empty() && in_flight(check.id)) {
    // At once and under that id: who keeps questions by id now has the answer for this one, and
    // drops the other one's when it comes, rather than taking it for this one's.
    pending_.push_back(
        {.request = BadRequest{.detail = "id is in flight on this connection already",
                               .id = std::move(check.id)}});
    return;
  }
  const auto timeout = check.timeout.value_or(context_.settings.check_timeout);
  Pending& pending = pending_.emplace_back(Pending{.request = std::move(check), .settled = false});
  pending.ticket =
      context_.answers.ask(std::get_if<Check>(&pending.request)->question, timeout,
                           [this, &pending](const Settled& how) { settle(pending, how); });
  AKGATE_ASSERT(pending.settled == (pending.ticket == Answers::kSettled));
}

/// Only notes it: the desk is in the midst of its own work, and is not to be asked or cancelled
/// from here.
void Session::settle(Pending& pending, const Settled& how) {
  AKGATE_ASSERT(!pending.settled);
  pending.settled = true;
  pending.how = how;
  const bool within_ask = std::exchange(pending.ticket, Answers::kSettled) == Answers::kSettled;
  if (!within_ask) want_turn();
}

bool Session::in_flight(std::string_view id) const {
  return std::any_of(pending_.begin(), pending_.end(), [id](const Pending& pending) {
    const auto* const check = std::get_if<Check>(&pending.request);
    return check != nullptr && check->id == id;
  });
}

// --- replies -------------------------------------------------------------------------------------

void Session::answer_settled() {
  if (pending_.empty()) return;
  constexpr std::size_t kUsualReplies = 512;
  unsent_.reserve(kUsualReplies);
  const Timestamp wall = context_.clock.read().wall;
  bool earlier_awaited = false;
  for (auto pending = pending_.begin(); pending != pending_.end();) {
    const bool in_order = id_of(pending->request).empty();
    if (pending->settled && !(in_order && earlier_awaited)) {
      append_reply(*pending, wall);
      pending = pending_.erase(pending);
    } else {
      earlier_awaited |= in_order;
      ++pending;
    }
  }
}

void Session::append_reply(const Pending& pending, Timestamp wall) {
  if (const auto* const check = std::get_if<Check>(&pending.request)) {
    append_verdict(unsent_, context_.answers.verdict(check->question, pending.how), check->id,
                   wall);
  } else if (const auto* const bad = std::get_if<BadRequest>(&pending.request)) {
    append_bad_request(unsent_, *bad);
  } else if (std::holds_alternative<LineTooLong>(pending.request)) {
    unsent_.append(kLineTooLong);
  } else {
    unsent_.append(std::holds_alternative<Ping>(pending.request) ? kPong : kHello);
  }
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
