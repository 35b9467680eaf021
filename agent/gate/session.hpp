// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "gate/line_buffer.hpp"
#include "gate/protocol.hpp"
#include "gate/settings.hpp"
#include "platform/clock.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "refresh/answers.hpp"

namespace akgate {

/// What the gate's sessions work with; all of it outlives them. The settings may change in between:
/// each question is read under those of its moment.
struct GateContext {
  EventLoop& loop;
  Answers& answers;
  const Clock& clock;
  const GateSettings& settings;
};

/// One connection to the gate.
///
/// Works in turns, one each time the connection is ready: send, read, take lines, answer, send. A
/// verdict is computed when its reply is about to be sent. While the other end does not take its
/// replies, nothing is read, asked or answered, so what a connection can hold is bounded (I12): one
/// buffer of input, kMaxPending requests and their replies. On the loop's thread.
class Session {
 public:
  /// Requests without a reply yet; with so many nothing more is read until some are answered.
  static constexpr std::size_t kMaxPending = 128;
  /// Lines taken in one turn, so that one asker's flood does not keep the others waiting.
  static constexpr std::size_t kMaxLinesPerTurn = 16;

  Session(Fd socket, const GateContext& context);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Closes the connection and cancels what it asked.
  ~Session();

  /// Serves from now on, and calls `on_over` when the connection has ended: as the last thing it
  /// does, so that the session may be destroyed there. To be called once. An error where the loop
  /// has no room for one more.
  [[nodiscard]] Status start(Task on_over);

  /// Answers what has arrived and then ends. Returns at once; `on_over` comes later.
  void drain();
  /// The time for draining is over: what still waits for the register is answered `timeout`, as far
  /// as the other end takes it. To be destroyed after that.
  void answer_rest();

 private:
  /// A request that awaits its reply.
  struct Pending {
    Request request;
    bool settled = true;  ///< False for a question while the desk has it.
    Settled how{};
    Answers::Ticket ticket = Answers::kSettled;
  };

  void on_ready(Readiness ready);
  [[nodiscard]] bool take_turn(bool readable);
  [[nodiscard]] bool receive_some();
  [[nodiscard]] bool send_some();
  void take_lines();
  void take_line(std::string_view line);
  void take_rest();
  void end_input();

  void ask(Check check);
  void settle(Pending& pending, const Settled& how);
  [[nodiscard]] bool in_flight(std::string_view id) const;

  void answer_settled();
  void append_reply(const Pending& pending, Timestamp wall);

  [[nodiscard]] Status want(Readiness wanted);
  void want_turn();
  [[nodiscard]] bool finished() const;
  void end();

  Fd socket_;
  const GateContext& context_;
  Task on_over_;
  Readiness wanted_;
  LineBuffer input_;
  std::list<Pending> pending_;  ///< In the order asked. Callbacks hold on to its elements.
  std::string unsent_;
  bool lines_left_ = false;   ///< The last turn left off before the input was through.
  bool input_ended_ = false;  ///< Nothing more is read.
  bool draining_ = false;
};

/// Reads and forgets what has arrived, before a connection is closed: of unread input the system
/// makes a reset, where the other end should see a reply and an end. Bounded: who goes on sending
/// gets the reset.
void discard_input(int fd);

}  // namespace akgate
