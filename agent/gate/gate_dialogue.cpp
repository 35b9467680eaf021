// SPDX-License-Identifier: Apache-2.0
#include "gate/gate_dialogue.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "base/assert.hpp"
#include "gate/protocol.hpp"
#include "gate/session.hpp"
#include "gate/watching.hpp"

namespace akgate {

namespace {

/// A question that is with the desk, or back from it.
class Asked final : public Exchange {
 public:
  Asked(Check check, Answers& answers, const Clock& clock, Session& session)
      : check_(std::move(check)), answers_(answers), clock_(clock), session_(session) {}
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;
  ~Asked() override {
    if (!settled_) answers_.cancel(ticket_);
  }

  void ask(std::chrono::milliseconds timeout) {
    asked_ = clock_.read().boot;
    const Answers::Ticket ticket = answers_.ask(check_.question, timeout, session_.uid(),
                                                [this](const Settled& how) { settle(how); });
    AKGATE_ASSERT(settled_ == (ticket == Answers::kSettled));
    ticket_ = ticket;
  }

  [[nodiscard]] std::string_view id() const override { return check_.id; }
  [[nodiscard]] bool settled() const override { return settled_; }

  void give_up() override {
    answers_.cancel(ticket_);
    settled_ = true;
    how_ = {.local = Reason::timeout};
  }

  void append_reply(std::string& out) override {
    const Verdict verdict =
        answers_.answer(check_.question, how_, {.uid = session_.uid(), .since = asked_});
    append_verdict(out, verdict, check_.id, clock_.read().wall);
  }

 private:
  /// Only notes it: the desk is in the midst of its own work, and is not to be asked or cancelled
  /// from here.
  void settle(const Settled& how) {
    AKGATE_ASSERT(!settled_);
    settled_ = true;
    how_ = how;
    session_.reply_is_due();
  }

  const Check check_;
  Answers& answers_;
  const Clock& clock_;
  Session& session_;
  Answers::Ticket ticket_ = Answers::kSettled;
  BootTime asked_{};
  bool settled_ = false;
  Settled how_{};
};

std::unique_ptr<Exchange> refusal(BadRequest bad) {
  std::string line;
  append_bad_request(line, bad);
  return std::make_unique<Reply>(std::move(line), std::move(bad.id));
}

std::string overloaded_line(std::string_view id) {
  return "ERROR reason=overloaded id=" + std::string(id) + "\n";
}

}  // namespace

bool GateDialogue::answer_again(std::string_view line, Session& session) {
  const LineAndId asked = split_off_id(line);
  if (!asked.id.empty() && session.in_flight(asked.id)) return false;
  std::string* const replies = session.room_for_reply(asked.id);
  if (replies == nullptr) return false;
  const auto reply = at_hand_.reply_to(asked.line, session.uid());
  if (!reply) return false;
  replies->append(*reply);
  if (!asked.id.empty()) replies->append(" id=").append(asked.id);
  replies->push_back('\n');
  return true;
}

bool GateDialogue::answer_at_once(const Check& check, const LineAndId& asked, Session& session) {
  std::string* const replies = session.room_for_reply(check.id);
  if (replies == nullptr) return false;
  const auto answer = answers_.answer_at_once(check.question, session.uid());
  if (!answer) return false;
  session.note_judging();
  const std::size_t begin = replies->size();
  append_verdict(*replies, answer->verdict, check.id, clock_.read().wall);
  if (check.id == asked.id) {
    constexpr std::string_view kId = " id=";
    const std::size_t tail = 1 + (asked.id.empty() ? 0 : kId.size() + asked.id.size());
    const std::string_view reply = std::string_view(*replies).substr(begin);
    at_hand_.keep(asked.line, session.uid(), check.question, *answer,
                  reply.substr(0, reply.size() - tail));
  }
  return true;
}

std::unique_ptr<Exchange> GateDialogue::take(std::string_view line, Session& session) {
  Request request = parse_request(line, settings_.demands);
  if (auto* const bad = std::get_if<BadRequest>(&request)) return refusal(std::move(*bad));
  if (std::holds_alternative<Ping>(request)) return std::make_unique<Reply>(std::string(kPong));
  if (std::holds_alternative<Hello>(request)) return std::make_unique<Reply>(std::string(kHello));
  if (auto* const end = std::get_if<Unwatch>(&request)) return unwatch(std::move(*end), session);
  auto* const watch = std::get_if<Watch>(&request);
  Check& check = watch != nullptr ? watch->check : *std::get_if<Check>(&request);
  if (!check.id.empty() && session.in_flight(check.id)) {
    // At once and under that id: who keeps questions by id now has the answer for this one, and
    // drops the other one's when it comes, rather than taking it for this one's.
    return refusal(
        {.detail = "id is in flight on this connection already", .id = std::move(check.id)});
  }
  const auto timeout = check.timeout.value_or(settings_.check_timeout);
  if (watch != nullptr) return begin_watch(std::move(check), timeout, session);
  if (answer_at_once(check, split_off_id(line), session)) return nullptr;
  auto asked = std::make_unique<Asked>(std::move(check), answers_, clock_, session);
  asked->ask(timeout);
  return asked;
}

std::unique_ptr<Exchange> GateDialogue::begin_watch(Check check, std::chrono::milliseconds timeout,
                                                    Session& session) {
  std::string id = check.id;
  auto watching = std::make_unique<Watching>(std::move(check), Watching::Parts{.answers = answers_,
                                                                               .clock = clock_,
                                                                               .loop = loop_,
                                                                               .session = session,
                                                                               .timeout = timeout});
  if (watching->begin()) return watching;
  session.take_no_more();
  return std::make_unique<Reply>(overloaded_line(id), id);
}

std::unique_ptr<Exchange> GateDialogue::unwatch(Unwatch end, Session& session) {
  if (!session.end_watch(end.id)) {
    return refusal({.detail = "there is no watch under this id", .id = std::move(end.id)});
  }
  return std::make_unique<Reply>("OK id=" + end.id + "\n");
}

}  // namespace akgate
