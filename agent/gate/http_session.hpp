// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gate/http_asked.hpp"
#include "gate/http_front.hpp"
#include "gate/http_head.hpp"
#include "gate/http_input.hpp"
#include "gate/http_reply.hpp"
#include "gate/reception.hpp"
#include "gate/reply_buffer.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "refresh/line.hpp"

namespace akgate {

/// One HTTP connection: requests one after the other, each answered before the next is looked at.
///
/// Works in turns, one each time the connection is ready: receive, take a request, reply, send.
/// While a reply waits to be taken nothing is read, so what a connection can hold is bounded (I12):
/// one head's worth of input, one question, one reply. Nobody can make it wait for ever either: see
/// HttpSettings. A question is answered from its head alone. Where a body follows, the reply does
/// not wait for it, the connection ends behind the reply, and nothing of the body is ever taken
/// for a request. On the loop's thread.
class HttpSession final : public ServedConnection {
 public:
  /// Loop and front outlive the session.
  HttpSession(Fd socket, EventLoop& loop, HttpFront& front);
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;
  /// Closes the connection; a question in flight is taken back.
  ~HttpSession() override;

  [[nodiscard]] Status start(Task on_over) override;
  void drain() override;
  void answer_rest() override;
  void dismiss() override;
  [[nodiscard]] Uid uid() const override { return uid_; }
  [[nodiscard]] BootTime idle_since() const override { return moved_at_; }
  [[nodiscard]] bool awaits_answer() const override { return asked_.has_value(); }

 private:
  /// What is waited for, and no longer than HttpSettings says.
  enum class Patience : std::uint8_t { none, next_request, rest_of_head, reply_taken, end };

  void on_ready(Readiness ready);
  [[nodiscard]] bool take_turn(bool readable);
  [[nodiscard]] bool receive_some();
  [[nodiscard]] bool send_some();
  [[nodiscard]] bool go_on();
  [[nodiscard]] bool leave();
  [[nodiscard]] bool discard_some();

  [[nodiscard]] bool has_request() const;
  void take_requests();
  void take_request();
  [[nodiscard]] bool answer_again(std::string_view head);
  void take(const HttpHead& head, std::string_view text);
  void reply(const FrontReply& reply);
  void begin_reply();
  void refuse(const HttpFault& fault);
  void reply_verdict();

  [[nodiscard]] Status want(Readiness wanted);
  [[nodiscard]] Readiness wants() const;
  void want_turn();
  void keep_time();
  void wait_until(BootTime when);
  void run_out_of_patience();
  void end();

  Fd socket_;
  const Uid uid_;
  EventLoop& loop_;
  HttpFront& front_;
  Task on_over_;
  Readiness wanted_;
  HttpInput input_{front_.spare().input};
  std::optional<HttpAsked> asked_;  ///< The question that is not answered yet.
  HttpEnding ending_;               ///< Of the request that is not answered yet, or was last.
  ReplyBuffer unsent_{front_.spare().replies};
  BootTime moved_at_ = loop_.now();
  Patience patience_ = Patience::none;
  BootTime patient_until_{};  ///< Unless there is none.
  Loop::TimerId timer_ = 0;   ///< Fires then, or before; 0: there is none.
  BootTime timer_due_{};
  bool input_ended_ = false;  ///< Nothing more will come.
  bool closing_ = false;      ///< What is unsent is the last.
  bool leaving_ = false;      ///< All is sent; what still comes is thrown away.
  bool draining_ = false;
};

}  // namespace akgate
