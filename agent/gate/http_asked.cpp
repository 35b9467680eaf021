// SPDX-License-Identifier: Apache-2.0
#include "gate/http_asked.hpp"

#include <utility>

#include "base/assert.hpp"

namespace akgate {

HttpAsked::HttpAsked(Question question, Uid uid, const HttpFront& front, Task on_settled)
    : question_(std::move(question)),
      uid_(uid),
      front_(front),
      on_settled_(std::move(on_settled)),
      asked_(front.parts().clock.read().boot) {
  const HttpFront::Parts& parts = front_.parts();
  ticket_ = parts.answers.ask(question_, parts.gate.check_timeout, uid,
                              [this](const Settled& how) { settle(how); });
  AKGATE_ASSERT(settled_ == (ticket_ == Answers::kSettled));
  asking_ = false;
}

HttpAsked::~HttpAsked() {
  if (!settled_) front_.parts().answers.cancel(ticket_);
}

void HttpAsked::settle(const Settled& how) {
  AKGATE_ASSERT(!settled_);
  settled_ = true;
  how_ = how;
  if (!asking_) on_settled_();
}

void HttpAsked::give_up() {
  front_.parts().answers.cancel(ticket_);
  settled_ = true;
  how_ = {.local = Reason::timeout};
}

FrontReply HttpAsked::reply() {
  const HttpFront::Parts& parts = front_.parts();
  return http_verdict(parts.answers.answer(question_, how_, {.uid = uid_, .since = asked_}),
                      parts.clock.read().wall);
}

}  // namespace akgate
