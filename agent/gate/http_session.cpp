// SPDX-License-Identifier: Apache-2.0
#include "gate/http_session.hpp"

#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include "base/assert.hpp"
#include "gate/http_question.hpp"
#include "platform/unix_socket.hpp"

namespace akgate {

namespace {

constexpr HttpFault kHeadCutShort{
    .status = 400, .why = "the request ends before the empty line behind its headers"};
constexpr HttpFault kTooSlow{.status = 408, .why = "the request did not come to its end in time"};

// Of somebody who has gone already, nothing is known, nor of anybody behind TCP. As in Session, no
// privilege comes of it.
Uid uid_at(int fd) {
  const Result<PeerCredentials> peer = peer_credentials(fd);
  return peer ? peer->uid : kUnknown;
}

}  // namespace

HttpSession::HttpSession(Fd socket, EventLoop& loop, HttpFront& front)
    : socket_(std::move(socket)), uid_(uid_at(socket_.get())), loop_(loop), front_(front) {}

HttpSession::~HttpSession() {
  loop_.cancel(timer_);
  loop_.unwatch(socket_.get());
}

Status HttpSession::start(Task on_over) {
  on_over_ = std::move(on_over);
  keep_time();
  return want({.readable = true});
}

void HttpSession::drain() {
  draining_ = true;
  want_turn();
}

void HttpSession::answer_rest() {
  if (asked_ && unsent_.empty()) {
    if (!asked_->settled()) asked_->give_up();
    reply_verdict();
  }
  static_cast<void>(send_some());
}

void HttpSession::dismiss() {
  if (asked_) {
    answer_rest();
  } else if (unsent_.empty()) {
    unsent_.text().append(front_.overloaded());
    static_cast<void>(send_some());
  }
  discard_input(socket_.get());
}

// --- turns ---------------------------------------------------------------------------------------

Status HttpSession::want(Readiness wanted) {
  if (wanted == wanted_) return Done{};
  wanted_ = wanted;
  return loop_.watch(socket_.get(), wanted, [this](Readiness ready) { on_ready(ready); });
}

/// A turn as soon as the other end can take a reply.
void HttpSession::want_turn() {
  // As in Session: it takes a kernel without memory for one more descriptor.
  const Status wanted = want({.readable = wanted_.readable, .writable = true});
  AKGATE_ASSERT(wanted.ok());
}

Readiness HttpSession::wants() const {
  if (leaving_) return {.readable = true};
  if (!unsent_.empty()) return {.writable = true};
  // Also while a question is in flight, since that is how we learn that its asker has gone. A
  // request that waits in our own buffer makes no descriptor ready; room to send does.
  return {.readable = !input_ended_ && !input_.full(), .writable = !asked_ && has_request()};
}

void HttpSession::on_ready(Readiness ready) {
  // What was not waited for is an error or a hang-up, which show as both: nobody is there to be
  // answered. An asker that only ends its own sending still gets its reply; over TCP the two look
  // the same, and a question whose asker has gone is kept until its time is over.
  const bool gone = (ready.readable && !wanted_.readable) || (ready.writable && !wanted_.writable);
  if (gone || !take_turn(ready.readable)) return end();
  keep_time();
  if (!want(wants())) end();
}

/// False where the connection is over.
bool HttpSession::take_turn(bool readable) {
  if (leaving_) return discard_some();
  if (readable && !receive_some()) return false;
  if (unsent_.empty()) {
    if (!asked_) {
      take_requests();
    } else if (asked_->settled()) {
      reply_verdict();
    }
  }
  return send_some() && go_on();
}

bool HttpSession::go_on() {
  if (!unsent_.empty() || asked_) return true;
  if (closing_) return leave();
  return has_request() || !(input_ended_ || draining_);
}

/// Ends our side first, and waits for the other's end: closing while a body still comes would make
/// a reset of it, and the reply might be lost (RFC 9112, section 9.6).
bool HttpSession::leave() {
  if (input_ended_) return false;
  input_.clear();
  end_sending(socket_.get());
  leaving_ = true;
  return true;
}

void HttpSession::end() {
  const Task on_over = std::move(on_over_);
  on_over();
}

// --- patience ------------------------------------------------------------------------------------

void HttpSession::keep_time() {
  const HttpSettings& settings = front_.settings();
  Patience patience = Patience::none;  // The desk keeps a question's time.
  std::chrono::milliseconds time{};
  if (leaving_) {
    patience = Patience::end;
    time = settings.leaving_time;
  } else if (!unsent_.empty()) {
    patience = Patience::reply_taken;
    time = settings.reply_time;
  } else if (!asked_) {
    patience = input_.empty() ? Patience::next_request : Patience::rest_of_head;
    time = input_.empty() ? settings.idle_time : settings.head_time;
  }
  if (patience == patience_) return;
  patience_ = patience;
  if (patience == Patience::none) return;
  patient_until_ = loop_.now() + time;
  // One that fires before will do: it sees that there is time left.
  if (timer_ == 0 || timer_due_ > patient_until_) wait_until(patient_until_);
}

void HttpSession::wait_until(BootTime when) {
  loop_.cancel(timer_);
  timer_due_ = when;
  timer_ = loop_.at(when, [this] {
    timer_ = 0;
    if (patience_ == Patience::none) return;
    if (loop_.now() < patient_until_) return wait_until(patient_until_);
    run_out_of_patience();
  });
}

void HttpSession::run_out_of_patience() {
  if (patience_ != Patience::rest_of_head) return end();
  refuse(kTooSlow);
  if (!send_some() || !go_on()) return end();
  keep_time();
  if (!want(wants())) end();
}

// --- requests ------------------------------------------------------------------------------------

bool HttpSession::receive_some() {
  const std::span<char> room = input_.room();
  if (room.empty()) return true;
  const Transfer transfer = receive(socket_.get(), room);
  if (transfer.kind == Transfer::Kind::moved) {
    input_.received(transfer.bytes);
    moved_at_ = loop_.now();
  }
  if (transfer.kind == Transfer::Kind::closed) input_ended_ = true;
  return transfer.kind != Transfer::Kind::failed;
}

bool HttpSession::discard_some() {
  std::array<char, 2048> chunk{};
  const Transfer transfer = receive(socket_.get(), chunk);
  return transfer.kind == Transfer::Kind::moved || transfer.kind == Transfer::Kind::would_block;
}

/// Whether there is something to be answered: a request, or what will never be one.
bool HttpSession::has_request() const {
  if (input_.head_size() > 0) return true;
  return input_.full() || (input_ended_ && !input_.empty());
}

/// What waits in the input, for one write; a question that is not answered at once ends it.
void HttpSession::take_requests() {
  constexpr std::size_t kEnoughToWrite = 8192;
  while (!asked_ && !closing_ && unsent_.size() < kEnoughToWrite && has_request()) take_request();
}

void HttpSession::take_request() {
  const std::string_view held = input_.held();
  const std::size_t size = input_.head_size();
  if (size == 0) return refuse(input_.full() ? kHttpHeadTooLong : kHeadCutShort);
  const std::string_view text = held.substr(0, size);
  if (!answer_again(text)) {
    const auto parsed = parse_http_head(text);
    if (const auto* const fault = std::get_if<HttpFault>(&parsed)) return refuse(*fault);
    take(*std::get_if<HttpHead>(&parsed), text);
  }
  input_.drop(size);
}

/// What is at hand keeps the connection.
bool HttpSession::answer_again(std::string_view head) {
  if (draining_) return false;
  const auto again = front_.at_hand().reply_to(head, uid_);
  if (!again) return false;
  ending_ = {.keep_alive = true};
  unsent_.text().append(*again);
  begin_reply();
  return true;
}

void HttpSession::take(const HttpHead& head, std::string_view text) {
  ending_ = {.keep_alive = head.keep_alive && !head.has_body, .head_only = head.method == "HEAD"};
  if (!HttpFront::is_question(head)) return reply(front_.reply_to(head));
  auto question =
      read_http_question(head, front_.parts().gate.demands, front_.settings().required_headers);
  if (const auto* const bad = std::get_if<HttpBadQuestion>(&question))
    return reply(http_bad_question(bad->why));
  auto& asked = *std::get_if<Question>(&question);
  if (const auto at_once = front_.parts().answers.answer_at_once(asked, uid_)) {
    const std::size_t begin = unsent_.size();
    reply(http_verdict(at_once->verdict, front_.parts().clock.read().wall));
    const auto text_of_reply = std::string_view(unsent_.text()).substr(begin);
    if (!closing_) front_.at_hand().keep(text, uid_, asked, *at_once, text_of_reply);
    return;
  }
  asked_.emplace(std::move(asked), uid_, front_, [this] { want_turn(); });
  if (asked_->settled()) reply_verdict();
}

void HttpSession::reply_verdict() {
  reply(asked_->reply());
  asked_.reset();
}

void HttpSession::reply(const FrontReply& reply) {
  if (draining_) ending_.keep_alive = false;
  append_http_reply(unsent_.text(), reply, ending_);
  begin_reply();
}

void HttpSession::begin_reply() {
  closing_ = !ending_.keep_alive;
  // The time for the next request counts from here.
  patience_ = Patience::none;
}

/// Nobody can tell where the next request would begin.
void HttpSession::refuse(const HttpFault& fault) {
  ending_ = {};
  reply(http_text(fault.status, fault.why));
  input_.clear();
}

bool HttpSession::send_some() {
  using Kind = Transfer::Kind;
  const Transfer transfer = unsent_.send_to(socket_.get());
  if (transfer.kind == Kind::moved) moved_at_ = loop_.now();
  return transfer.kind == Kind::moved || transfer.kind == Kind::would_block;
}

}  // namespace akgate
