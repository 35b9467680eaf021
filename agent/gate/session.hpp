// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "gate/dialogue.hpp"
#include "gate/line_buffer.hpp"
#include "gate/reception.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "refresh/line.hpp"

namespace akgate {

/// One connection of lines and replies; what the lines mean is its dialogue's to say.
///
/// Works in turns, one each time the connection is ready: send, read, take lines, reply, send. A
/// reply is made when it is about to be sent. While the other end does not take its replies,
/// nothing is read, asked or answered, so what a connection can hold is bounded (I12): one buffer
/// of input, kMaxPending exchanges and their replies. On the loop's thread.
class Session final : public ServedConnection {
 public:
  /// Lines without a reply yet; with so many nothing more is read until some are answered.
  static constexpr std::size_t kMaxPending = 128;
  /// Lines taken in one turn, so that one asker's flood does not keep the others waiting.
  static constexpr std::size_t kMaxLinesPerTurn = 16;

  /// Loop and dialogue outlive the session.
  Session(Fd socket, EventLoop& loop, Dialogue& dialogue)
      : socket_(std::move(socket)), uid_(uid_at(socket_.get())), loop_(loop), dialogue_(dialogue) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Closes the connection; its exchanges take back what they asked for.
  ~Session() override { loop_.unwatch(socket_.get()); }

  [[nodiscard]] Status start(Task on_over) override;
  void drain() override;
  void answer_rest() override;

  // For the exchanges:

  /// Whether an exchange under this id has no reply yet.
  [[nodiscard]] bool in_flight(std::string_view id) const;
  /// Whose connection it is.
  [[nodiscard]] Uid uid() const { return uid_; }
  /// One of them has settled. Only takes note: nobody is called back from here.
  void reply_is_due();

 private:
  static Uid uid_at(int fd);
  void on_ready(Readiness ready);
  [[nodiscard]] bool take_turn(bool readable);
  [[nodiscard]] bool receive_some();
  [[nodiscard]] bool send_some();
  void take_lines();
  void take_line(std::string_view line);
  void take_rest();
  void end_input();
  void refuse(std::string_view detail);

  void answer_settled();

  [[nodiscard]] Status want(Readiness wanted);
  void want_turn();
  [[nodiscard]] bool finished() const;
  void end();

  Fd socket_;
  const Uid uid_;
  EventLoop& loop_;
  Dialogue& dialogue_;
  Task on_over_;
  Readiness wanted_;
  LineBuffer input_;
  std::vector<std::unique_ptr<Exchange>> pending_;  ///< In the order asked.
  std::string unsent_;
  bool taking_lines_ = false;  ///< What settles meanwhile is answered right after.
  bool lines_left_ = false;    ///< The last turn left off before the input was through.
  bool input_ended_ = false;   ///< Nothing more is read.
  bool draining_ = false;
};

/// Reads and forgets what has arrived, before a connection is closed: of unread input the system
/// makes a reset, where the other end should see a reply and an end. Bounded: who goes on sending
/// gets the reset.
void discard_input(int fd);

}  // namespace akgate
