// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gate/http_front.hpp"
#include "gate/http_reply.hpp"
#include "platform/loop.hpp"
#include "refresh/answers.hpp"
#include "refresh/line.hpp"
#include "verdict/question.hpp"

namespace akgate {

/// A question over HTTP that is with the desk, or back from it. Destroyed before that, it takes
/// the question back. On the desk's loop.
class HttpAsked {
 public:
  /// Puts the question to the desk, for `uid`. `on_settled` is called once where it settles later
  /// than that, and only takes note: the desk is in the midst of its own work then, and is not to
  /// be asked or cancelled. The front outlives this.
  HttpAsked(Question question, Uid uid, const HttpFront& front, Task on_settled);
  HttpAsked(const HttpAsked&) = delete;
  HttpAsked& operator=(const HttpAsked&) = delete;
  ~HttpAsked();

  [[nodiscard]] bool settled() const { return settled_; }
  /// There is no more time: settled from now on, with the reply that says so.
  void give_up();

  /// The reply of this instant (I2), once it is settled: to be called once, when it is about to be
  /// sent. The one place where a verdict leaves over HTTP.
  [[nodiscard]] FrontReply reply();

 private:
  void settle(const Settled& how);

  const Question question_;
  const Uid uid_;
  const HttpFront& front_;
  const Task on_settled_;
  const BootTime asked_;
  Answers::Ticket ticket_ = Answers::kSettled;
  bool asking_ = true;
  bool settled_ = false;
  Settled how_{};
};

}  // namespace akgate
