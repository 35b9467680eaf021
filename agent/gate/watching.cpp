// SPDX-License-Identifier: Apache-2.0
#include "gate/watching.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace akgate {

using std::chrono::milliseconds;

namespace {

// An allowance that may not be relied on rests on grace, which ends by itself.
constexpr milliseconds kUnderGrace = std::chrono::seconds(1);
// A denial that may not be relied on mostly ends with news; time alone makes it no better.
constexpr milliseconds kInTrouble = std::chrono::seconds(10);
constexpr milliseconds kAtLeast{10};

milliseconds pause_after(const Verdict& verdict) {
  const milliseconds reliable = verdict.good_for.value_or(milliseconds::zero());
  if (reliable > milliseconds::zero()) return std::max(reliable, kAtLeast);
  return verdict.allows() ? kUnderGrace : kInTrouble;
}

}  // namespace

Watching::~Watching() {
  if (asking_) parts_.answers.cancel(ticket_);
  if (watch_ != Answers::kNoRoom) parts_.answers.unwatch(watch_);
  parts_.loop.cancel(timer_);
}

bool Watching::begin() {
  watch_ = parts_.answers.watch(check_.question, parts_.session.uid(), [this] { look(); });
  if (watch_ == Answers::kNoRoom) return false;
  look();
  return true;
}

void Watching::look() {
  if (asking_ || settled_) {
    look_again_ = true;
    return;
  }
  parts_.loop.cancel(timer_);
  asking_ = true;
  look_again_ = false;
  asked_ = parts_.loop.now();
  // Only noted: the desk is in the midst of its own work, and is not to be asked from there.
  ticket_ = parts_.answers.ask(check_.question, parts_.timeout, parts_.session.uid(),
                               [this](const Settled& how) {
                                 AKGATE_ASSERT(asking_);
                                 asking_ = false;
                                 settled_ = true;
                                 how_ = how;
                                 parts_.session.reply_is_due();
                               });
}

void Watching::give_up() {
  if (asking_) parts_.answers.cancel(ticket_);
  asking_ = false;
  settled_ = true;
  given_up_ = true;
  how_ = {.local = Reason::timeout};
}

void Watching::append_reply(std::string& out) {
  settled_ = false;
  const bool first = !told_;
  if (first || parts_.answers.verdict(check_.question, how_).reason != *told_) {
    const Verdict verdict = parts_.answers.answer(check_.question, how_,
                                                  {.uid = parts_.session.uid(), .since = asked_});
    if (!first) out.append("CHANGED ");
    append_verdict(out, verdict, check_.id, parts_.clock.read().wall);
    told_ = verdict.reason;
    // Asking the register at each look would be a load that nobody asked for.
    if (check_.question.mode == Mode::fresh) check_.question.mode = Mode::normal;
  }
  if (given_up_) return;
  look_after(look_again_ ? kAtLeast : pause_after(parts_.answers.verdict(check_.question, how_)));
}

void Watching::look_after(milliseconds pause) {
  timer_ = parts_.loop.at(parts_.loop.now() + pause, [this] { look(); });
}

}  // namespace akgate
